"""What of events is deleted once it has been over for long enough, with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from steward.bots.events.editing.draft import EVENT_DRAFTS
from steward.bots.events.model.occurrences import NO_SERIES, State, drop
from steward.bots.events.model.series import wall_text
from steward.bots.events.polls.store import POLL
from steward.bots.events.schedule import moments
from steward.guilds.retention import Drop, OldDrafts, OldRows
from steward.store import Transaction, to_millis
from steward.store.desired import desired
from steward.store.retention import Rows

ANY_ZONE = timedelta(days=1)
"""No wall clock is further from UTC."""


def old_events(keep: timedelta | None) -> Iterator[OldRows | OldDrafts]:
    """Yield what is deleted once it has been over for so long; None for nothing."""
    if keep is None:
        return
    for state in (State.OVER, State.CANCELLED):
        kept = Rows(f"event_occurrences WHERE state = ? AND event_id <> {NO_SERIES}", (state.value,))
        yield OldRows(kept, keep, "starts_at", _ended, _by_id("starts_at", _forget_occurrences))
    # Of which nothing is kept: one that goes on has always its next time.
    kept = Rows("events WHERE NOT EXISTS (SELECT 1 FROM event_occurrences o WHERE o.event_id = events.id)")
    yield OldRows(kept, keep, "created_at", _series_ended, _by_id("created_at", _forget_series))
    kept = Rows("event_polls WHERE state IN ('closed', 'made')")
    yield OldRows(kept, keep, "closes_at", drop=_by_id("closes_at", _forget_polls))
    yield OldDrafts(EVENT_DRAFTS, keep)  # of polls, too: their prefix begins with this one


def _ended(_: Transaction, before: datetime) -> Rows:
    """Select occurrences; one that was moved is kept until its rule's time is past, too, or it is planned again."""
    args = (to_millis(before), wall_text(before - ANY_ZONE))
    return Rows("ends_at < ? AND original_wall < ?", args)


def _series_ended(_: Transaction, before: datetime) -> Rows:
    return Rows("(ended_at IS NULL OR ended_at < ?)", (to_millis(before),))


def _by_id(at: str, forget: Callable[[Transaction, Sequence[int], int], int]) -> Drop:
    def some(tx: Transaction, old: Rows, most: int) -> int:
        ids = tx.all(f"SELECT id FROM {old.sql} ORDER BY {at} LIMIT {most}", old.args)  # noqa: S608 - ours
        return forget(tx, [id_ for (id_,) in ids], most)

    return some


def _forget_occurrences(tx: Transaction, ids: Sequence[int], most: int) -> int:
    """Drop some occurrences with all that belongs to them."""
    deleted = 0
    for id_ in ids:
        for table in ("event_answers", "event_attendance"):
            deleted += _forget_members(tx, table, "occurrence_id", id_, most=most - deleted)
        if deleted >= most:
            break
        deleted += moments.forget(tx, id_)
        deleted += tx.execute("DELETE FROM event_tallies WHERE occurrence_id = ?", (id_,))
        deleted += drop(tx, id_)
    return deleted


def _forget_series(tx: Transaction, ids: Sequence[int], _: int) -> int:
    return sum(tx.execute("DELETE FROM events WHERE id = ?", (id_,)) for id_ in ids)


def _forget_polls(tx: Transaction, ids: Sequence[int], most: int) -> int:
    deleted = 0
    for id_ in ids:
        deleted += _forget_members(tx, "event_poll_votes", "poll_id", id_, most=most - deleted)
        if deleted >= most:
            break
        deleted += tx.execute("DELETE FROM event_poll_times WHERE poll_id = ?", (id_,))
        deleted += tx.execute("DELETE FROM event_polls WHERE id = ?", (id_,)) + desired.forget(tx, (POLL,), id_)
    return deleted


def _forget_members(tx: Transaction, table: str, key: str, id_: int, *, most: int) -> int:
    """Drop what is kept of some members in an event or a poll."""
    sql = f"SELECT DISTINCT user_id FROM {table} WHERE {key} = ? ORDER BY user_id LIMIT ?"  # noqa: S608 - ours
    users = tx.all(sql, (id_, max(0, most)))
    if not users:
        return 0
    return tx.execute(f"DELETE FROM {table} WHERE {key} = ? AND user_id <= ?", (id_, users[-1][0]))  # noqa: S608
