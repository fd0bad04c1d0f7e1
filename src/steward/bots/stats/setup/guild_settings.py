"""What one guild has set up: one value, kept whole, so that a change can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum

from steward.bots.stats.counters.counters import Counter
from steward.guilds.settings_book import GuildSection, Section

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
