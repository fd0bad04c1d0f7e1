"""Pages of what lies ahead, for lists: reads only."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TypeVar

from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import Occurrence, State, is_kept, occurrence
from steward.bots.events.model.series import series_of
from steward.bots.events.model.timeline import LONGEST
from steward.bots.events.recurrence.planning import times
from steward.bots.events.rsvp.notices import post_id
from steward.runtime.wall_time import wall_of
from steward.store import Row, Store, Transaction, instant_of, to_millis

MAX_AHEAD = 300
A_PAGE = 10

T = TypeVar("T")

_AHEAD = (
    "FROM event_occurrences o WHERE o.guild_id = ? AND o.starts_at > ? AND o.ends_at > ?"
    " AND o.state IN ('planned', 'posted')"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One line of a list.

    Attributes:
        link_to: the channel and message of its post; None for what is not posted yet.
        answer: the key of the asking member's answer; empty for none.

    """

    details: Details
    starts_at: datetime
    link_to: tuple[int, int] | None = None
    answer: str = ""
    seated: bool = True


@dataclass(frozen=True, slots=True)
class ListPage:
    """
    Some lines of a list.

    Attributes:
        number: of the page, from 0.
        more: whether there is a next one.

    """

    lines: tuple[Listed, ...]
    number: int
    more: bool


class Lists:
    """Lists events, a page at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def listed(self, guild_id: int, page: int, *, days: int | None = None) -> ListPage:
        """
        Return some of what lies ahead in a guild, the earliest first; it takes no longer where there is more.

        Args:
            page: which, from 0; one that is not there gives the last.
            days: so many, with every time of each series in them; None for the next of each, however far.

        """

        def work(tx: Transaction) -> ListPage:
            if days is None:
                return _next_of_each(tx, guild_id, max(0, page))
            limit = (max(0, page) + 1) * A_PAGE + 1
            found = _every_time(tx, guild_id, tx.now + timedelta(days=days), limit=limit)
            return _page(found, page, partial(_shown, tx))

        return await self._store.read(work)

    async def mine(self, guild_id: int, user_id: int, page: int) -> ListPage:
        """Return some of what lies ahead in a guild that a member has answered, the earliest first."""
        sql = (
            "SELECT a.occurrence_id, a.option_key, a.seated FROM event_answers a"
            " JOIN event_occurrences o ON o.id = a.occurrence_id"
            " WHERE a.user_id = ? AND o.guild_id = ? AND o.ends_at > ? AND o.state IN ('planned', 'posted')"
            " ORDER BY o.starts_at, o.id LIMIT ?"
        )

        def work(tx: Transaction) -> ListPage:
            rows = tx.all(sql, (user_id, guild_id, tx.now_ms, MAX_AHEAD))
            return _page(rows, page, lambda row: _line(tx, occurrence(tx, row[0]), row[1], seated=bool(row[2])))

        return await self._store.read(work)


def _page(found: Sequence[T], page: int, line: Callable[[T], Listed]) -> ListPage:
    """Cut a page out of what was found; one that is not there gives the last."""
    at = min(max(0, page), max(0, (len(found) - 1) // A_PAGE))
    shown = found[at * A_PAGE : (at + 1) * A_PAGE]
    return ListPage(tuple(map(line, shown)), at, more=len(found) > (at + 1) * A_PAGE)


def _next_of_each(tx: Transaction, guild_id: int, page: int) -> ListPage:
    """Return a page of what is kept; one that is not there gives the last. Only what it shows is read whole."""
    since = (guild_id, to_millis(tx.now - LONGEST), tx.now_ms)
    sql = f"SELECT o.id {_AHEAD} ORDER BY o.starts_at, o.id LIMIT ? OFFSET ?"
    ids = tx.all(sql, (*since, A_PAGE + 1, page * A_PAGE))
    if page and not ids:
        page = max(0, int(tx.value(f"SELECT COUNT(*) {_AHEAD}", since)) - 1) // A_PAGE
        ids = tx.all(sql, (*since, A_PAGE + 1, page * A_PAGE))
    lines = tuple(_line(tx, occurrence(tx, id_)) for (id_,) in ids[:A_PAGE])
    return ListPage(lines, page, more=len(ids) > A_PAGE)


def _every_time(tx: Transaction, guild_id: int, until: datetime, *, limit: int) -> list[Row | Listed]:
    """
    Return what is kept and the further times of each series, up to an instant, the earliest first.

    A series that goes on always has its next time kept, before those that are not.
    """
    rows = _kept(tx, guild_id, until, limit=limit)
    series = dict.fromkeys(row["event_id"] for row in rows if row["rule"] is not None)
    kept: Iterator[tuple[int, Row | Listed]] = ((row["starts_at"], row) for row in rows)
    further = (_further(tx, id_, until) for id_ in series)
    return [one for _, one in islice(heapq.merge(kept, *further, key=itemgetter(0)), limit)]


def _kept(tx: Transaction, guild_id: int, until: datetime, *, limit: int) -> list[Row]:
    """Return what is kept and lies ahead up to an instant, the earliest first, as far as its place in a list takes."""
    sql = (
        "SELECT o.id, o.event_id, o.starts_at,"  # noqa: S608 - a constant
        f" (SELECT e.rule FROM events e WHERE e.id = o.event_id) AS rule {_AHEAD} AND o.starts_at <= ?"
        " ORDER BY o.starts_at, o.id LIMIT ?"
    )
    return tx.all(sql, (guild_id, to_millis(tx.now - LONGEST), tx.now_ms, to_millis(until), limit))


def _further(tx: Transaction, event_id: int, until: datetime) -> Iterator[tuple[int, Listed]]:
    """Yield the times of a series that are not kept yet, up to an instant; those that are may be moved anywhere."""
    series = series_of(tx, event_id)
    if series is None or series.rule is None:
        return
    for wall in times(series, wall_of(tx.now, series.zone)):
        starts_at = instant_of(wall, series.zone)
        if starts_at > until:
            return
        if not is_kept(tx, series.id, wall):
            yield to_millis(starts_at), Listed(series.details, starts_at)


def _shown(tx: Transaction, one: Row | Listed) -> Listed:
    return one if isinstance(one, Listed) else _line(tx, occurrence(tx, one["id"]))


def _line(tx: Transaction, event: Occurrence, answer: str = "", *, seated: bool = True) -> Listed:
    message_id = post_id(tx, event) if event.state is State.POSTED else None
    link = None if message_id is None else (event.channel_id, message_id)
    return Listed(event.details, event.starts_at, link, answer, seated)
