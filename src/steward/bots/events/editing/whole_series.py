"""Whether a whole series may be changed, in SQL."""

from __future__ import annotations

from steward.bots.events.editing.weekly_plan import is_planned
from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.model.series import Series, series_of
from steward.store import Transaction

NEVER_AGAIN = BadEvent("That series has ended.", remedy="`/events list` shows the others.")
OF_THE_PLAN = BadEvent(
    "That event is part of the weekly plan.",
    remedy="`/plan set` changes the plan; without `which` you change this time only.",
)


def series_to_change(tx: Transaction, event: Occurrence) -> Series:
    """
    Return the series of an occurrence, which is about to be changed as a whole.

    Raises `BadEvent` if it has ended, or the weekly plan says what it is.
    """
    series = series_of(tx, event.event_id)
    if series is None:
        raise NEVER_AGAIN
    if is_planned(tx, series):
        raise OF_THE_PLAN
    return series
