"""
Who has a seat and who waits for one: the rules, without a database.

- A member has one answer, the last one given.
- An answer with a free seat has it at once; else it waits. Those who wait move up in the order of their arrival, each
  as soon as there is a seat for the answer given; one whose answer is full holds up nobody else's.
- A declining answer always has its place, whatever bound it was given: giving a seat back never waits.
- A seat is kept until its member answers otherwise or is taken out, even where the seats are cut meanwhile.
- Giving the same answer again changes nothing, and nobody's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from steward.bots.events.model.details import Option


@dataclass(frozen=True, slots=True)
class RosterPlace:
    """
    One member's answer.

    Attributes:
        arrival: its number in the order in which answers came.
        seated: whether it has its seat, or needs none; else it waits.

    """

    user_id: int
    option: str
    arrival: int
    seated: bool = True


@dataclass(slots=True)
class RsvpTally:
    """How many have given an answer: those with a seat, or who need none, and those who wait for one."""

    seated: int = 0
    waiting: int = 0

    def count(self, place: RosterPlace, change: int = 1) -> None:
        """Count an answer; -1 for one that is taken back."""
        if place.seated:
            self.seated += change
        else:
            self.waiting += change


class Seats:
    """
    The seats of one event, by how many are taken; whose they are it need not know.

    Args:
        seats: how many may come in all; None for no bound.
        tallies: by the key of an answer, how many have given it.

    """

    def __init__(self, options: Sequence[Option], seats: int | None, tallies: Mapping[str, RsvpTally]) -> None:
        self._options = {option.key: option for option in options}
        self._seats = seats
        self.tallies = {**{key: RsvpTally() for key in self._options}, **tallies}

    def free(self, key: str) -> int | None:
        """Return how many more may have a seat with an answer; None for no bound."""
        option = self._options.get(key)
        if option is None or option.declines:  # who answered what is not offered any more has a place, and no seat
            return None
        bounds = []
        if option.seats is not None:
            bounds.append(option.seats - self.tallies[key].seated)
        if option.comes and self._seats is not None:
            bounds.append(self._seats - self._coming)
        return max(0, min(bounds)) if bounds else None

    def has_seat(self, key: str) -> bool:
        """Return whether one more may have a seat with an answer."""
        return self.free(key) != 0

    def count(self, place: RosterPlace, change: int = 1) -> None:
        """Count an answer; -1 for one that is taken back."""
        self.tallies.setdefault(place.option, RsvpTally()).count(place, change)

    def move_up(self, heads: Iterable[RosterPlace]) -> list[RosterPlace]:
        """
        Give the free seats to those who wait, and return who got one, in the order of arrival.

        Args:
            heads: of the line of each answer with a free seat, as many as it has free seats, or all who wait.

        """
        moved: list[RosterPlace] = []
        for place in sorted(heads, key=lambda place: place.arrival):
            if self.has_seat(place.option):  # what is full stays so: seats are only given here
                seated = replace(place, seated=True)
                self.count(place, -1)
                self.count(seated)
                moved.append(seated)
        return moved

    @property
    def _coming(self) -> int:
        return sum(self.tallies[key].seated for key, option in self._options.items() if option.comes)
