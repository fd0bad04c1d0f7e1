"""
Which occurrences of durable jobs can begin now, in SQL. `jobs.claim` then takes them one by one.

A look costs as much as there is due, in this process and in others: an index holds what is open in the order in which
it begins. A look changes nothing, so it runs beside the writer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from steward.store.instants import to_millis
from steward.store.transaction import Row, Transaction, Value

PAGE = 100
"""Rows of the first page. A look reads more only while it has not found enough, and each page is twice as long."""

LONGEST_PAGE = 3200

FEW = 100
"""So many jobs are named in a query as not wanted."""

MOST_RETRY_WAIT = timedelta(minutes=10)
"""No retry waits longer; one that seems to is the trace of a clock that was wrong."""

ORDER = ("due_at", "job", "occurrence")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence that could be claimed when it was looked at."""

    job: str
    occurrence: str
    state: str
    attempts: int
    """With the state, what shows whether somebody else has claimed it since."""


@dataclass(frozen=True, slots=True)
class DueJob:
    """The result of one look."""

    candidates: tuple[Candidate, ...]
    wake_at: int | None
    """When an occurrence that waits can be tried, in milliseconds; None where none waits."""


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
    Return what can begin now, the oldest first: of each job what is older than `grace`, and the next occurrence.

    Args:
        jobs: the jobs that can be run here.
        busy: those of them that are running now; they are left out.
        at: the instant up to which jobs were planned. What is due by then is returned: the clock of this transaction
            may be behind.
        grace: how late a run may begin; what is older is only given up, so more of the same job is returned.
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
        taken.add(job)  # its occurrences run in their order
    return DueJob(tuple(found), min(wakes, default=None))


def waits_until(row: Row, now: datetime, lease: timedelta) -> int | None:
    """Return until when a row must be left alone, or None; a wait beyond its bound came from a wrong clock."""
    if row["state"] == "claimed":
        until, bound = row["lease_until"], now + lease
    else:
        until, bound = row["retry_at"], now + MOST_RETRY_WAIT
    return until if until is not None and to_millis(now) < until <= to_millis(bound) else None


def _open_rows(tx: Transaction, until: int, taken: Collection[str]) -> Iterator[Row]:
    """
    Yield what is due or claimed, the oldest first; some pages in memory at a time.

    Args:
        until: when it is due at the latest, in milliseconds.
        taken: jobs of which nothing more is wanted; it may grow meanwhile.

    """
    # One state after the other: each is one range of the index, in its order. Asked for both, engines sort all rows.
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
