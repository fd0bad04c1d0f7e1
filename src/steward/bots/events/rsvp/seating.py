"""
The seats of an occurrence, in SQL: counted as they are taken.

Whatever is done here reads the counters, single answers, and of a line only those at its head who get a seat: as many
rows where thousands have answered as where ten have. All that changes answers holds the row of the occurrence, so that
counters and answers change together, one transaction after the other.
"""

from __future__ import annotations

from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.rsvp.roster import RosterPlace, RsvpTally, Seats
from steward.store import Transaction

LINE_COUNTED = 1000
"""Whoever stands further behind in a line is not told where exactly."""


def tallies(tx: Transaction, occurrence_id: int) -> dict[str, RsvpTally]:
    """Return how many have given which answer, by its key."""
    rows = tx.all("SELECT option_key, seated, waiting FROM event_tallies WHERE occurrence_id = ?", (occurrence_id,))
    return {key: RsvpTally(int(seated), int(waiting)) for key, seated, waiting in rows}


class Seating:
    """Seats members in one transaction, which holds the row of the occurrence; `save` at its end."""

    def __init__(self, tx: Transaction, event: Occurrence) -> None:
        self._tx = tx
        self._id = event.id
        kept = tallies(tx, event.id)
        self._kept = {key: RsvpTally(tally.seated, tally.waiting) for key, tally in kept.items()}
        self._seats = Seats(event.details.options, event.details.seats, kept)
        self._last = 0  # the arrival of whoever came last, in this transaction

    def of(self, user_id: int) -> RosterPlace | None:
        sql = "SELECT user_id, option_key, arrival, seated FROM event_answers WHERE occurrence_id = ? AND user_id = ?"
        row = self._tx.one(sql, (self._id, user_id))
        return None if row is None else _place(*row)

    def take(self, user_id: int, option: str, arrival: int, before: RosterPlace | None) -> RosterPlace:
        """
        Give a member an answer and return it, for the caller to keep; the same as before changes nothing.

        Args:
            arrival: greater than that of every earlier answer.

        """
        if before is not None:
            if before.option == option:
                return before
            self._seats.count(before, -1)
        place = RosterPlace(user_id, option, arrival, seated=self._seats.has_seat(option))
        self._seats.count(place)
        self._last = arrival
        return place

    def give_back(self, place: RosterPlace) -> None:
        """Take a member's answer back; `move_up` gives the seat to another."""
        self._seats.count(place, -1)
        self._tx.execute("DELETE FROM event_answers WHERE occurrence_id = ? AND user_id = ?", (self._id, place.user_id))

    def move_up(self) -> list[RosterPlace]:
        """Give the free seats to those who wait, and return who got one, in the order of arrival."""
        moved = self._seats.move_up(place for key in list(self._seats.tallies) for place in self._head(key))
        if moved:
            self._tx.executemany(
                "UPDATE event_answers SET seated = 1 WHERE occurrence_id = ? AND user_id = ?",
                [(self._id, place.user_id) for place in moved],
            )
        return moved

    def line(self, place: RosterPlace | None) -> int:
        """Return a member's number among those who wait for the same answer, from 1, up to one more than is counted."""
        if place is None or place.seated:
            return 0
        if place.arrival == self._last:
            return min(self._seats.tallies[place.option].waiting, LINE_COUNTED + 1)
        sql = (
            "SELECT COUNT(*) FROM (SELECT 1 FROM event_answers"
            " WHERE occurrence_id = ? AND seated = 0 AND option_key = ? AND arrival <= ? LIMIT ?) AS ahead"
        )
        return int(self._tx.value(sql, (self._id, place.option, place.arrival, LINE_COUNTED + 1)))

    def save(self) -> None:
        for key, tally in self._seats.tallies.items():
            if tally != self._kept.get(key, RsvpTally()):
                values = {"seated": tally.seated, "waiting": tally.waiting}
                self._tx.upsert("event_tallies", key={"occurrence_id": self._id, "option_key": key}, values=values)

    def _head(self, key: str) -> list[RosterPlace]:
        """Return those in the line of an answer who may get a seat, the first of it."""
        waiting = self._seats.tallies[key].waiting
        free = self._seats.free(key)
        most = waiting if free is None else min(waiting, free)
        if not most:
            return []
        sql = (
            "SELECT user_id, option_key, arrival, seated FROM event_answers"
            " WHERE occurrence_id = ? AND seated = 0 AND option_key = ? ORDER BY arrival LIMIT ?"
        )
        return [_place(*row) for row in self._tx.all(sql, (self._id, key, most))]


def _place(user_id: int, option: str, arrival: int, seated: int) -> RosterPlace:
    return RosterPlace(user_id, option, arrival, bool(seated))
