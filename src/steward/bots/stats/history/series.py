"""Numbers over time, as charts and reports take them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.bots.stats.history.calendar import Level


class Measure(StrEnum):
    """What is kept over time. The values are the columns of `stats_series`."""

    MEMBERS = "members"
    ONLINE = "online"
    BANS = "bans"
    VOICE = "voice"
    PEAK_ONLINE = "peak_online"
    PEAK_VOICE = "peak_voice"
    JOINS = "joins"
    LEAVES = "leaves"
    KICKS = "kicks"
    BANNED = "banned"
    UNBANNED = "unbanned"
    MESSAGES = "messages"
    VOICE_SECONDS = "voice_seconds"

    @property
    def is_flow(self) -> bool:
        """Whether values are summed up over time; if not, the last one stands, or the greatest of a peak."""
        return self in FLOWS

    @property
    def is_peak(self) -> bool:
        """Whether the greatest value of a stretch of time stands for it."""
        return self in PEAKS

    def over(self, values: Iterable[int | None]) -> int | None:
        """Return one value for several consecutive ones; None when none is known."""
        known = [value for value in values if value is not None]
        if not known:
            return None
        return sum(known) if self.is_flow else max(known) if self.is_peak else known[-1]


HOUR = 3600  # seconds: VOICE_SECONDS are shown in hours

GAUGES = (Measure.MEMBERS, Measure.ONLINE, Measure.BANS, Measure.VOICE)
PEAKS = {Measure.PEAK_ONLINE: Measure.ONLINE, Measure.PEAK_VOICE: Measure.VOICE}
MEMBER_FLOWS = (Measure.JOINS, Measure.LEAVES, Measure.KICKS, Measure.BANNED, Measure.UNBANNED)
ACTIVITY = (Measure.MESSAGES, Measure.VOICE_SECONDS)
FLOWS = (*MEMBER_FLOWS, *ACTIVITY)

RAW_KEPT = timedelta(days=3)  # a daily report that comes a day late looks two days back
HOURS_KEPT = timedelta(days=100)


def flows_counted(*, single_events: bool, activity: bool) -> tuple[Measure, ...]:
    """Return what is counted, of joins and leaves (the Server Members intent) and of messages and time in voice."""
    told = MEMBER_FLOWS if single_events else (Measure.BANNED, Measure.UNBANNED)
    return (*told, *ACTIVITY) if activity else told


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, `[begin, end)`, both aware."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """
    One value of a series.

    Attributes:
        at: the first instant of the hour, day, week or month; of a raw sample its own. In the guild's zone.
        value: None where nothing is known: nobody counted, or the bot was away.

    """

    at: datetime
    value: int | None


@dataclass(frozen=True, slots=True)
class StatsSeries:
    """One measure over time, at most some 400 points, none left out between the first and the last."""

    measure: Measure
    level: Level
    points: tuple[Point, ...]

    @property
    def value(self) -> int | None:
        """The whole series as one number: the sum of a flow, the greatest peak, the last value of a gauge."""
        return self.measure.over(point.value for point in self.points)


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """What one channel or member had of a stretch of time; `id` is None for all the others together."""

    id: int | None
    messages: int
    voice_seconds: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """
    Those who joined in one week, and how many of them stayed.

    Attributes:
        week: its first instant, in the guild's zone.
        remained: how many were there still after 1, 2, … whole weeks; as many entries as have passed.

    """

    week: datetime
    joined: int
    remained: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of two stretches of time; see `StatsSeries.value`."""

    measure: Measure
    before: int | None
    after: int | None

    @property
    def change(self) -> float | None:
        """The growth as a fraction, 0.1 for ten per cent more; None when unknown or from nothing."""
        if self.before is None or self.after is None or self.before == 0:
            return None
        return (self.after - self.before) / self.before
