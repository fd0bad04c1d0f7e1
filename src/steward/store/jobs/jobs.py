"""
Durable jobs, in SQL: one row for each occurrence of each job, from due to done.

    due -> claimed -> done | failed         skipped: missed for longer than the grace
     ^--------'  after a failure (retry_at), after the claimer's death (lease_until)

The functions are units of work; `JobRunner` in `steward.store.jobs.runner` decides when to call them. What could be
claimed is found by `steward.store.jobs.due_jobs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.errors import Broken
from steward.store.instants import from_millis, to_millis
from steward.store.jobs.due_jobs import Candidate
from steward.store.transaction import Row, Transaction

LATE_AFTER = timedelta(seconds=60)
"""An occurrence that nobody looked for at its time, nor for so long after it, is marked late."""

FEW = 100
"""So many jobs are named in a query; of more, the rows of all jobs are read."""


@dataclass(frozen=True, slots=True)
class JobOccurrence:
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
    """What became of some candidates."""

    claimed: tuple[JobOccurrence, ...]
    tried: int
    """How many of the candidates were claimed, given up or lost to another process; the rest still waits."""


def release(tx: Transaction, owner: str) -> int:
    """Give back what an earlier process of this owner had claimed and did not end; return how many."""
    sql = (
        "UPDATE job_occurrences SET state = 'due', owner = NULL, lease_until = NULL"
        " WHERE state = 'claimed' AND owner = ?"
    )
    return tx.execute(sql, (owner,))


def claim(tx: Transaction, terms: Terms, candidates: Sequence[Candidate], limit: int) -> Claims:
    """
    Claim what is still as it was looked at, at most `limit` occurrences; give up what is older than the grace.

    Several processes may claim at the same time: what one of them has its hand on, the others pass over.
    """
    claimed: list[JobOccurrence] = []
    passed: set[str] = set()
    tried = 0
    for candidate in candidates:
        if len(claimed) >= limit:
            break
        tried += 1
        row = None if candidate.job in passed else _held(tx, candidate)
        if row is None:
            passed.add(candidate.job)  # another process is at it; its occurrences run in their order
        elif row["due_at"] < to_millis(tx.now - terms.grace):
            _give_up(tx, row)
        else:
            claimed.append(_claim(tx, row, terms))
    return Claims(tuple(claimed), tried)


def mark_late(tx: Transaction, jobs: Mapping[str, int | None]) -> None:
    """
    Mark what came due long ago while nobody looked, even if it has to wait for its turn.

    Where all jobs were looked for lately this reads nothing.

    Args:
        jobs: the jobs that can be run here, and when each was last looked for, in milliseconds; None: never.

    """
    until = to_millis(tx.now - LATE_AFTER)
    unseen = {job: -1 if seen is None else seen for job, seen in jobs.items() if seen is None or seen < until}
    if not unseen:
        return
    sql = (
        "SELECT job, occurrence, due_at FROM job_occurrences WHERE state = 'due' AND late = 0 AND due_at > ?"
        " AND due_at < ?"
    )
    few = list(unseen) if len(unseen) <= FEW else []
    if few:
        sql += f" AND job IN ({', '.join('?' * len(few))})"
    rows = tx.all(sql, (min(unseen.values()), until, *few))
    late = [(job, occurrence) for job, occurrence, due_at in rows if due_at > unseen.get(job, until)]
    if late:
        tx.executemany("UPDATE job_occurrences SET late = 1 WHERE job = ? AND occurrence = ?", late)


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


def finish(tx: Transaction, occurrence: JobOccurrence, owner: str) -> None:
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


def fail(tx: Transaction, occurrence: JobOccurrence, owner: str, error: str, *, retry_at: int | None) -> None:
    """Note a failure: to be tried again at `retry_at`, or for good when that is None."""
    sql = (
        "UPDATE job_occurrences SET state = ?, failures = failures + 1, error = ?, retry_at = ?, ended_at = ?,"
        " owner = NULL, lease_until = NULL"
    )
    state, ended = ("failed", tx.now_ms) if retry_at is None else ("due", None)
    tx.execute(sql + _MINE, (state, error, retry_at, ended, *_mine(occurrence, owner)))


def failures(tx: Transaction, occurrence: JobOccurrence) -> int:
    """Return how often this occurrence has failed."""
    sql = "SELECT failures FROM job_occurrences WHERE job = ? AND occurrence = ?"
    return int(tx.value(sql, (occurrence.job, occurrence.key)) or 0)


def last_done(tx: Transaction, job: str, before: datetime) -> datetime | None:
    """Return when the newest occurrence of a job that is done was due, before that instant."""
    sql = "SELECT MAX(due_at) FROM job_occurrences WHERE job = ? AND state = 'done' AND due_at < ?"
    at = tx.value(sql, (job, to_millis(before)))
    return None if at is None else from_millis(at)


_MINE = " WHERE job = ? AND occurrence = ? AND state = 'claimed' AND owner = ? AND attempts = ?"


def _mine(occurrence: JobOccurrence, owner: str) -> tuple[str, str, str, int]:
    # The number of the attempt is the fence: whoever claimed the row after us has raised it.
    return occurrence.job, occurrence.key, owner, occurrence.attempt


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


def _held(tx: Transaction, candidate: Candidate) -> Row | None:
    """Return the row if it is still as it was looked at, and hold it until the end of the transaction."""
    sql = "SELECT * FROM job_occurrences WHERE job = ? AND occurrence = ? AND state = ?"
    row = tx.one(sql + tx.dialect.unless_locked, (candidate.job, candidate.occurrence, candidate.state))
    return row if row is not None and row["attempts"] == candidate.attempts else None


def _claim(tx: Transaction, row: Row, terms: Terms) -> JobOccurrence:
    attempt = row["attempts"] + 1
    tx.execute(
        "UPDATE job_occurrences SET state = 'claimed', owner = ?, lease_until = ?, attempts = ?"
        " WHERE job = ? AND occurrence = ?",
        (terms.owner, to_millis(tx.now + terms.lease), attempt, row["job"], row["occurrence"]),
    )
    return JobOccurrence(row["job"], row["occurrence"], from_millis(row["due_at"]), bool(row["late"]), attempt)
