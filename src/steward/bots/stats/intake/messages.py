"""From Discord's events to messages. What is said is never looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.stats.history.activity import Activity
from steward.client.payloads import Payload, created_ms, records, snowflake
from steward.guilds.owned import OwnedGateway

if TYPE_CHECKING:
    from steward.client.lean import LeanClient

WRITTEN = frozenset({0, 19})  # DEFAULT and REPLY; the others are made by Discord or by bots (docs: Message > "Types")


class ActivityWiring:
    """
    Listens to Discord and tells of messages.

    Bots, webhooks and Discord's own messages do not count. A thread's messages are those of its channel.
    """

    def __init__(self, client: LeanClient, gateway: OwnedGateway, activity: Activity) -> None:
        self._client = client
        self._activity = activity
        self._parents: dict[int, dict[int, int]] = {}
        for event, sink in (
            ("MESSAGE_CREATE", self._message),
            ("GUILD_CREATE", self._guild),
            ("GUILD_DELETE", self._guild_gone),
            ("THREAD_CREATE", self._thread),
            ("THREAD_UPDATE", self._thread),
            ("THREAD_DELETE", self._thread_gone),
        ):
            gateway.on_gateway(event, sink)

    def _message(self, data: Payload) -> None:
        author = data["author"]
        if author.get("bot") or "webhook_id" in data or data["type"] not in WRITTEN or "guild_id" not in data:
            return
        guild_id, channel_id = snowflake(data["guild_id"]), snowflake(data["channel_id"])
        message_id, user_id = snowflake(data["id"]), snowflake(author["id"])
        parents = self._parents.get(guild_id)
        if parents:
            channel_id = parents.get(channel_id, channel_id)
        tell = self._activity.past_message if self._client.telling_of_the_past else self._activity.message
        tell(guild_id, channel_id, user_id, message_id, created_ms(message_id))

    def _guild(self, data: Payload) -> None:
        if data.get("unavailable") or self._client.telling_of_the_past:
            return
        guild_id, threads = snowflake(data["id"]), records(data["threads"])
        self._parents.pop(guild_id, None)
        if threads:  # for a thousand guilds without any, even empty dictionaries are 0.1 MB
            self._parents[guild_id] = {snowflake(thread["id"]): snowflake(thread["parent_id"]) for thread in threads}

    def _guild_gone(self, data: Payload) -> None:
        self._parents.pop(snowflake(data["id"]), None)

    def _thread(self, data: Payload) -> None:
        """Know a thread for as long as it is active; who writes in an archived one makes it active first."""
        if data["thread_metadata"]["archived"]:
            self._thread_gone(data)
            return
        guild_id, thread_id, parent_id = map(snowflake, (data["guild_id"], data["id"], data["parent_id"]))
        self._parents.setdefault(guild_id, {})[thread_id] = parent_id

    def _thread_gone(self, data: Payload) -> None:
        self._parents.get(snowflake(data["guild_id"]), {}).pop(snowflake(data["id"]), None)
