"""What one guild has set up: one value, kept whole, so that a change can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from steward.bots.stats.counters import Counted, Counter, NumberStyle

MOST_COUNTERS = 25
UNSET = "UTC"


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
class GuildSettings:
    """
    The settings of one guild.

    Attributes:
        zone: the guild's time zone, an IANA name.
        zone_chosen: whether somebody has chosen it; else it is the default.
        counters: the channels that show a number.
        report_channel_id: where reports go; None for no reports.
        report_time: when they are due, on the guild's own clock.
        reports: which are made.
        heartbeat_channel_id: where the heartbeat stands; None for none.
        goal: the goal, if there is one.
        count_people: whether messages and voice time are counted for each member, not only for each channel.

    """

    zone: str = "UTC"
    zone_chosen: bool = False
    counters: tuple[Counter, ...] = ()
    report_channel_id: int | None = None
    report_time: time = time(0)
    reports: frozenset[ReportKind] = field(
        default_factory=lambda: frozenset({ReportKind.DAY, ReportKind.WEEK, ReportKind.MONTH})
    )
    heartbeat_channel_id: int | None = None
    goal: Goal | None = None
    count_people: bool = True

    @property
    def zone_info(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.zone)

    def without_counter(self, channel_id: int) -> GuildSettings:
        """Return the same settings less the counter of that channel."""
        return replace(self, counters=tuple(item for item in self.counters if item.channel_id != channel_id))

    def with_counter(self, counter: Counter) -> GuildSettings:
        """Return the same settings with `counter`, in place of another of the same channel."""
        return replace(self, counters=(*self.without_counter(counter.channel_id).counters, counter))

    def encoded(self) -> str:
        """Return the settings as JSON; `decoded` reads it."""
        shown = {name: getattr(self, name) for name in self.__slots__}
        return orjson.dumps({**shown, "reports": sorted(self.reports), "report_time": str(self.report_time)}).decode()


def decoded(text: str) -> GuildSettings:
    """Read what `GuildSettings.encoded` wrote, now or in an earlier version: what is missing has its default."""
    kept: dict[str, Any] = orjson.loads(text)
    known = {name: value for name, value in kept.items() if name in GuildSettings.__slots__}
    if "counters" in known:
        known["counters"] = tuple(decoded_counter(item) for item in known["counters"])
    if "reports" in known:
        known["reports"] = frozenset(map(ReportKind, known["reports"]))
    if "report_time" in known:
        known["report_time"] = time.fromisoformat(known["report_time"])
    if known.get("goal") is not None:
        known["goal"] = Goal(**known["goal"])
    known.setdefault("zone_chosen", known.get("zone", UNSET) != UNSET)  # an earlier version did not keep it
    return GuildSettings(**known)


def decoded_counter(item: dict[str, Any]) -> Counter:
    """Read a counter as it was encoded, alone or within settings."""
    return Counter(**{**item, "counted": Counted(item["counted"]), "style": NumberStyle(item["style"])})
