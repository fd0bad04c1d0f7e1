"""
Durable jobs, in SQL: one row for each occurrence of each job, from due to done.

    due -> claimed -> done | failed         skipped: missed for longer than the grace
     ^--------'  after a failure (retry_at), after the claimer's death (lease_until)

The functions are units of work; `JobRunner` in `steward.store.runner` decides when to call them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.errors import Broken
from steward.store.instants import from_millis, to_millis
from steward.store.transaction import Row, Transaction, Value

LATE_AFTER = timedelta(seconds=60)
"""An occurrence that nobody looked for at its time, nor for so long after it, is marked late."""

AT_ONCE = 100
"""Rows that are read together; a look reads more only where what it has read cannot be run."""

MOST_RETRY_WAIT = timedelta(minutes=10)
"""No retry waits longer; one that seems to is the trace of a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One claimed run of a job, as its handler sees it."""

    job: str
    key: str
    """Its name within the job: for `DailyAt` the local date, `2026-03-29`."""
    due_at: datetime
    """When it was due, aware, in UTC."""
    late: bool
    """Nobody looked for it then: the bot was down, say. Waiting for its turn among many makes it no later."""
    attempt: int
    """1 for the first try."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms occurrences are claimed."""

    owner: str
    grace: timedelta
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Claims:
    """The result of one look at what is due."""

    claimed: tuple[Occurrence, ...]
    wake_at: int | None
    """When there may be something to do next, in milliseconds; None when nothing is foreseen."""


def release(tx: Transaction, owner: str) -> int:
    """Give back what an earlier process of this owner had claimed and did not end; return how many."""
    sql = (
        "UPDATE job_occurrences SET state = 'due', owner = NULL, lease_until = NULL"
        " WHERE state = 'claimed' AND owner = ?"
    )
    return tx.execute(sql, (owner,))


def claim(tx: Transaction, terms: Terms, jobs: Mapping[str, int | None], busy: Collection[str], limit: int) -> Claims:
    """
    Claim what is due, the oldest first, at most one occurrence of a job and `limit` in all.

    What is seen here for the first time long after it was due is marked late, even if it has to wait for its turn.
    Several processes may claim at the same time: what one of them has its hand on, the others pass over.

    Args:
        tx: the transaction.
        terms: who claims, for how long, and how late a run may begin.
        jobs: the jobs that can be run here, and when each was last looked for, in milliseconds; None: never.
        busy: those of them that are running now; they are left alone.
        limit: how many may be claimed.

    """
    _mark_late(tx, jobs)
    claimed: list[Occurrence] = []
    taken = set(busy)
    wakes: list[int] = []
    for row in _open_rows(tx, taken):
        if len(claimed) >= limit:
            break  # the end of any of them asks for another look
        job = row["job"]
        if job not in jobs or job in taken:
            continue
        wait_until = _waits_until(row, tx.now, terms.lease)
        if wait_until is not None:
            wakes.append(wait_until)
        elif not _unchanged(tx, row):
            pass  # another process is at it
        elif from_millis(row["due_at"]) < tx.now - terms.grace:
            _give_up(tx, row)
            continue
        else:
            claimed.append(_claim(tx, row, terms))
        taken.add(job)  # its occurrences run in their order
    upcoming = tx.value("SELECT MIN(due_at) FROM job_occurrences WHERE state = 'due' AND due_at > ?", (tx.now_ms,))
    if upcoming is not None:
        wakes.append(upcoming)
    return Claims(tuple(claimed), min(wakes, default=None))


def coalesce(tx: Transaction, job: str) -> None:
    """Leave of the occurrences of a job that are due only the newest; the others are recorded as skipped."""
    newest = tx.value(
        "SELECT MAX(due_at) FROM job_occurrences WHERE job = ? AND state = 'due' AND due_at <= ?", (job, tx.now_ms)
    )
    tx.execute(
        "UPDATE job_occurrences SET state = 'skipped', error = ?, ended_at = ?"
        " WHERE job = ? AND state = 'due' AND due_at < ?",
        ("the next one was due before its turn came", tx.now_ms, job, newest or 0),
    )


def finish(tx: Transaction, occurrence: Occurrence, owner: str) -> None:
    """
    Mark a claimed occurrence done; in the transaction that holds its effect.

    Raises:
        Broken: the claim was lost to another process meanwhile, so the effect must not be committed.

    """
    sql = "UPDATE job_occurrences SET state = 'done', ended_at = ?, error = NULL, owner = NULL, lease_until = NULL"
    if tx.execute(sql + _MINE, (tx.now_ms, *_mine(occurrence, owner))) != 1:
        raise Broken(
            f"The run of {occurrence.job} for {occurrence.key} took so long that another process took it over."
        )


def fail(tx: Transaction, occurrence: Occurrence, owner: str, error: str, *, retry_at: int | None) -> None:
    """Note a failure: to be tried again at `retry_at`, or for good when that is None."""
    sql = (
        "UPDATE job_occurrences SET state = ?, failures = failures + 1, error = ?, retry_at = ?, ended_at = ?,"
        " owner = NULL, lease_until = NULL"
    )
    state, ended = ("failed", tx.now_ms) if retry_at is None else ("due", None)
    tx.execute(sql + _MINE, (state, error, retry_at, ended, *_mine(occurrence, owner)))


def failures(tx: Transaction, occurrence: Occurrence) -> int:
    """Return how often this occurrence has failed."""
    sql = "SELECT failures FROM job_occurrences WHERE job = ? AND occurrence = ?"
    return int(tx.value(sql, (occurrence.job, occurrence.key)) or 0)


def last_done(tx: Transaction, job: str, before: datetime) -> datetime | None:
    """Return when the newest occurrence of a job that is done was due, before that instant."""
    sql = "SELECT MAX(due_at) FROM job_occurrences WHERE job = ? AND state = 'done' AND due_at < ?"
    at = tx.value(sql, (job, to_millis(before)))
    return None if at is None else from_millis(at)


_MINE = " WHERE job = ? AND occurrence = ? AND state = 'claimed' AND owner = ? AND attempts = ?"


def _mine(occurrence: Occurrence, owner: str) -> tuple[str, str, str, int]:
    # The number of the attempt is the fence: whoever claimed the row after us has raised it.
    return occurrence.job, occurrence.key, owner, occurrence.attempt


def _waits_until(row: Row, now: datetime, lease: timedelta) -> int | None:
    """Return until when a row must be left alone, or None; a wait beyond its bound came from a wrong clock."""
    if row["state"] == "claimed":
        until, bound = row["lease_until"], now + lease
    else:
        until, bound = row["retry_at"], now + MOST_RETRY_WAIT
    return until if until is not None and to_millis(now) < until <= to_millis(bound) else None


def _give_up(tx: Transaction, row: Row) -> None:
    failed = row["error"] is not None
    tx.execute(
        "UPDATE job_occurrences SET state = ?, error = ?, ended_at = ?, owner = NULL, lease_until = NULL"
        " WHERE job = ? AND occurrence = ?",
        (
            "failed" if failed else "skipped",
            row["error"] if failed else "missed for longer than the grace",
            tx.now_ms,
            row["job"],
            row["occurrence"],
        ),
    )


def _mark_late(tx: Transaction, jobs: Mapping[str, int | None]) -> None:
    """Mark what came due long ago, while nobody looked; where all jobs were looked for lately this reads nothing."""
    until = to_millis(tx.now - LATE_AFTER)
    unseen = {job: -1 if seen is None else seen for job, seen in jobs.items() if seen is None or seen < until}
    if not unseen:
        return
    sql = (
        "SELECT job, occurrence, due_at FROM job_occurrences WHERE state = 'due' AND late = 0 AND due_at > ?"
        " AND due_at < ?"
    )
    few = list(unseen) if len(unseen) <= AT_ONCE else []
    if few:
        sql += f" AND job IN ({', '.join('?' * len(few))})"
    rows = tx.all(sql, (min(unseen.values()), until, *few))
    late = [(job, occurrence) for job, occurrence, due_at in rows if due_at > unseen.get(job, until)]
    if late:
        tx.executemany("UPDATE job_occurrences SET late = 1 WHERE job = ? AND occurrence = ?", late)


def _open_rows(tx: Transaction, taken: Collection[str]) -> Iterator[Row]:
    """
    Yield what is due or claimed, the oldest first; a few in memory at a time.

    Args:
        tx: the transaction.
        taken: jobs of which nothing more is wanted; it may grow meanwhile.

    """
    after = ""
    place: tuple[Value, ...] = ()
    while True:
        sql = f"SELECT * FROM job_occurrences WHERE state IN ('due', 'claimed') AND due_at <= ?{after}"  # noqa: S608
        unwanted = tuple(taken)[:AT_ONCE]
        if unwanted:
            sql += f" AND job NOT IN ({', '.join('?' * len(unwanted))})"
        rows = tx.all(f"{sql} ORDER BY due_at, job, occurrence LIMIT {AT_ONCE}", (tx.now_ms, *place, *unwanted))
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1]
        after = " AND due_at >= ? AND (due_at > ? OR job > ? OR (job = ? AND occurrence > ?))"
        place = (last["due_at"], last["due_at"], last["job"], last["job"], last["occurrence"])


def _unchanged(tx: Transaction, row: Row) -> bool:
    """Return whether a row is still as it was read, and hold it until the end of the transaction if so."""
    sql = "SELECT attempts FROM job_occurrences WHERE job = ? AND occurrence = ? AND state = ?"
    attempts = tx.value(sql + tx.dialect.unless_locked, (row["job"], row["occurrence"], row["state"]))
    return attempts is not None and attempts == row["attempts"]


def _claim(tx: Transaction, row: Row, terms: Terms) -> Occurrence:
    attempt = row["attempts"] + 1
    tx.execute(
        "UPDATE job_occurrences SET state = 'claimed', owner = ?, lease_until = ?, attempts = ?"
        " WHERE job = ? AND occurrence = ?",
        (terms.owner, to_millis(tx.now + terms.lease), attempt, row["job"], row["occurrence"]),
    )
    return Occurrence(row["job"], row["occurrence"], from_millis(row["due_at"]), bool(row["late"]), attempt)
