"""What is due when for an occurrence: its post, reminders, the end of sign-up, begin and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from steward.bots.events.model.details import Details, Reminder
from steward.bots.events.model.occurrences import MomentKind, Occurrence
from steward.store import Transaction, to_millis
from steward.store.due import due
from steward.store.due.due import DueItem

TOPIC = "event_course"
"""Announced whenever another time, or another voice channel, holds for an occurrence."""

COURSE = tuple(kind for kind in MomentKind if kind is not MomentKind.POST)


class Moment(NamedTuple):
    """When something happens; the name is its own among those of its kind: another start has other moments."""

    kind: MomentKind
    name: str
    at: datetime


def minutes_before(item: DueItem) -> int:
    """Return how long before the start a reminder comes."""
    return int(item.name.partition("@")[0])


def set_post(tx: Transaction, event: Occurrence, at: datetime) -> None:
    """Have an occurrence posted at an instant."""
    due.put(tx, MomentKind.POST, event.id, at, guild_id=event.guild_id)


def set_post_by(tx: Transaction, event: Occurrence, at: datetime) -> None:
    """Have an occurrence posted at an instant, unless that is to happen earlier."""
    if all(at < post.at for post in due.waiting(tx, [MomentKind.POST], event.id)):
        set_post(tx, event, at)


def set_course(tx: Transaction, event: Occurrence) -> None:
    """
    Have everything happen that follows from an occurrence's time and details; what is no longer so is forgotten.

    What was past before it was asked for is left out, but for the end.
    """
    waiting = {(item.kind, item.name): item for item in due.waiting(tx, COURSE, event.id)}
    for moment in course(event):
        known = waiting.pop((moment.kind, moment.name), None) is not None
        if not known and (moment.at >= tx.now or moment.kind is MomentKind.END):
            due.put(tx, moment.kind, event.id, moment.at, guild_id=event.guild_id, name=moment.name)
    for item in waiting.values():
        due.drop(tx, item)
    tx.notify(TOPIC)


def forget(tx: Transaction, occurrence_id: int) -> int:
    """Have nothing more happen to an occurrence; return how much there was."""
    return due.forget(tx, tuple(MomentKind), occurrence_id)


def course(event: Occurrence) -> list[Moment]:
    """Return what happens to an occurrence once it is posted."""
    start = to_millis(event.starts_at)
    moments = [
        Moment(MomentKind.START, str(start), event.starts_at),
        Moment(MomentKind.END, str(to_millis(event.ends_at)), event.ends_at),
    ]
    if event.details.cutoff:
        moments.append(Moment(MomentKind.CLOSE, str(to_millis(event.closes_at)), event.closes_at))
    for reminder in event.details.reminders:
        at = event.starts_at - timedelta(minutes=reminder.minutes)
        moments.append(Moment(MomentKind.REMIND, f"{reminder.minutes}@{start}", at))
    return moments


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
