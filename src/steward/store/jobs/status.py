"""The status of durable jobs, for display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from steward.store.instants import from_millis
from steward.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class JobStatus:
    """The status of one job."""

    job: str
    next_due: datetime | None
    last_key: str | None
    """The newest occurrence that has come due; None before the first."""
    last_state: str | None
    """`due`, `claimed`, `done`, `skipped` or `failed`."""
    last_late: bool
    last_error: str | None
    failures: int
    """Failures of that occurrence."""


def status(tx: Transaction, jobs: Sequence[str]) -> list[JobStatus]:
    """Return the status of each of these jobs, in their order."""
    return [_status(tx, job) for job in jobs]


def _status(tx: Transaction, job: str) -> JobStatus:
    upcoming = tx.value(
        "SELECT MIN(due_at) FROM job_occurrences WHERE job = ? AND state = 'due' AND due_at > ?", (job, tx.now_ms)
    )
    last = tx.one(
        "SELECT occurrence, state, late, error, failures FROM job_occurrences WHERE job = ? AND due_at <= ?"
        " ORDER BY due_at DESC LIMIT 1",
        (job, tx.now_ms),
    )
    key, state, late, error, failures = last or (None, None, 0, None, 0)
    next_due = None if upcoming is None else from_millis(upcoming)
    return JobStatus(job, next_due, key, state, bool(late), error, failures)
