"""From Discord's events to the statistics service: payloads in, facts out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import structlog

from steward.bots.stats.counters.counters import Counter
from steward.bots.stats.counts.bans import BanCounts
from steward.bots.stats.counts.facts import BANS, EventKind, MemberEvent
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.intake.absences import Absences, recorded
from steward.bots.stats.intake.gaps import Reason
from steward.bots.stats.intake.present_guilds import PresentGuilds
from steward.client.payloads import Payload, count, joined_at, possible_snowflake, records, snowflake, text, user_name
from steward.client.rest.audit_log import AuditAction, AuditEntry
from steward.guilds.owned import OwnedGateway
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock

if TYPE_CHECKING:
    from steward.client.lean import Interruption, LeanClient
    from steward.client.posts.channel_names import ChannelNames

log = structlog.get_logger(__name__)

OUTAGE = "Discord has an outage for this server, so its numbers don't change. I'll continue when it's over."

GONE_REMEMBERED = 64  # names of those who have just left


class StatsWiring:
    """
    Listens to Discord and tells the service.

    Args:
        expected: guilds that the bot must be in: the operator has named them.

    Attributes:
        problems: sentences about what is wrong, by guild and matter.

    """

    def __init__(
        self,
        client: LeanClient,
        gateway: OwnedGateway,
        service: StatsService,
        names: ChannelNames,
        bans: BanCounts,
        absences: Absences,
        present: PresentGuilds,
        clock: Clock,
        *,
        expected: Iterable[int] = (),
    ) -> None:
        self._client = client
        self._service = service
        self._names = names
        self._bans = bans
        self._absences = absences
        self._present = present
        self._gone = BoundedDict[tuple[int, int], str](GONE_REMEMBERED)
        self._clock = clock
        self._expected = frozenset(expected)
        self.problems: dict[tuple[int, str], str] = {}
        for event, sink in (
            ("READY", self._ready),
            ("GUILD_CREATE", self._guild),
            ("GUILD_UPDATE", self._guild_updated),
            ("GUILD_DELETE", self._guild_gone),
            ("GUILD_MEMBER_ADD", self._joined),
            ("GUILD_MEMBER_REMOVE", self._told(EventKind.LEAVE)),
            ("GUILD_BAN_ADD", self._told(EventKind.BAN)),
            ("GUILD_BAN_REMOVE", self._told(EventKind.UNBAN)),
            ("GUILD_AUDIT_LOG_ENTRY_CREATE", self._audited),
            ("CHANNEL_UPDATE", self._channel_updated),
            ("CHANNEL_DELETE", self._channel_deleted),
        ):
            gateway.on_gateway(event, sink)
        gateway.on_interruption(self._interrupted)

    def problems_in(self, guild_id: int) -> list[str]:
        """Return what is wrong in one guild."""
        return [problem for (guild, _), problem in self.problems.items() if guild == guild_id]

    def _ready(self, data: Payload) -> None:
        self._service.mark()
        present = {snowflake(guild["id"]) for guild in records(data["guilds"])}
        self._absences.session_began(present | self._service.known)
        for guild_id in self._service.guilds.keys() - present:
            self._left(guild_id)  # removed while nobody listened
        self._present.listed(present)
        for guild_id in self._expected - present:
            self.problems[guild_id, "guild"] = (
                f"I'm not in the server {guild_id} (GUILD_ID). Invite me to it, or correct the id."
            )
            log.error("guild_missing", guild=guild_id, remedy="Invite the bot to it, or correct GUILD_ID.")
        for guild_id in present:
            self.problems.pop((guild_id, "guild"), None)

    def _interrupted(self, interruption: Interruption) -> None:
        for guild_id in self._absences.interrupted(interruption):
            self._bans.recount(guild_id)  # its number had been taken over as if nothing were missing

    def _guild(self, data: Payload) -> None:
        if data.get("unavailable"):
            return
        guild_id, name, members = snowflake(data["id"]), text(data["name"]), count(data["member_count"])
        channels = {snowflake(channel["id"]): text(channel["name"]) for channel in records(data["channels"])}
        self._present.came(guild_id)
        stats = self._service.guild(guild_id)
        for counter in stats.counters:
            shown = channels.get(counter.channel_id)
            if shown is not None:
                self._names.saw(counter.channel_id, shown)
            else:
                self._names.deleted(counter.channel_id, counter.counted.label)
        self.problems.pop((guild_id, "guild"), None)
        net = self._service.seen(guild_id, name, members, channels, continues=self._client.continues)
        missed = self._absences.came(guild_id, net)
        if missed or stats.counts.bans is None:
            self._bans.recount(guild_id)
        else:
            self._bans.follow(guild_id)

    def _guild_updated(self, data: Payload) -> None:
        name = text(data["name"])
        self._service.guild(snowflake(data["id"])).counts.name = name

    def _guild_gone(self, data: Payload) -> None:
        """Note an outage or a removal; nothing is forgotten: absence is no proof."""
        guild_id = snowflake(data["id"])
        if guild_id not in self._service.guilds and guild_id not in self._service.known:
            return
        removed = "unavailable" not in data
        log.warning("guild_unavailable", guild=guild_id, removed=removed)
        self._absences.went(guild_id, Reason.REMOVED if removed else Reason.OUTAGE)
        if not removed:
            self.problems[guild_id, "guild"] = OUTAGE
            return
        self._left(guild_id)
        if guild_id in self._expected:
            self.problems[guild_id, "guild"] = "I was removed from the server of GUILD_ID. Invite me again."

    def _left(self, guild_id: int) -> None:
        self._bans.left(guild_id)
        self._present.left(guild_id)
        self._service.left(guild_id)
        for matter in [matter for matter in self.problems if matter[0] == guild_id]:
            del self.problems[matter]

    def _joined(self, data: Payload) -> None:
        user, told = data["user"], data["joined_at"]
        guild_id, user_id = snowflake(data["guild_id"]), snowflake(user["id"])
        self._service.happened(
            MemberEvent(
                guild_id,
                EventKind.JOIN,
                user_id,
                user_name(user),
                joined_at(data, self._clock.now()),
                # A join is told again after a resume or by chance; the moment of joining, if any, is what makes it one.
                self._client.event_key if told is None else f"join:{guild_id}:{user_id}:{told}",
                bot=bool(user.get("bot")),
            ),
            past=self._client.telling_of_the_past,
        )

    def _told(self, kind: EventKind) -> Callable[[Payload], None]:
        is_ban, is_leave = kind in BANS, kind is EventKind.LEAVE

        def sink(data: Payload) -> None:
            user = data["user"]
            guild_id, user_id, name = snowflake(data["guild_id"]), snowflake(user["id"]), user_name(user)
            if is_ban:
                self._bans.moved(guild_id)
            if is_leave:
                self._gone[guild_id, user_id] = name
            self._service.happened(
                MemberEvent(
                    guild_id,
                    kind,
                    user_id,
                    name,
                    self._clock.now(),
                    self._client.event_key,
                    bot=bool(user.get("bot")),
                ),
                past=self._client.telling_of_the_past,
            )

        return sink

    def _audited(self, data: Payload) -> None:
        """Record a kick; the leave that it is comes by itself. Bans come by themselves, too."""
        if data["action_type"] != AuditAction.KICK:
            return
        guild_id, user_id = snowflake(data["guild_id"]), snowflake(data["target_id"])
        name = self._gone.get((guild_id, user_id), "")  # the log has ids only
        self._service.keep(recorded(guild_id, AuditEntry(snowflake(data["id"]), AuditAction.KICK, user_id, name)))

    def _channel_updated(self, data: Payload) -> None:
        counter = self._counter(data)
        if counter is not None:
            name = text(data["name"])
            self._names.saw(counter.channel_id, name)
            self._service.guild(snowflake(data["guild_id"])).renamed(counter.channel_id, name)

    def _channel_deleted(self, data: Payload) -> None:
        counter = self._counter(data)
        if counter is not None:
            self._names.deleted(counter.channel_id, counter.counted.label)

    def _counter(self, channel: Payload) -> Counter | None:
        """Return the counter that the channel is, if it is one."""
        guild_id, channel_id = possible_snowflake(channel.get("guild_id")), snowflake(channel["id"])
        stats = self._service.guilds.get(guild_id or 0)
        counters = stats.counters if stats is not None else ()
        return next((counter for counter in counters if counter.channel_id == channel_id), None)
