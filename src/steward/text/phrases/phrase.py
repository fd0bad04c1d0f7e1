"""What a phrase says, as its words are read one after the other."""

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
    How something repeats.

    Attributes:
        frequency: as RFC 5545 names it.
        interval: every how many of them.
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
        day: the day named.
        weekday: a weekday named beside a date.
        week: the week named, 0 for this one.
        clock: the time of day named.
        figures: the time of day is four figures and nothing else, which may be a year.
        part: the part of the day named.
        tonight: the night that begins this evening is meant.
        elapsed: an exact duration from now.
        alone: nothing else may stand beside it.
        zones: what a zone named beside the time may mean.
        offset: the offset beside that zone, which is the more exact.
        instant: the instant named by a Unix time.
        end: what is said of the end, after “to”.
        length: how long it takes.
        repeat: how it repeats.
        is_end: whether this is what is said of an end.

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
        Return the phrase with a fact more.

        Raises:
            Refused: it was named before.

        """
        if any(getattr(self, name) not in (None, "", (), False) for name in facts):
            raise PhraseRefused
        return replace(self, **facts)

    def on(self, day: Day) -> Self:
        """Return the phrase with the day; a weekday named before becomes a condition on it."""
        before = self.day
        if isinstance(before, Weekday) and not isinstance(day, Weekday):
            if before.next or before.weeks is not None or before.later or isinstance(day, Ahead):
                raise PhraseRefused
            return replace(self, weekday=before.day, day=day)
        return self.once(day=day)

    def on_weekday(self, day: Weekday) -> Self:
        """Return the phrase with a weekday, which beside a date is a condition on it."""
        if self.day is None:
            return replace(self, day=day)
        # "2nd tuesday" is the second of a month, not a Tuesday that is the 2nd.
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
        """Whether a day or a part of one was named, or stands before “to”."""
        return bool(self.is_end or self.day is not None or self.part or self.tonight or self.week is not None)
