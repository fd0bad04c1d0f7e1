"""How a cancelled or skipped time comes back: as it was, with its answers, and everything that follows from it."""

from __future__ import annotations

from steward.bots.events.editing.following import follow
from steward.bots.events.editing.split import last_before
from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence, State, occurrence, set_state, touch
from steward.bots.events.model.series import series_of
from steward.bots.events.native import mirrors
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.notices import tell_moved_up, tell_those_who_come
from steward.bots.events.schedule import moments
from steward.bots.events.views.post import at
from steward.store import Transaction

IS_OVER = BadEvent("That time is over.", remedy="Create it again with `/event duplicate`.")
IS_NOT_CANCELLED = BadEvent("That event isn't cancelled.", remedy="Pick one from the list that shows while you type.")


def restore(tx: Transaction, occurrence_id: int) -> Occurrence:
    """
    Bring a cancelled occurrence back, and return it; those who had answered are told if it was posted.

    What was posted has its reminders, its role, its thread and its buttons again, and another of Discord's own events:
    Discord takes back no cancellation. What was skipped ahead of its post is posted in its turn, or at once if that has
    passed. A series that has ended stays ended.

    Raises:
        BadEvent: it isn't cancelled, or would be over.

    """
    touch(tx, occurrence_id)  # first, for it locks the row: two who restore it at once come one after the other
    event = occurrence(tx, occurrence_id)
    if event.state is not State.CANCELLED:
        raise IS_NOT_CANCELLED
    if event.ends_at <= tx.now:
        raise IS_OVER
    was_posted = event.posts > 0
    set_state(tx, event.id, State.POSTED if was_posted else State.PLANNED)
    restored = occurrence(tx, event.id)
    moved_up = answers.move_up(tx, event.id)  # whoever waited comes before whoever answers next
    if not was_posted:
        _post_in_its_turn(tx, restored)
        return restored
    mirrors.renew_native(tx, event.id)
    answers.keep_interest(tx, event.id)
    moments.set_course(tx, restored)
    tell_moved_up(tx, restored, moved_up.moved_up)
    follow(tx, event.id)
    tell_those_who_come(tx, restored, f"is back on: {at(event.starts_at)}")
    return occurrence(tx, event.id)


def _post_in_its_turn(tx: Transaction, event: Occurrence) -> None:
    series, due = series_of(tx, event.event_id), tx.now
    if series is not None:
        before = last_before(tx, series, event.original)
        turn = tx.now if before is None else max(tx.now, planning.turn_ends(series, before))
        wall = event.starts_at.astimezone(series.zone).replace(tzinfo=None)
        due = planning.posts_at(series, wall, turn)
    moments.set_post(tx, event, due)
