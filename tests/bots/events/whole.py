"""An occurrence and everybody who has answered it, as the database has them."""

from __future__ import annotations

from dataclasses import dataclass

from steward.bots.events.model.occurrences import Occurrence, occurrence
from steward.bots.events.rsvp.answers import Rsvp, answers
from steward.store import Store


@dataclass(frozen=True, slots=True)
class Whole:
    """See the module; the answers are in the order of their arrival."""

    event: Occurrence
    answers: list[Rsvp]


async def whole(store: Store, occurrence_id: int) -> Whole:
    """Return one, whole."""
    return await store.read(lambda tx: Whole(occurrence(tx, occurrence_id), answers(tx, occurrence_id)))
