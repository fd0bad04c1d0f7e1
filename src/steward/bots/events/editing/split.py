"""
A series from one of its times on: what it is, when it is and by which rule is replaced; what was before stays.

What was before becomes a series of its own that ends there, so each time has one series that says what it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from steward.bots.events.editing.altering import call_off, take_over
from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import (
    Occurrence,
    State,
    forget_occurrence,
    give_away,
    give_away_one,
    occurrence,
    rename,
    set_details,
    set_time,
)
from steward.bots.events.model.series import Series, add_series, end_series, parts_of, replace_series
from steward.bots.events.model.timeline import occurrences_from
from steward.bots.events.recurrence import planning
from steward.bots.events.rsvp.answers import has_answers
from steward.bots.events.schedule import moments
from steward.client.embeds import at
from steward.runtime.wall_time import wall_of
from steward.store import Transaction, instant_of
from steward.text.clock_times import wall_label
from steward.text.recurrence.rule import RecurrenceRule

Change = Callable[[Series], Series]
Names = Mapping[datetime, datetime]
"""Which time of the new series stands for which of the old one's."""


def replan(
    tx: Transaction, series: Series, event: Occurrence, change: Change, *, past_id: int, moves: bool, what: str
) -> None:
    """
    Replace what a series is from one of its occurrences on.

    Where the first time stays, the others are known by their times: those that the new rule has not are cancelled.
    Where it does not, the first becomes the first, the second the second, and so on. Either way a skipped one stays
    skipped, and one that was moved on its own, or has details of its own, keeps them; the first gives up its
    own time where the series is moved.

    Args:
        change: makes the new series of the present one, as `going_on` gives it.
        past_id: the id of what was before, as a series of its own.
        moves: whether it is about the time, so that the first is then, even where the rule had it then already.
        what: what is different of the details, in words for those who come.

    Raises:
        BadRule: the new rule cannot be used.

    """
    old = going_on(series, event)
    if old.start != event.original:
        rename(tx, event.id, old.start)
        event = replace(event, original=old.start)
    before = last_before(tx, series, event.original)
    new = _until_next_part(tx, _first_time(change(old)), event.original)
    if new.start != event.original:
        _check_start(tx, new, before)
    own = change(replace(old, details=event.details)).details.checked()
    rows = _kept(tx, series, event)
    names = _names(old, new, rows)
    left = [row for row in rows if row.original not in names]
    part(tx, series, event.original, past_id, left)
    replace_series(tx, new)
    if event.differs:
        set_details(tx, event.id, own)
    for row, named in zip([row for row in rows if row.original in names], _rename(tx, rows, names), strict=True):
        is_first = row.id == event.id
        stays = is_own(row) and not (is_first and (moves or new.start != old.start))
        starts_at = row.starts_at if stays else instant_of(named.original, new.zone)
        if row.state is State.CANCELLED and starts_at != row.starts_at and row.ends_at > tx.now:
            set_time(tx, row.id, starts_at, starts_at + timedelta(minutes=named.details.minutes))
        if not row.is_open(tx.now):
            continue
        said = []
        if starts_at != row.starts_at:
            said.append(f"has moved to {at(starts_at)}")
        if what and (is_first or not row.differs):
            said.append(f"has changed: {what}")
        if said:
            take_over(tx, named, starts_at, ", and ".join(said))
    planning.begin(tx, new, tx.now if before is None else planning.turn_ends(series, before))


def going_on(series: Series, event: Occurrence) -> Series:
    """
    Return a series as it goes on from one of its occurrences: the same, counted from there.

    What takes place once has no time but the one that it was moved to. Raises `BadEvent` if it has no such time.
    """
    if series.rule is None:
        return replace(series, start=wall_of(event.starts_at, series.zone))
    return _from(series, event.original)


def _from(series: Series, original: datetime) -> Series:
    if planning.walls(series, original - planning.A_MINUTE, limit=1) != [original]:
        raise BadEvent("The series has no such time any more.", remedy="Change this time only, or choose the next one.")
    if series.rule is None:
        return series
    return replace(series, start=original, rule=RecurrenceRule.parse(series.rule, series.start).since(original).text)


def part(tx: Transaction, series: Series, before: datetime, past_id: int, left: Sequence[Occurrence] = ()) -> None:
    """
    Have what a series was before a wall time belong to another one, which ends there.

    Args:
        past_id: of the other series.
        left: later ones, of times that there are no more: they go there, too, and are cancelled.

    """
    rest = None if series.rule is None else RecurrenceRule.parse(series.rule, series.start).ending(before)
    if rest is None and not left:
        return
    whole = series.part_of or series.id
    add_series(tx, replace(series, id=past_id, rule=series.rule if rest is None else rest.text, part_of=whole))
    if rest is None:
        end_series(tx, past_id)
    give_away(tx, series.id, past_id, before=before)
    for row in left:
        give_away_one(tx, row.id, past_id)
        if row.is_open(tx.now):
            call_off(tx, row.id)


def _first_time(series: Series) -> Series:
    """Return a series that begins with its first time, its details checked."""
    series = replace(series, details=series.details.checked())
    (first,) = planning.walls(series, series.start - planning.A_MINUTE, limit=1)
    return _from(series, first)


def last_before(tx: Transaction, series: Series, original: datetime) -> datetime | None:
    """Return the last time of a series and its parts before one, if it is not over."""
    begun = wall_of(tx.now - timedelta(minutes=series.details.minutes), series.zone)
    lasts = (deque(_before(planning.times(one, begun), original), maxlen=1) for one in parts_of(tx, series))
    return max((wall for last in lasts for wall in last), default=None)


def _until_next_part(tx: Transaction, new: Series, original: datetime) -> Series:
    """Return a series as it ends where another part of it goes on, if one does."""
    following = min((one.start for one in parts_of(tx, new) if one.start > original and one.id != new.id), default=None)
    if following is None:
        return new
    if new.start >= following:
        raise BadEvent(f"After that it changes: {wall_label(following)}.", remedy="Choose an earlier time.")
    rule = None if new.rule is None else RecurrenceRule.parse(new.rule, new.start).ending(following)
    return new if rule is None else replace(new, rule=rule.text)


def _check_start(tx: Transaction, new: Series, before: datetime | None) -> None:
    if instant_of(new.start, new.zone) <= tx.now:
        raise planning.PAST
    if before is not None and new.start <= before:
        raise BadEvent(
            f"Before that the series has another time: {wall_label(before)}.",
            remedy="Choose that one, or a later time.",
        )


def _kept(tx: Transaction, series: Series, event: Occurrence) -> list[Occurrence]:
    """Return what is kept of a series from an occurrence on; what is only planned so far is planned anew."""
    rows = occurrences_from(tx, series.id, event.original)
    planned = [row for row in rows if row.state is State.PLANNED and row.id != event.id and not is_own(row)]
    for row in planned:
        moments.forget(tx, row.id)  # its turn may be another one
        if not row.differs and not has_answers(tx, row.id):
            forget_occurrence(tx, row.id)
            rows.remove(row)
    return rows


def is_own(row: Occurrence) -> bool:
    """Return whether an occurrence was moved on its own."""
    return row.starts_at != instant_of(row.original, row.zone)


def _names(old: Series, new: Series, rows: Sequence[Occurrence]) -> Names:
    last = rows[-1].original + planning.A_MINUTE
    walls = list(_before(_times(old), last))
    if new.start == old.start:
        there = set(_before(_times(new), last))
        return {wall: wall for wall in walls if wall in there}
    return dict(zip(walls, _times(new), strict=False))


def _rename(tx: Transaction, rows: Sequence[Occurrence], names: Names) -> list[Occurrence]:
    """Have occurrences stand for the new times, and return them as they are now: at no moment two for the same."""
    named = [(row, names[row.original]) for row in rows if row.original in names]
    earlier = [(row, wall) for row, wall in named if wall < row.original]
    later = [(row, wall) for row, wall in named if wall > row.original]
    for row, wall in (*reversed(later), *earlier):
        rename(tx, row.id, wall)
    return [occurrence(tx, row.id) for row, _ in named]


def _before(walls: Iterator[datetime], end: datetime) -> Iterator[datetime]:
    return takewhile(lambda wall: wall < end, walls)


def _times(series: Series) -> Iterator[datetime]:
    return planning.times(series, series.start - planning.A_MINUTE)
