"""
A weekday of the weekly plan, planned anew: what is kept of it stays, and is known by its day.

Only the hour of a weekday changes, never the day, so each time stands for the one of the same day: one that was skipped
stays skipped, one that was moved or edited on its own keeps its time or its details, and what was posted stays as it
is. `replanning` knows the times of a series by their order instead.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from steward.bots.events.editing.altering import call_off, take_over
from steward.bots.events.editing.split import is_own, part
from steward.bots.events.model.occurrences import (
    Occurrence,
    State,
    forget_occurrence,
    move_planned,
    occurrence,
    rename,
    set_details,
    set_time,
)
from steward.bots.events.model.series import Series, part_ids, replace_series
from steward.bots.events.model.timeline import last_kept, occurrences_from
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp.answers import has_answers
from steward.bots.events.schedule import moments
from steward.runtime.wall_time import wall_of
from steward.store import Transaction, instant_of


def days_taken(tx: Transaction, series: Series, today: date) -> set[date]:
    """Return the days from today on on which a series cannot begin: they had their event, or a part of it has them."""
    parts = [id_ for id_ in part_ids(tx, series.id) if id_ != series.id]
    left = [row.original.date() for id_ in parts for row in occurrences_from(tx, id_, _begin(today))]
    until = (max(left) - today).days if left else -1
    kept = occurrences_from(tx, series.id, _begin(today))
    posted = {row.original.date() for row in kept if row.state in {State.POSTED, State.OVER}}
    return posted | {today + timedelta(days=days) for days in range(until + 1)}


def forget_skipped(tx: Transaction, series: Series, today: date) -> None:
    """Drop what was cancelled from today on ahead of its post: a plan that is begun anew has no skipped times."""
    for row in occurrences_from(tx, series.id, _begin(today)):
        if row.state is State.CANCELLED and row.posts == 0:
            forget_occurrence(tx, row.id)


def plan_anew(tx: Transaction, old: Series, new: Series, past_id: int) -> None:
    """
    Replace what a weekday is from the start of its new series on.

    Args:
        new: what it is; its start is on a day that `days_taken` does not name.
        past_id: the id of what was before that day, as a series of its own.

    """
    rows = occurrences_from(tx, old.id, old.start)
    kept = [row for row in rows if not _drop(tx, row, new.start.date())]
    first_day = _begin(new.start.date())
    last = last_kept(tx, old.id, first_day)
    if last is not None:
        part(tx, old, last + planning.A_MINUTE, past_id)
        move_planned(tx, past_id, new.channel_id)
    replace_series(tx, new)
    move_planned(tx, new.id, new.channel_id)
    for row in kept:
        if row.original >= first_day:
            _follow(tx, row, new)
        elif row.state is State.PLANNED:  # moved on its own beyond the start of the new series
            if not row.differs:
                set_details(tx, row.id, new.details)
            _plan(tx, row, new, row.starts_at)


def _drop(tx: Transaction, row: Occurrence, first: date) -> bool:
    """Drop what is only planned so far, and what has no place in the plan any more; return whether it was."""
    if row.state is not State.PLANNED or is_own(row):
        return False
    if row.original.date() < first and has_answers(tx, row.id):
        call_off(tx, row.id)
        return True
    if row.original.date() < first or not (row.differs or has_answers(tx, row.id)):
        forget_occurrence(tx, row.id)
        return True
    moments.forget(tx, row.id)  # its turn may be another one
    return False


def _follow(tx: Transaction, row: Occurrence, new: Series) -> None:
    """Have an occurrence stand for the new time of its day."""
    wall = datetime.combine(row.original.date(), new.start.time())
    rename(tx, row.id, wall)
    if row.posts > 0:
        if not row.differs:
            set_details(tx, row.id, row.details)  # what is posted stays as it is
        return
    starts_at = row.starts_at if is_own(row) else instant_of(wall, new.zone)
    if row.state is State.PLANNED:
        _plan(tx, row, new, starts_at)
    elif not is_own(row):
        set_time(tx, row.id, starts_at, starts_at + timedelta(minutes=new.details.minutes))


def _plan(tx: Transaction, row: Occurrence, new: Series, starts_at: datetime) -> None:
    take_over(tx, occurrence(tx, row.id), starts_at, "")
    if is_own(row):
        start = wall_of(starts_at, new.zone)
        moments.forget(tx, row.id)
        moments.set_post(tx, row, planning.posts_at(new, start, tx.now))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time())
