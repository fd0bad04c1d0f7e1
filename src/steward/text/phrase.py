"""What a phrase says, as its words are read one after the other, and the rules that read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from steward.text.clocks import Clock, Midnight
from steward.text.days import Ahead, Day, Weekday

END = r"(?![\wà-ÿ])"
"""Where a word ends."""

_CENTURY, _SHORT_YEAR = 2000, 100


class Refused(Exception):
    """The words contradict each other or have no place."""


@dataclass(slots=True)
class Phrase:
    """
    What was read.

    Attributes:
        day: the day named.
        weekday: a weekday named beside a date.
        clock: the time of day named.
        part: the part of the day named.
        tonight: the night that begins this evening is meant.
        elapsed: an exact duration from now.
        zones: what a zone named beside the time may mean.
        instant: the instant named by a Discord timestamp.

    """

    day: Day | None = None
    weekday: int | None = None
    clock: Clock | Midnight | None = None
    part: str = ""
    tonight: bool = False
    elapsed: timedelta | None = None
    zones: list[tzinfo] = field(default_factory=list)
    instant: datetime | None = None

    def once(self, name: str, value: object) -> None:
        """
        Note a fact.

        Raises:
            Refused: it was named before.

        """
        if getattr(self, name):
            raise Refused
        setattr(self, name, value)

    def on(self, day: Day) -> None:
        """Note the day; a weekday named before becomes a condition on it."""
        if isinstance(self.day, Weekday) and not isinstance(day, Weekday):
            if self.day.next or self.day.weeks is not None or isinstance(day, Ahead):
                raise Refused
            self.weekday, self.day = self.day.day, None
        self.once("day", day)

    def at(self, clock: Clock) -> None:
        """Note the time of day."""
        if not clock.valid:
            raise Refused
        self.once("clock", clock)


Match = re.Match[str]
Action = Callable[[Phrase, Match], None]


class Rules:
    """Patterns of words, in the order in which they are tried, and what each says."""

    def __init__(self) -> None:
        self._rules: list[tuple[re.Pattern[str], Action]] = []

    def words(self, *patterns: str) -> Callable[[Action], Action]:
        """Let a function note what any of the patterns says."""

        def add(action: Action) -> Action:
            self._rules += [(re.compile(pattern), action) for pattern in patterns]
            return action

        return add

    def apply(self, phrase: Phrase, rest: str) -> int:
        """Note what the next words say and return how many characters they are: 0 where no rule knows them."""
        for pattern, action in self._rules:
            match = pattern.match(rest)
            if match and match[0]:
                action(phrase, match)
                return match.end()
        return 0


def year_of(figures: str | None) -> int | None:
    """Return the year that two or four figures name."""
    if figures is None:
        return None
    return int(figures) + (_CENTURY if int(figures) < _SHORT_YEAR else 0)
