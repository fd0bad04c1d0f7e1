"""What is due when, in SQL: each moment of an occurrence once, its effect in the transaction that ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.bots.events.model.details import Details, Reminder
from steward.bots.events.model.occurrences import Occurrence
from steward.store import Row, Transaction, from_millis, to_millis

TOPIC = "event_moments"
"""Announced whenever there may be something to do earlier than was known."""


class MomentKind(StrEnum):
    """What happens."""

    POST = "post"
    REMIND = "remind"
    CLOSE = "close"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Moment:
    """
    One thing that is due.

    Attributes:
        occurrence_id: of what.
        kind: what happens.
        name: which of its kind; a reminder's is its minutes and the start that it is about.
        due_at: when, an instant.

    """

    occurrence_id: int
    kind: MomentKind
    name: str
    due_at: datetime

    @property
    def minutes(self) -> int:
        """How long before the start a reminder comes."""
        return int(self.name.partition("@")[0])


def set_post(tx: Transaction, event: Occurrence, at: datetime) -> None:
    """Have an occurrence posted at an instant, unless that has happened."""
    _set(tx, Moment(event.id, MomentKind.POST, "", at))


def set_post_by(tx: Transaction, event: Occurrence, at: datetime) -> None:
    """Have an occurrence posted at an instant, unless that has happened, or is to happen earlier."""
    due = tx.value(
        "SELECT due_at FROM event_moments WHERE occurrence_id = ? AND kind = ? AND done_at IS NULL",
        (event.id, MomentKind.POST.value),
    )
    if due is None or to_millis(at) < due:
        set_post(tx, event, at)


def set_course(tx: Transaction, event: Occurrence) -> None:
    """
    Have everything happen that follows from an occurrence's time and details; what is no longer so is forgotten.

    What has happened does not happen again, but for reminders of another start; one whose time was past before it was
    asked for is left out.
    """
    wanted = {(moment.kind, moment.name): moment for moment in course(event)}
    kept = tx.all(
        "SELECT kind, name, due_at FROM event_moments WHERE occurrence_id = ? AND kind <> ? AND done_at IS NULL",
        (event.id, MomentKind.POST.value),
    )
    for kind, name, _ in kept:
        if (MomentKind(kind), name) not in wanted:
            tx.execute(
                "DELETE FROM event_moments WHERE occurrence_id = ? AND kind = ? AND name = ?", (event.id, kind, name)
            )
    for moment in wanted.values():
        if moment.kind is not MomentKind.REMIND or moment.due_at >= tx.now:
            _set(tx, moment)


def forget(tx: Transaction, occurrence_id: int) -> None:
    """Have nothing more happen to an occurrence."""
    tx.execute("DELETE FROM event_moments WHERE occurrence_id = ? AND done_at IS NULL", (occurrence_id,))


def course(event: Occurrence) -> list[Moment]:
    """Return what happens to an occurrence once it is posted."""
    start = to_millis(event.starts_at)
    moments = [
        Moment(event.id, MomentKind.START, str(start), event.starts_at),
        Moment(event.id, MomentKind.END, str(to_millis(event.ends_at)), event.ends_at),
    ]
    if event.details.cutoff:
        moments.append(Moment(event.id, MomentKind.CLOSE, str(to_millis(event.closes_at)), event.closes_at))
    return moments + [_remind(event, reminder, start) for reminder in event.details.reminders]


def due(tx: Transaction, *, limit: int) -> list[Moment]:
    """Return what is due, the earliest first; what can't be read is left out (`pass_over_unreadable`)."""
    return [moment for row in _due(tx, limit) if (moment := _read(row)) is not None]


def pass_over_unreadable(tx: Transaction, *, limit: int) -> list[int]:
    """End what is due and can't be read, such as what a later version has planned; return of which occurrences."""
    rows = [row for row in _due(tx, limit) if _read(row) is None]
    for row in rows:
        sql = "UPDATE event_moments SET done_at = ? WHERE occurrence_id = ? AND kind = ? AND name = ?"
        tx.execute(sql, (tx.now_ms, row[0], row[1], row[2]))
    return [row[0] for row in rows]


def _due(tx: Transaction, limit: int) -> list[Row]:
    sql = (
        "SELECT occurrence_id, kind, name, due_at FROM event_moments WHERE done_at IS NULL AND due_at <= ?"
        " ORDER BY due_at, occurrence_id LIMIT ?"
    )
    return tx.all(sql, (tx.now_ms, limit))


def _read(row: Row) -> Moment | None:
    occurrence_id, kind, name, at = row
    try:
        moment = Moment(occurrence_id, MomentKind(kind), name, from_millis(at))
    except ValueError:
        return None
    return moment if to_millis(moment.due_at) == at else None


def next_due(tx: Transaction) -> datetime | None:
    """Return when the next thing is due; None when nothing is."""
    at = tx.value("SELECT MIN(due_at) FROM event_moments WHERE done_at IS NULL")
    return None if at is None else from_millis(at)


def take(tx: Transaction, moment: Moment) -> bool:
    """End a moment, in the transaction of its effect; False if it is ended, moved or forgotten already."""
    return (
        tx.execute(
            "UPDATE event_moments SET done_at = ? WHERE occurrence_id = ? AND kind = ? AND name = ? AND due_at = ?"
            " AND done_at IS NULL",
            (tx.now_ms, moment.occurrence_id, moment.kind.value, moment.name, to_millis(moment.due_at)),
        )
        == 1
    )


def put_off(tx: Transaction, moment: Moment, until: datetime) -> None:
    """Have a moment happen later: it cannot now."""
    tx.execute(
        "UPDATE event_moments SET due_at = ? WHERE occurrence_id = ? AND kind = ? AND name = ? AND done_at IS NULL",
        (to_millis(until), moment.occurrence_id, moment.kind.value, moment.name),
    )


def reminders_of(details: Details, minutes: int) -> Reminder | None:
    """Return the reminder that comes so many minutes before the start, or None."""
    return next((reminder for reminder in details.reminders if reminder.minutes == minutes), None)


def is_overtaken(event: Occurrence, reminder: Reminder, now: datetime) -> bool:
    """Tell whether a later reminder is due as well: after an absence only the last one is sent."""
    left = event.starts_at - now
    return any(
        left <= timedelta(minutes=other.minutes)
        for other in event.details.reminders
        if other.minutes < reminder.minutes
    )


def _remind(event: Occurrence, reminder: Reminder, start: int) -> Moment:
    at = event.starts_at - timedelta(minutes=reminder.minutes)
    return Moment(event.id, MomentKind.REMIND, f"{reminder.minutes}@{start}", at)


def _set(tx: Transaction, moment: Moment) -> None:
    key = {"occurrence_id": moment.occurrence_id, "kind": moment.kind.value, "name": moment.name}
    at = to_millis(moment.due_at)
    if not tx.insert_new("event_moments", {**key, "due_at": at}):
        sql = (
            "UPDATE event_moments SET due_at = ? WHERE occurrence_id = ? AND kind = ? AND name = ? AND done_at IS NULL"
        )
        tx.execute(sql, (at, *key.values()))
    tx.notify(TOPIC)
