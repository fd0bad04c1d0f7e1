"""
When a series takes place: a rule of RFC 5545 counted from a start, in naive wall-clock time of one zone.

`19:00 each week` stays 19:00 when the clocks change; `steward.runtime.wall_time.instant_of` gives the instant of a wall
time. Two wall times that a clock jumps over in the same night have the same instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, datetime, timedelta
from itertools import islice, takewhile

from steward.text.recurrence.parts import EXAMPLES, SHORTEST_MONTH, BadRule, RuleParts
from steward.text.recurrence.periods import walk
from steward.text.recurrence.words import described

HORIZON_YEARS = 100
"""How many years after its start a rule is followed."""

_WEEK = 7


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """
    A rule and the wall time it counts from. The start is itself an occurrence only where the rule says so.

    `parse` and the other constructors check what they make.
    """

    start: datetime
    parts: RuleParts
    _last: datetime = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.start.microsecond or self.start.year > MAXYEAR - HORIZON_YEARS:
            raise ValueError(f"{self.start!r} must be a wall-clock time of this age in whole seconds, without a zone.")
        end = self.start.replace(day=min(self.start.day, SHORTEST_MONTH), year=self.start.year + HORIZON_YEARS)
        if self.parts.until is not None:
            if self.parts.until < self.start:
                raise BadRule(
                    f"The rule ends on {self.parts.until:%Y-%m-%d}, before it starts on {self.start:%Y-%m-%d}.",
                    remedy="Choose an earlier start or a later UNTIL.",
                )
            end = min(end, self.parts.until)
        object.__setattr__(self, "_last", end)
        if next(self._walk(self.start), None) is None:
            raise BadRule(
                f"The rule {self.parts.text} never takes place.",
                remedy=f"Is the date one that exists, and does it come before the end? {EXAMPLES}",
            )
        if self.parts.count is not None:
            for last in islice(self._walk(self.start), self.parts.count):
                object.__setattr__(self, "_last", last)

    @classmethod
    def parse(cls, text: str, start: datetime) -> RecurrenceRule:
        """
        Read a rule such as `FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231`; a date as `UNTIL` means to the end of that day.

        Args:
            text: with or without `RRULE:` before it.
            start: a naive wall-clock time in whole seconds.

        Raises:
            BadRule: it is no rule, repeats faster than daily, or never takes place; it says how rules are written.

        """
        return cls(start, RuleParts.parse(text))

    @classmethod
    def daily(cls, start: datetime) -> RecurrenceRule:
        return cls(start, RuleParts("DAILY"))

    @classmethod
    def weekly(cls, start: datetime, interval: int = 1) -> RecurrenceRule:
        """Return the rule for the start's weekday, each week or each `interval` weeks."""
        return cls(start, RuleParts("WEEKLY", interval, days=((0, start.weekday()),)))

    @classmethod
    def monthly_by_date(cls, start: datetime) -> RecurrenceRule:
        """Return the rule for the start's day of the month; months that are shorter have it on their last day."""
        return cls(start, RuleParts("MONTHLY").on_date(start.day))

    @classmethod
    def monthly_by_weekday(cls, start: datetime, *, last: bool = False) -> RecurrenceRule:
        """
        Return the rule for the start's weekday in the month, such as the third Thursday.

        A fifth one is taken as the last, for not every month has five. With `last` it is counted from the end; that
        raises `BadRule` if the start is not the last such weekday of its month.
        """
        nth = (start.day - 1) // _WEEK + 1
        is_last = (start + timedelta(days=_WEEK)).month != start.month
        if last and not is_last:
            raise BadRule(
                f"{start:%Y-%m-%d} is not the last {start:%A} of its month.",
                remedy="Choose a start that is, or repeat by its number in the month.",
            )
        ordinal = -1 if last or nth > 4 else nth  # noqa: PLR2004 - every month has four
        return cls(start, RuleParts("MONTHLY", days=((ordinal, start.weekday()),)))

    @property
    def text(self) -> str:
        """The rule in its one normal form, for the database and for calendars; `parse` reads it back."""
        return self.parts.text

    def describe(self) -> str:
        """Return the rule in words, such as `every week on Monday and Wednesday until 31 December 2026`."""
        return described(self._filled())

    def occurrences(self, after: datetime, limit: int) -> Iterator[datetime]:
        """
        Yield, in order, at most `limit` wall times later than a wall time, none later than a century after the start.

        The time that it takes does not grow with the distance from the start.
        """
        if limit <= 0 or after >= self._last:
            return iter(())
        later = (wall for wall in self._walk(after) if wall > after)
        return islice(later, limit)

    def ending(self, before: datetime) -> RecurrenceRule | None:
        """Return the rule as if it had ended before a wall time, or None where nothing would be left of it."""
        end = min(self._last, (before - datetime.resolution).replace(microsecond=0))
        if end == self._last:
            return self
        if next(self._walk(self.start)) > end:
            return None
        return RecurrenceRule(self.start, replace(self.parts, until=end, count=None))

    def since(self, wall: datetime) -> RecurrenceRule:
        """Return the rule as it goes on from one of its occurrences: the same ones from there on."""
        count = self.parts.count
        if count is not None:
            count -= sum(1 for _ in takewhile(lambda earlier: earlier < wall, self._walk(self.start)))
        return RecurrenceRule(wall, replace(self.parts, count=count))

    def _filled(self) -> RuleParts:
        """Return the parts with what RFC 5545 has them take from the start, except the time of day."""
        parts, start = self.parts, self.start
        if parts.hours and not parts.minutes:
            parts = replace(parts, minutes=(start.minute,), seconds=parts.seconds or (start.second,))
        if parts.weeks and not (parts.days or parts.month_days or parts.year_days):
            return replace(parts, days=((0, start.weekday()),))
        if parts.weeks or parts.days or parts.month_days or parts.year_days or parts.frequency == "DAILY":
            return parts
        if parts.frequency == "WEEKLY":
            return replace(parts, days=((0, start.weekday()),))
        months = parts.months or ((start.month,) if parts.frequency == "YEARLY" else ())
        return replace(parts, months=months, month_days=(start.day,))

    def _walk(self, near: datetime) -> Iterator[datetime]:
        """Yield the occurrences from the last period of the rule on that begins before `near`, or from the start."""
        last = self._last
        found = (wall for wall in walk(self._filled(), self.start, near, last) if wall >= self.start)
        return takewhile(lambda wall: wall <= last, found)
