"""Plan the occurrences of durable jobs, in SQL, and when to look for those that are due."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from datetime import timedelta

from steward.store.instants import from_millis, to_millis
from steward.store.jobs.due_jobs import Candidate
from steward.store.jobs.schedule import Schedule
from steward.store.retention import deletion_limit
from steward.store.transaction import Transaction

LISTED_WHEN_MISSED = timedelta(days=31)
"""After a long absence, occurrences older than the grace are recorded as skipped this far back, and no further."""

KEPT = timedelta(days=90)
"""Ended occurrences are deleted after this."""
LOOK_EVERY = 1.0
"""Seconds for which the result of a look is used."""
LOOK_SHARE = 0.1
"""The largest share of time spent on looks: after a slow one, its result is used for longer."""
AHEAD = 500
"""Candidates that one look returns at most."""


def replan(tx: Transaction, job: str, schedule: Schedule) -> None:
    """
    Register `job` if it is new, and delete its future occurrences that have not begun: its schedule may have changed.

    After a change of the schedule nothing is caught up for the time before now.
    """
    described = repr(schedule)[:190]
    tx.insert_new("jobs", {"name": job, "since": tx.now_ms, "schedule": described})
    last = tx.value("SELECT schedule FROM jobs WHERE name = ?", (job,))
    if last != described:
        since = tx.now_ms if last is not None else tx.value("SELECT since FROM jobs WHERE name = ?", (job,))
        tx.execute("UPDATE jobs SET schedule = ?, since = ? WHERE name = ?", (described, since, job))
    # By the job alone: with the state in the query, SQLite would read the due rows of all jobs.
    ahead = tx.all(
        "SELECT occurrence, state, attempts FROM job_occurrences WHERE job = ? AND due_at > ?", (job, tx.now_ms)
    )
    for row in ahead:
        if row["state"] == "due" and row["attempts"] == 0:
            tx.execute("DELETE FROM job_occurrences WHERE job = ? AND occurrence = ?", (job, row["occurrence"]))


def plan(tx: Transaction, job: str, schedule: Schedule, grace: timedelta, *, forget: bool = True) -> int:
    """
    Insert the rows of the missed occurrences and of the next one.

    An occurrence keeps its row, so planning again after a restart or a jump of the clock changes nothing.

    Args:
        grace: how late a missed occurrence is still run.
        forget: delete ended occurrences older than `KEPT`.

    Returns:
        When the next occurrence is due, in milliseconds.

    """
    # A future occurrence cannot have been missed: the clock was wrong.
    tx.execute("DELETE FROM job_occurrences WHERE job = ? AND due_at > ? AND state = 'skipped'", (job, tx.now_ms))
    known = tx.value("SELECT MAX(due_at) FROM job_occurrences WHERE job = ? AND due_at <= ?", (job, tx.now_ms))
    since = tx.value("SELECT since FROM jobs WHERE name = ?", (job,))
    begin = tx.now if since is None else min(tx.now, from_millis(since))
    if known is not None and known > to_millis(begin):
        begin = from_millis(known)
    begin = max(begin, tx.now - grace - LISTED_WHEN_MISSED)
    if forget:
        _forget_old(tx, job)
    while True:
        due = schedule.after(begin)
        row = {"job": job, "occurrence": due.occurrence, "due_at": to_millis(due.at), "state": "due"}
        new = tx.insert_new("job_occurrences", row)
        if due.at > tx.now and (new or _is_ahead(tx, job, due.occurrence)):
            return to_millis(due.at)
        begin = due.at


def _forget_old(tx: Transaction, job: str) -> None:
    before = to_millis(tx.now - KEPT)
    ended = "FROM job_occurrences WHERE job = ? AND due_at < ? AND state IN ('done', 'skipped', 'failed')"
    oldest = tx.value(f"SELECT MIN(due_at) {ended}", (job, before))
    if oldest is None:
        return
    newest = tx.value("SELECT MAX(due_at) FROM job_occurrences WHERE job = ?", (job,))
    tx.execute(f"DELETE {ended}", (job, deletion_limit(before, oldest=oldest, newest=newest, now=tx.now_ms)))


def _is_ahead(tx: Transaction, job: str, occurrence: str) -> bool:
    sql = "SELECT state FROM job_occurrences WHERE job = ? AND occurrence = ? AND due_at > ?"
    return tx.value(sql, (job, occurrence, tx.now_ms)) in {"due", "claimed"}


class Agenda:
    """
    The candidates of the last look that nobody has claimed yet.

    The next look is when the next is due, when all are taken, else once a second. A job that ends takes the next
    candidate instead of looking again, so not every job costs a look.
    """

    def __init__(self) -> None:
        self.candidates: deque[Candidate] = deque()
        self.wake_at: int | None = None
        """When there may be something to do next, in milliseconds; None if nothing is planned."""
        self._looked_at: float | None = None
        self._rest = 0.0
        self._fruitful = False
        self._outdated = True

    def found(self, candidates: Collection[Candidate], wake_at: int | None, *, began: float, ended: float) -> None:
        """Store the result of a look; `began` and `ended` are on the monotonic clock."""
        self.candidates = deque(candidates)
        self.wake_at = wake_at
        self._fruitful = bool(candidates)
        self._looked_at = began
        self._rest = (ended - began) / LOOK_SHARE

    def begin_look(self) -> None:
        """Begin a look: only what is outdated from now on needs another."""
        self._outdated = False

    def outdate(self, *, urgent: bool = False) -> None:
        """Mark the candidates as outdated; look again at once if `urgent`."""
        self._outdated = True
        if urgent:
            self._looked_at = None

    def look_in(self, now_ms: int, now: float) -> float | None:
        """
        Return the seconds until the next look: 0 for now, None while candidates can be used.

        Args:
            now_ms: the wall clock, in milliseconds.
            now: the monotonic clock, in seconds.

        """
        if self._looked_at is None:
            return 0.0
        age = now - self._looked_at
        if self.wake_at is not None and now_ms >= self.wake_at:
            return max(0.0, self._rest - age)
        good_for = max(LOOK_EVERY, self._rest)
        if self.candidates and age < good_for and not self._outdated:
            return None
        if self._fruitful and not self.candidates:
            return 0.0  # all candidates were taken, so there may be more
        return max(0.0, good_for - age)
