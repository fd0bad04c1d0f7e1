"""
Durable jobs, in SQL: one row for each occurrence of each job, from due to done.

    due -> claimed -> done | failed         skipped: missed for longer than the grace
     ^--------'  after a failure (retry_at), or when the claimer died (lease_until)

The functions are units of work, called by `JobRunner`; `steward.store.jobs.due_jobs` finds the candidates.
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
"""An occurrence for which no process looked until so long after it was due is marked late."""

FEW = 100
"""Most jobs named in a query; for more, the rows of all jobs are read."""


@dataclass(frozen=True, slots=True)
class JobOccurrence:
    """One claimed run of a job, as its handler sees it."""

    job: str
    key: str
    """The occurrence within the job: for `DailyAt` the local date, `2026-03-29`."""
    due_at: datetime
    """When it was due, aware, in UTC."""
    late: bool
    """No process looked for it in time, as when the bot was down. A wait for a free slot does not count."""
    attempt: int
    """1 for the first try."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which occurrences are claimed."""

    owner: str
    grace: timedelta
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Claims:
    """The result of claiming candidates."""

    claimed: tuple[JobOccurrence, ...]
    tried: int
    """Candidates that were claimed, given up or lost to another process; the others still wait."""


def release(tx: Transaction, owner: str) -> int:
    """Release the unfinished claims of an earlier process of this owner; return how many."""
    sql = (
        "UPDATE job_occurrences SET state = 'due', owner = NULL, lease_until = NULL"
        " WHERE state = 'claimed' AND owner = ?"
    )
    return tx.execute(sql, (owner,))


def claim(tx: Transaction, terms: Terms, candidates: Sequence[Candidate], limit: int) -> Claims:
    """
    Claim at most `limit` candidates that have not changed since the look; give up those older than the grace.

    Several processes may claim at the same time: a row locked by one is skipped by the others.
    """
    claimed: list[JobOccurrence] = []
    passed: set[str] = set()
    tried = 0
    for candidate in candidates:
        if len(claimed) >= limit:
            break
        tried += 1
        row = None if candidate.job in passed else _lock(tx, candidate)
        if row is None:
            passed.add(candidate.job)  # another process has it; the occurrences of a job run in order
        elif row["due_at"] < to_millis(tx.now - terms.grace):
            _give_up(tx, row)
        else:
            claimed.append(_claim(tx, row, terms))
    return Claims(tuple(claimed), tried)


def mark_late(tx: Transaction, jobs: Mapping[str, int | None]) -> None:
    """
    Mark as late what came due long ago while no process looked for it.

    If all jobs were looked for lately, this reads nothing.

    Args:
        jobs: the jobs that this process runs, and when each was last looked for, in milliseconds; None: never.

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
    """Keep only the newest due occurrence of a job; the others are recorded as skipped."""
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
    Mark a claimed occurrence done, in the transaction of its effect.

    Raises:
        Broken: another process has taken over the claim, so the effect must not be committed.

    """
    sql = "UPDATE job_occurrences SET state = 'done', ended_at = ?, error = NULL, owner = NULL, lease_until = NULL"
    if tx.execute(sql + _MINE, (tx.now_ms, *_mine(occurrence, owner))) != 1:
        raise Broken(
            f"The run of {occurrence.job} for {occurrence.key} took so long that another process took it over."
        )


def fail(tx: Transaction, occurrence: JobOccurrence, owner: str, error: str, *, retry_at: int | None) -> None:
    """Record a failure: retry at `retry_at`, or never if that is None."""
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
    """Return when the newest done occurrence of a job before `before` was due."""
    sql = "SELECT MAX(due_at) FROM job_occurrences WHERE job = ? AND state = 'done' AND due_at < ?"
    at = tx.value(sql, (job, to_millis(before)))
    return None if at is None else from_millis(at)


_MINE = " WHERE job = ? AND occurrence = ? AND state = 'claimed' AND owner = ? AND attempts = ?"


def _mine(occurrence: JobOccurrence, owner: str) -> tuple[str, str, str, int]:
    # The attempt number is the fence: a later claimer has raised it.
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


def _lock(tx: Transaction, candidate: Candidate) -> Row | None:
    """Return the row, locked until the end of the transaction; None if it has changed since the look."""
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
