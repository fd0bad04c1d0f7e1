"""From Discord's events to messages. What is said is never looked at."""

from __future__ import annotations

from typing import Any

from steward.bots.stats.activity import Activity
from steward.client.lean import LeanClient

Payload = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000  # docs: Reference > "Snowflakes"
WRITTEN = frozenset({0, 19})  # DEFAULT and REPLY; the others are made by Discord or by bots (docs: Message > "Types")


class ActivityWiring:
    """
    Listens to Discord and tells of messages.

    Bots, webhooks and Discord's own messages do not count. A thread's messages are those of its channel.

    Args:
        client: where the events come from.
        activity: told of messages.

    """

    def __init__(self, client: LeanClient, activity: Activity) -> None:
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
            client.on_gateway(event, sink)

    def _message(self, data: Payload) -> None:
        author = data["author"]
        if author.get("bot") or "webhook_id" in data or data["type"] not in WRITTEN or "guild_id" not in data:
            return
        guild_id, channel_id, message_id = int(data["guild_id"]), int(data["channel_id"]), int(data["id"])
        parents = self._parents.get(guild_id)
        if parents:
            channel_id = parents.get(channel_id, channel_id)
        tell = self._activity.past_message if self._client.telling_of_the_past else self._activity.message
        tell(guild_id, channel_id, int(author["id"]), message_id, (message_id >> 22) + DISCORD_EPOCH_MS)

    def _guild(self, data: Payload) -> None:
        if data.get("unavailable") or self._client.telling_of_the_past:
            return
        guild_id = int(data["id"])
        self._parents.pop(guild_id, None)
        if data["threads"]:  # for a thousand guilds without any, even empty dictionaries are 0.1 MB
            self._parents[guild_id] = {int(thread["id"]): int(thread["parent_id"]) for thread in data["threads"]}

    def _guild_gone(self, data: Payload) -> None:
        self._parents.pop(int(data["id"]), None)

    def _thread(self, data: Payload) -> None:
        """Know a thread for as long as it is active; who writes in an archived one makes it active first."""
        if data["thread_metadata"]["archived"]:
            self._thread_gone(data)
            return
        self._parents.setdefault(int(data["guild_id"]), {})[int(data["id"])] = int(data["parent_id"])

    def _thread_gone(self, data: Payload) -> None:
        self._parents.get(int(data["guild_id"]), {}).pop(int(data["id"]), None)
