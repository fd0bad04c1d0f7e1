"""A roster as simple as can be, all in memory and looked through for each question, to compare the seating with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from steward.bots.events.model.details import Option
from steward.bots.events.rsvp.roster import RosterPlace


class Roster:
    """
    The answers to one event.

    Args:
        options: what may be answered.
        seats: how many may come in all; None for no bound.
        places: the answers so far.

    """

    def __init__(self, options: Sequence[Option], seats: int | None, places: Iterable[RosterPlace] = ()) -> None:
        self._options = {option.key: option for option in options}
        self._seats = seats
        self._places = {place.user_id: place for place in places}
        self._taken = dict.fromkeys(self._options, 0)
        for place in self._places.values():
            self._count(place, 1)

    @property
    def places(self) -> list[RosterPlace]:
        """All answers, in the order of their arrival."""
        return sorted(self._places.values(), key=lambda place: place.arrival)

    def of(self, user_id: int) -> RosterPlace | None:
        """Return a member's answer."""
        return self._places.get(user_id)

    def answer(self, user_id: int, option: str, arrival: int) -> RosterPlace:
        """
        Give a member's answer; the same again changes nothing.

        Args:
            user_id: whose.
            option: the key of one of the options.
            arrival: greater than that of every earlier answer.

        """
        before = self._places.get(user_id)
        if before is not None and before.option == option:
            return before
        self.take_out(user_id)
        place = self._places[user_id] = RosterPlace(user_id, option, arrival, seated=self._has_seat(option))
        self._count(place, 1)
        return place

    def take_out(self, user_id: int) -> RosterPlace | None:
        """Take a member's answer back and return it; `move_up` gives the seat to another."""
        place = self._places.pop(user_id, None)
        if place is not None:
            self._count(place, -1)
        return place

    def move_up(self) -> list[RosterPlace]:
        """Give the free seats to those who wait, and return who got one, in the order of arrival."""
        moved: list[RosterPlace] = []
        full: set[str] = set()  # what is full stays so: seats are only given here
        for place in self.places:
            if place.seated or place.option in full:
                continue
            if not self._has_seat(place.option):
                full.add(place.option)
                continue
            seated = self._places[place.user_id] = replace(place, seated=True)
            self._count(seated, 1)
            moved.append(seated)
        return moved

    def line(self, user_id: int) -> int:
        """Return a member's number among those who wait for the same answer, from 1; 0 for one who does not wait."""
        own = self._places.get(user_id)
        if own is None or own.seated:
            return 0
        return sum(
            not place.seated and place.option == own.option and place.arrival <= own.arrival
            for place in self._places.values()
        )

    def _has_seat(self, key: str) -> bool:
        option = self._options.get(key)
        if option is None:  # it was taken from the event: who answered so keeps a place that counts for nothing
            return True
        if option.declines:
            return True
        if option.seats is not None and self._taken[key] >= option.seats:
            return False
        return not option.comes or self._seats is None or self._coming < self._seats

    @property
    def _coming(self) -> int:
        return sum(self._taken[key] for key, option in self._options.items() if option.comes)

    def _count(self, place: RosterPlace, change: int) -> None:
        if place.seated and place.option in self._taken:
            self._taken[place.option] += change
