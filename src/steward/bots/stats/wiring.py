"""From Discord's events to the statistics service: payloads in, facts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from steward.bots.stats.bans import BanCount
from steward.bots.stats.facts import Kind, MemberEvent
from steward.bots.stats.service import StatsService
from steward.client.channel_names import ChannelNames
from steward.client.lean import LeanClient
from steward.client.rest import GuildCounts
from steward.runtime.clock import Clock

log = structlog.get_logger(__name__)

Payload = dict[str, Any]


class StatsWiring:
    """
    Listens to one guild and tells the service.

    Args:
        client: where the events come from.
        service: who is told.
        names: told what the counters' channels are called at the moment.
        bans: asked for a new count when the guild is seen anew.
        clock: the time, for events that do not carry their own.

    """

    def __init__(
        self, client: LeanClient, service: StatsService, names: ChannelNames, bans: BanCount, clock: Clock
    ) -> None:
        self._client = client
        self._service = service
        self._names = names
        self._bans = bans
        self._clock = clock
        self.problems: dict[str, str] = {}
        client.on_gateway("READY", self._ready)
        client.on_gateway("GUILD_CREATE", self._of_guild(self._guild, key="id"))
        client.on_gateway("GUILD_DELETE", self._of_guild(self._guild_gone, key="id"))
        client.on_gateway("GUILD_MEMBER_ADD", self._of_guild(self._joined))
        client.on_gateway("GUILD_MEMBER_REMOVE", self._of_guild(self._told(Kind.LEAVE)))
        client.on_gateway("GUILD_BAN_ADD", self._of_guild(self._told(Kind.BAN)))
        client.on_gateway("GUILD_BAN_REMOVE", self._of_guild(self._told(Kind.UNBAN)))
        client.on_gateway("CHANNEL_UPDATE", self._of_guild(self._channel_updated))
        client.on_gateway("CHANNEL_DELETE", self._of_guild(self._channel_deleted))

    def polled(self, counts: Mapping[int, GuildCounts]) -> None:
        """Hand on what the counts poller has read."""
        own = counts.get(self._service.guild_id)
        if own is not None:
            self._service.polled(own.members, own.online)

    def _of_guild(self, sink: Callable[[Payload], None], *, key: str = "guild_id") -> Callable[[Payload], None]:
        guild_id = str(self._service.guild_id)

        def only_that(data: Payload) -> None:
            if data.get(key) == guild_id:
                sink(data)

        return only_that

    def _ready(self, data: Payload) -> None:
        self._service.mark()
        guild_id = self._service.guild_id
        if all(int(guild["id"]) != guild_id for guild in data["guilds"]):
            self.problems["guild"] = f"The bot is not in the guild {guild_id} (GUILD_ID): invite it, or correct the id."
            log.error("guild_missing", guild=guild_id, remedy="Invite the bot to it, or correct GUILD_ID.")
        else:
            self.problems.pop("guild", None)

    def _guild(self, data: Payload) -> None:
        if data.get("unavailable"):
            return
        channels = {int(channel["id"]): channel["name"] for channel in data["channels"]}
        for counter in self._service.counters:
            name = channels.get(counter.channel_id)
            if name is not None:
                self._names.saw(counter.channel_id, name)
                self.problems.pop(f"channel:{counter.channel_id}", None)
            else:
                problem = f"The channel {counter.channel_id} ({counter.counted.value}) is not in this guild."
                self.problems[f"channel:{counter.channel_id}"] = problem
                self._names.deleted(counter.channel_id)
                log.error("counter_channel_missing", channel=counter.channel_id, counter=counter.counted.value)
        self.problems.pop("guild", None)
        self._service.guild_seen(data["name"], data["member_count"], channels)
        self._bans.recount()

    def _guild_gone(self, data: Payload) -> None:
        """Note an outage or a removal; nothing is forgotten: absence is no proof."""
        removed = "unavailable" not in data
        self.problems["guild"] = (
            "The bot has been removed from the guild: invite it again."
            if removed
            else "Discord has an outage of this guild; its numbers stand still."
        )
        log.warning("guild_unavailable", guild=data["id"], removed=removed)

    def _joined(self, data: Payload) -> None:
        user = data["user"]
        self._service.happened(
            MemberEvent(
                self._service.guild_id,
                Kind.JOIN,
                int(user["id"]),
                _name(user),
                datetime.fromisoformat(data["joined_at"]),
                # A join is told again after a resume or by chance; the moment of joining is what makes it one.
                f"join:{data['guild_id']}:{user['id']}:{data['joined_at']}",
            ),
            past=self._client.telling_of_the_past,
        )

    def _told(self, kind: Kind) -> Callable[[Payload], None]:
        def sink(data: Payload) -> None:
            user = data["user"]
            if kind in (Kind.BAN, Kind.UNBAN):
                self._bans.moved()
            self._service.happened(
                MemberEvent(
                    self._service.guild_id, kind, int(user["id"]), _name(user), self._clock.now(), self._place()
                ),
                past=self._client.telling_of_the_past,
            )

        return sink

    def _place(self) -> str:
        """Name the present event by its place in the session: told again after a resume, it has the same."""
        place = self._client.place
        if place is None:
            raise LookupError("an event outside of any session")
        return f"{place.id}:{place.sequence}"

    def _channel_updated(self, data: Payload) -> None:
        channel_id = int(data["id"])
        if any(counter.channel_id == channel_id for counter in self._service.counters):
            self._names.saw(channel_id, data["name"])
            self._service.channel_renamed(channel_id, data["name"])

    def _channel_deleted(self, data: Payload) -> None:
        self._names.deleted(int(data["id"]))


def _name(user: Payload) -> str:
    return str(user.get("global_name") or user["username"])
