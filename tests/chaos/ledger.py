"""What members were told is kept, and what Discord told the bot: written down without asking the bot."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

COMING = ("yes", "late")
SEAT, WAITLIST, DECLINED, ZONE, EVENT, CANCELLED, SETUP = KINDS = (
    "a seat",
    "the waitlist",
    "an answer without a seat",
    "a time zone",
    "an event",
    "a cancelled event",
    "a setup",
)
"""The kinds of promises."""


@dataclass(slots=True)
class Wish:
    """
    One thing that somebody may want again and again: the last they were told is kept, and what may be kept instead.

    Attributes:
        told: the newest value that was acknowledged; None before the first.
        open: values asked for since then, whose fate they were not told.
        seated: whether they were told that they have a seat; None where seats are not the question.
        asked: all that was ever asked for, in order.

    """

    told: str | None = None
    open: list[str] = field(default_factory=list)
    seated: bool | None = None
    asked: list[str] = field(default_factory=list)

    def ask(self, value: str) -> None:
        self.open.append(value)
        self.asked.append(value)

    def tell(self, value: str, *, seated: bool | None = None) -> None:
        self.told, self.seated = value, seated
        self.open.clear()

    def allows(self, found: str | None) -> bool:
        return found == self.told or found in self.open


@dataclass(slots=True)
class EventSheet:
    """An event that an organiser pressed Post for."""

    title: str
    seats: int | None
    starts_at: float | None = None  # where it begins within the round: its reminder is due then
    made: bool = False
    cancelled: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Absence:
    """
    A time in which the bot could not hear of a server, or of any, as seen from outside.

    Attributes:
        began, ended: seconds since 1970.
        guild_id: the server that it could not hear of; None for all.

    """

    began: float
    ended: float
    guild_id: int | None = None


@dataclass
class Ledger:
    """
    What must be in the database, seen from outside. Times are seconds since 1970.

    Attributes:
        answers: by the title of the event and the member, the key of the option.
        events: by title; each title is used once.
        zones: of members, by id.
        setup: the time zone that the second server was set to.
        moves: when who joined, left, was banned: by kind and user.
        strangers: users that an attack made up: what is kept of them is of no concern.
        messages: when somebody wrote something, by user: nobody writes twice.
        kills: when the bot was killed.
        absences: when it was cut off.
        told: answers that told a member that something is kept, by kind; `unanswered`: where Discord said that none
            came; `excuses`: sentences that said no; `leaks`: answers that told where things are.
        places: what no member is to be told: paths, addresses.

    """

    answers: defaultdict[tuple[str, int], Wish] = field(default_factory=lambda: defaultdict(Wish))
    events: dict[str, EventSheet] = field(default_factory=dict)
    zones: defaultdict[int, Wish] = field(default_factory=lambda: defaultdict(Wish))
    setup: Wish = field(default_factory=Wish)
    moves: dict[str, dict[int, float]] = field(default_factory=lambda: {"join": {}, "leave": {}, "ban": {}})
    strangers: set[int] = field(default_factory=set)
    messages: dict[int, float] = field(default_factory=dict)
    kills: list[float] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    excuses: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    places: tuple[str, ...] = ()

    def never_told(self) -> list[str]:
        """Return the kinds of promises that nobody was given."""
        return [kind for kind in KINDS if not self.told[kind]]

    @contextmanager
    def absent(self, guild_id: int | None = None) -> Iterator[None]:
        """Note that the bot cannot hear of a server, or of any, while entered."""
        began = time.time()
        try:
            yield
        finally:
            self.absences.append(Absence(began, time.time(), guild_id))
