"""Plan the occurrences of durable jobs, in SQL."""

from __future__ import annotations

from datetime import timedelta

from steward.store.instants import from_millis, to_millis
from steward.store.jobs.schedule import Schedule
from steward.store.retention import deletion_limit
from steward.store.transaction import Transaction

LISTED_WHEN_MISSED = timedelta(days=31)
"""After a long absence, occurrences older than the grace are recorded as skipped this far back, and no further."""

KEPT = timedelta(days=90)
"""Ended occurrences are deleted after this."""


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
