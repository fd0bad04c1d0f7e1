"""
Find the occurrences of durable jobs that can begin now, in SQL. `jobs.claim` then claims them one by one.

A look costs as much as there are due rows: an index holds the open ones in the order in which they begin. It changes
nothing, so it runs beside the writer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from steward.store.instants import to_millis
from steward.store.transaction import Row, Transaction, Value

PAGE = 100
"""Rows of the first page. A look reads more pages only until it has found enough; each is twice as long."""

LONGEST_PAGE = 3200

FEW = 100
"""Most jobs that a query excludes by name."""

MAX_RETRY_WAIT = timedelta(minutes=10)
"""The longest wait before a retry; a longer one in the database was written under a wrong clock."""

ORDER = ("due_at", "job", "occurrence")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence that could be claimed when the look read it."""

    job: str
    occurrence: str
    state: str
    attempts: int
    """With the state, shows whether another process has claimed it since."""


@dataclass(frozen=True, slots=True)
class DueJob:
    """The result of one look."""

    candidates: tuple[Candidate, ...]
    wake_at: int | None
    """When the next waiting occurrence can be tried, in milliseconds; None if none waits."""


def look(
    tx: Transaction,
    jobs: Collection[str],
    busy: Collection[str],
    *,
    at: datetime,
    grace: timedelta,
    lease: timedelta,
    limit: int,
) -> DueJob:
    """
    Return what can begin now, the oldest first: for each job the next occurrence, and all older than `grace`.

    Args:
        busy: the jobs that are running now; they are left out.
        at: the instant up to which jobs were planned. What is due by then is returned, even if this transaction's
            clock is behind.
        grace: how late a run may begin; older occurrences are only given up, so more than one per job is returned.
        lease: the longest a claim is held.

    """
    found: list[Candidate] = []
    taken = set(busy)
    wakes: list[int] = []
    too_old = to_millis(at - grace)
    for row in _open_rows(tx, to_millis(at), taken):
        if len(found) >= limit:
            break
        job = row["job"]
        if job not in jobs or job in taken:
            continue
        wait_until = waits_until(row, at, lease)
        if wait_until is not None:
            wakes.append(wait_until)
        else:
            found.append(Candidate(job, row["occurrence"], row["state"], row["attempts"]))
            if row["due_at"] < too_old:
                continue
        taken.add(job)  # the occurrences of a job run in order
    return DueJob(tuple(found), min(wakes, default=None))


def waits_until(row: Row, now: datetime, lease: timedelta) -> int | None:
    """Return until when a row must wait, or None; a wait beyond its bound was written under a wrong clock."""
    if row["state"] == "claimed":
        until, bound = row["lease_until"], now + lease
    else:
        until, bound = row["retry_at"], now + MAX_RETRY_WAIT
    return until if until is not None and to_millis(now) < until <= to_millis(bound) else None


def _open_rows(tx: Transaction, until: int, taken: Collection[str]) -> Iterator[Row]:
    """
    Yield the due and claimed rows, the oldest first, with a few pages in memory.

    Args:
        until: the latest due time, in milliseconds.
        taken: jobs to leave out; it may grow meanwhile.

    """
    # One query a state: each is one range of the index, in order. With both in one query, engines sort all rows.
    return merge(*(_pages(tx, state, until, taken) for state in ("due", "claimed")), key=lambda row: int(row["due_at"]))


def _pages(tx: Transaction, state: str, until: int, taken: Collection[str]) -> Iterator[Row]:
    after, size = "", PAGE
    place: tuple[Value, ...] = ()
    while True:
        sql = (
            "SELECT due_at, job, occurrence, state, attempts, retry_at, lease_until FROM job_occurrences"  # noqa: S608
            f" WHERE state = ? AND due_at <= ?{after}"
        )
        unwanted = tuple(taken)[:FEW]
        if unwanted:
            sql += f" AND job NOT IN ({', '.join('?' * len(unwanted))})"
        args: tuple[Value, ...] = (state, until, *place, *unwanted)
        rows = tx.all(f"{sql} ORDER BY {', '.join(ORDER)} LIMIT {size}", args)
        yield from rows
        if len(rows) < size:
            return
        size = min(2 * size, LONGEST_PAGE)
        condition, place = tx.dialect.after(ORDER, tuple(rows[-1][column] for column in ORDER))
        after = f" AND {condition}"
