"""The answers to an occurrence as they are shown, in SQL: how many, and a bounded number of them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice

from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.rsvp.answers import Rsvp
from steward.bots.events.rsvp.roster import RsvpTally
from steward.bots.events.rsvp.seating import tallies
from steward.store import Transaction

NAMED = 128
"""So many of each answer are read by name; a field of a post has room for no more of usual length."""
A_PAGE = 30

_ANSWERS = (
    "SELECT arrival, user_id, name, option_key, seated, note FROM event_answers"
    " WHERE occurrence_id = ? AND seated = ? AND option_key = ? ORDER BY arrival LIMIT ? OFFSET ?"
)


@dataclass(frozen=True, slots=True)
class Lineup:
    """
    Who is in and who waits.

    Attributes:
        tallies: by the key of an answer, how many have given it.
        seated: by the same, the first of those with a seat, or who need none.
        waiting: the first of those who wait, for whichever answer.

    """

    tallies: Mapping[str, RsvpTally] = field(default_factory=dict)
    seated: Mapping[str, Sequence[Rsvp]] = field(default_factory=dict)
    waiting: Sequence[Rsvp] = ()

    def tally(self, option: str) -> RsvpTally:
        """Return how many have given an answer."""
        return self.tallies.get(option, RsvpTally())

    @property
    def all_waiting(self) -> int:
        """How many wait, for whichever answer."""
        return sum(tally.waiting for tally in self.tallies.values())


@dataclass(frozen=True, slots=True)
class NamesPage:
    """
    Some of those who have answered.

    Attributes:
        answers: those of the page; of each answer first who has a seat, then who waits.

    """

    tallies: Mapping[str, RsvpTally]
    answers: Sequence[Rsvp]
    number: int
    last: int


def lineup(tx: Transaction, event: Occurrence) -> Lineup:
    """Return what the post of an occurrence shows of the answers."""
    counts = tallies(tx, event.id)
    seated = {key: [answer for _, answer in _some(tx, event.id, key, seated=True)] for key in counts}
    lines = [_some(tx, event.id, key, seated=False) for key, tally in counts.items() if tally.waiting]
    return Lineup(counts, seated, [answer for _, answer in islice(merge(*lines, key=_arrival), NAMED)])


def page_of(tx: Transaction, event: Occurrence, page: int) -> NamesPage:
    """Return a page of those who have answered what is offered; one that is not there gives the last."""
    counts = tallies(tx, event.id)
    offered = [(option.key, counts[option.key]) for option in event.details.options if option.key in counts]
    total = sum(tally.seated + tally.waiting for _, tally in offered)
    last = max(0, total - 1) // A_PAGE
    number = min(max(0, page), last)
    skipped, found = number * A_PAGE, list[Rsvp]()
    for key, tally in offered:
        for seated, count in ((True, tally.seated), (False, tally.waiting)):
            if skipped < count and len(found) < A_PAGE:
                some = _some(tx, event.id, key, seated=seated, most=A_PAGE - len(found), skipped=skipped)
                found += [answer for _, answer in some]
            skipped = max(0, skipped - count)
    return NamesPage(counts, found, number, last)


def _some(
    tx: Transaction, occurrence_id: int, option: str, *, seated: bool, most: int = NAMED, skipped: int = 0
) -> list[tuple[int, Rsvp]]:
    """Return some who have given an answer, each with the number of their arrival."""
    rows = tx.all(_ANSWERS, (occurrence_id, int(seated), option, most, skipped))
    return [(arrival, Rsvp(user_id, name, key, bool(sits), note)) for arrival, user_id, name, key, sits, note in rows]


def _arrival(one: tuple[int, Rsvp]) -> int:
    return one[0]
