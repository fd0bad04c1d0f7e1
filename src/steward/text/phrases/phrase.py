"""The parsed content of a text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from steward.text.phrases.clocks import ClockWords, Midnight
from steward.text.phrases.days import Ahead, Day, DayOfMonth, Weekday
from steward.text.phrases.zones import Zone


class PhraseRefused(Exception):
    """The words contradict each other or have no place."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """
    A recurrence.

    Attributes:
        frequency: as in RFC 5545.
        interval: 1 or more.
        days: weekdays, Monday 0.
        nth: which of them in the month, from the end if negative.

    """

    frequency: str
    interval: int = 1
    days: tuple[int, ...] = ()
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """
    What was read.

    Attributes:
        day: the named day.
        weekday: a weekday given with a date.
        week: week offset, 0 for this one.
        clock: the time of day.
        figures: the time is four digits only, which may be a year.
        part: the part of the day.
        tonight: the night that starts this evening.
        elapsed: an exact duration from now.
        alone: nothing else may be added.
        zones: possible zones of the time.
        offset: a UTC offset next to the zone; takes precedence.
        instant: a Unix time.
        end: the part after “to”.
        length: the duration.
        repeat: the recurrence.
        is_end: whether this is such an end.

    """

    day: Day | None = None
    weekday: int | None = None
    week: int | None = None
    clock: ClockWords | Midnight | None = None
    figures: bool = False
    part: str = ""
    tonight: bool = False
    elapsed: timedelta | None = None
    alone: bool = False
    zones: tuple[Zone, ...] = ()
    offset: Zone | None = None
    instant: datetime | None = None
    end: Phrase | None = None
    length: timedelta | None = None
    repeat: Repeat | None = None
    is_end: bool = False

    def once(self, **facts: Any) -> Self:
        """
        Return the phrase with new parts.

        Raises:
            PhraseRefused: one was set before.

        """
        if any(getattr(self, name) not in (None, "", (), False) for name in facts):
            raise PhraseRefused
        return replace(self, **facts)

    def on(self, day: Day) -> Self:
        """Return the phrase with the day; an earlier weekday becomes a condition on it."""
        before = self.day
        if isinstance(before, Weekday) and not isinstance(day, Weekday):
            if before.next or before.weeks is not None or before.later or isinstance(day, Ahead):
                raise PhraseRefused
            return replace(self, weekday=before.day, day=day)
        return self.once(day=day)

    def on_weekday(self, day: Weekday) -> Self:
        """Return the phrase with a weekday, which is a condition if there is a date."""
        if self.day is None:
            return replace(self, day=day)
        # "2nd tuesday" is the second Tuesday of a month, not a Tuesday on the 2nd.
        if day.next or day.later or isinstance(self.day, Ahead | Weekday | DayOfMonth):
            raise PhraseRefused
        return self.once(weekday=day.day)

    def at(self, clock: ClockWords) -> Self:
        """Return the phrase with the time of day."""
        if not clock.valid:
            raise PhraseRefused
        return self.once(clock=clock)

    @property
    def names_a_day(self) -> bool:
        """Whether a day or a part of one is named; always true for an end."""
        return bool(self.is_end or self.day is not None or self.part or self.tonight or self.week is not None)
