"""What one guild has set up, or the settings say of it: one value, kept whole, so that a change can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum

from steward.bots.stats.counters.counters import COUNT, Counted, Counter
from steward.bots.stats.settings import StatsSettings
from steward.errors import NeedsOperator
from steward.guilds.settings_book import GuildSection, Section
from steward.settings import Settings

MAX_COUNTERS = 25


class ReportKind(StrEnum):
    """What a report covers."""

    DAY = "daily"
    WEEK = "weekly"
    MONTH = "monthly"


@dataclass(frozen=True, slots=True)
class Goal:
    """
    A number of members to reach.

    Attributes:
        channel_id: where milestones on the way are announced; None for nowhere.
        since: the number of members when the goal was set.

    """

    members: int
    channel_id: int | None = None
    since: int = 0


@dataclass(frozen=True, slots=True)
class GuildSettings(GuildSection):
    """
    The settings of one guild.

    Attributes:
        report_channel_id: where reports go; None for no reports.
        report_time: when they are due, on the guild's own clock.
        heartbeat_channel_id: where the heartbeat stands; None for none.
        count_people: whether messages and voice time are counted for each member, not only for each channel.

    """

    counters: tuple[Counter, ...] = ()
    report_channel_id: int | None = None
    report_time: time = time(0)
    reports: frozenset[ReportKind] = field(
        default_factory=lambda: frozenset({ReportKind.DAY, ReportKind.WEEK, ReportKind.MONTH})
    )
    heartbeat_channel_id: int | None = None
    goal: Goal | None = None
    count_people: bool = True

    def without_counter(self, channel_id: int) -> GuildSettings:
        """Return the same settings less the counter of that channel."""
        return replace(self, counters=tuple(item for item in self.counters if item.channel_id != channel_id))

    def with_counter(self, counter: Counter) -> GuildSettings:
        """Return the same settings with `counter`, in place of another of the same channel."""
        return replace(self, counters=(*self.without_counter(counter.channel_id).counters, counter))

    def overlaid(self, fixed: GuildSettings) -> GuildSettings:
        """Return the same settings with what the environment says above them."""
        own = self
        for counter in fixed.counters:
            own = own.with_counter(counter)
        return replace(
            own,
            report_channel_id=fixed.report_channel_id or own.report_channel_id,
            heartbeat_channel_id=fixed.heartbeat_channel_id or own.heartbeat_channel_id,
        )

    def names_channel(self, channel_id: int) -> bool:
        """Tell whether these settings have a channel show something."""
        channels = {counter.channel_id for counter in self.counters}
        return channel_id in channels | {self.report_channel_id, self.heartbeat_channel_id}


StatsSection = Section[GuildSettings]
Watcher = Callable[[int, GuildSettings], None]


def defaults(settings: Settings) -> GuildSettings:
    """Return what holds in a guild where nobody has set up anything."""
    return GuildSettings(zone=settings.timezone.key, report_time=settings.of(StatsSettings).report_time)


def fixed(settings: Settings) -> dict[int, GuildSettings]:
    """Return what the environment says of the one guild it names: the set-up without `/setup`."""
    own = settings.of(StatsSettings)
    configured = (
        (own.member_channel_id, Counted.MEMBERS),
        (own.online_channel_id, Counted.ONLINE),
        (own.ban_channel_id, Counted.BANS),
    )
    of_guild = GuildSettings(
        counters=tuple(Counter(channel_id, counted) for channel_id, counted in configured if channel_id is not None),
        report_channel_id=own.stats_channel_id,
        heartbeat_channel_id=own.heartbeat_channel_id,
    )
    return {} if settings.guild_id is None else {settings.guild_id: of_guild}


def require_countable(counter: Counter, guild_id: int, settings: GuildSettings, *, activity: bool) -> None:
    """
    Refuse what cannot be counted in a guild.

    Args:
        activity: whether messages and time in voice are counted.

    Raises:
        NeedsOperator: with what to do instead.

    """
    if counter.template is not None and COUNT not in counter.template:
        raise NeedsOperator(
            f"The template “{counter.template}” doesn't say where the number goes.",
            remedy=f"Write {COUNT} in it, such as “{counter.counted.template}”.",
        )
    if counter.counted is Counted.ROLE and counter.role_id is None:
        raise NeedsOperator("To count a role I need to know which.", remedy="Fill in the option `role`.")
    if counter.counted is Counted.ROLE and counter.role_id == guild_id:  # the id of @everyone is the guild's
        raise NeedsOperator("Everyone has the role @everyone.", remedy="Choose the kind Members, or another role.")
    if counter.counted is Counted.VOICE and not activity:
        raise NeedsOperator(
            "I don't count who's in voice: that's switched off in the bot's environment.",
            remedy="Whoever runs the bot can switch it on (STEWARD_ACTIVITY).",
        )
    if counter.counted is Counted.GOAL and settings.goal is None:
        raise NeedsOperator("There's no goal yet.", remedy="Set one with `/goal set`.")
    if len(settings.counters) >= MAX_COUNTERS:
        raise NeedsOperator(f"There are {MAX_COUNTERS} counters already.", remedy="Remove one with `/counters remove`.")
