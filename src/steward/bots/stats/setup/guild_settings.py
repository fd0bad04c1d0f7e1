"""What one guild has set up: one value, kept whole, so that a change can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import Any

from steward.bots.stats.counters.counters import Counted, Counter, NumberStyle
from steward.guilds.settings_book import GuildSection, Section

MOST_COUNTERS = 25


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
        members: the number.
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
        counters: the channels that show a number.
        report_channel_id: where reports go; None for no reports.
        report_time: when they are due, on the guild's own clock.
        reports: which are made.
        heartbeat_channel_id: where the heartbeat stands; None for none.
        goal: the goal, if there is one.
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

    def encoded(self) -> dict[str, Any]:
        """Return the settings as JSON has them; `decoded` reads it."""
        shown = GuildSection.encoded(self)
        return {**shown, "reports": sorted(self.reports), "report_time": str(self.report_time)}

    @classmethod
    def decoded(cls, kept: Mapping[str, Any]) -> GuildSettings:
        """Read what `encoded` wrote, now or in an earlier version: what is missing has its default."""
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        if "counters" in known:
            known["counters"] = tuple(map(decoded_counter, known["counters"]))
        if "reports" in known:
            known["reports"] = frozenset(map(ReportKind, known["reports"]))
        if "report_time" in known:
            known["report_time"] = time.fromisoformat(known["report_time"])
        if known.get("goal") is not None:
            known["goal"] = Goal(**known["goal"])
        return cls(**known)

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


def decoded_counter(item: dict[str, Any]) -> Counter:
    """Read a counter as it was encoded, alone or within settings."""
    return Counter(**{**item, "counted": Counted(item["counted"]), "style": NumberStyle(item["style"])})
