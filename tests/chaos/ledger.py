"""What members were told is kept, and what Discord told the bot: written down without asking the bot."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

COMING = ("yes", "late")


@dataclass(slots=True)
class Wish:
    """
    One thing that somebody may want again and again: the last they were told is kept, and what may be kept instead.

    Attributes:
        told: the newest value that was acknowledged; None before the first.
        open: values asked for since then, whose fate they were not told.
        seated: whether they were told that they have a seat; None where seats are not the question.

    """

    told: str | None = None
    open: list[str] = field(default_factory=list)
    seated: bool | None = None

    def ask(self, value: str) -> None:
        self.open.append(value)

    def unask(self, value: str) -> None:
        """Forget what never reached Discord."""
        self.open.remove(value)

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
        messages: when somebody wrote something.
        kills: when the bot was killed.
        told: answers that told a member that something is kept; `unanswered`: where Discord said that none came;
            `excuses`: sentences that said no.

    """

    answers: defaultdict[tuple[str, int], Wish] = field(default_factory=lambda: defaultdict(Wish))
    events: dict[str, EventSheet] = field(default_factory=dict)
    zones: defaultdict[int, Wish] = field(default_factory=lambda: defaultdict(Wish))
    setup: Wish = field(default_factory=Wish)
    moves: dict[str, dict[int, float]] = field(default_factory=lambda: {"join": {}, "leave": {}, "ban": {}})
    strangers: set[int] = field(default_factory=set)
    messages: list[float] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    told: int = 0
    unanswered: int = 0
    excuses: list[str] = field(default_factory=list)
