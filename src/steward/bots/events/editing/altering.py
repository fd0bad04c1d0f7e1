"""What every change of an occurrence comes to: whether it may be, and what follows from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.occurrences import Occurrence, State, occurrence, set_state, set_time, touch
from steward.bots.events.native import mirrors
from steward.bots.events.roles import roles
from steward.bots.events.rsvp import answers
from steward.bots.events.rsvp.notices import tell_moved_up, tell_those_who_come
from steward.bots.events.schedule import moments
from steward.store import Transaction


def changeable(tx: Transaction, occurrence_id: int) -> Occurrence:
    """
    Return an occurrence that is about to be changed; nobody else changes it in this transaction.

    Raises `BadEvent` if it is cancelled or over.
    """
    touch(tx, occurrence_id)  # first, for it locks the row: who changes an event at the same time comes after
    event = occurrence(tx, occurrence_id)
    if event.state is State.CANCELLED:
        raise BadEvent("It's cancelled already.", remedy="`/event restore` brings it back.")
    if event.state is State.OVER or event.ends_at <= tx.now:
        raise BadEvent("It's over.", remedy="Create it again with `/event duplicate`.")
    return event


def take_over(tx: Transaction, event: Occurrence, starts_at: datetime, said: str) -> None:
    """Let everything follow from an occurrence's new start or details; those who come are told that it `said`."""
    set_time(tx, event.id, starts_at, starts_at + timedelta(minutes=event.details.minutes))
    moved_up = answers.move_up(tx, event.id)
    if event.state is not State.POSTED:
        return
    moments.set_course(tx, occurrence(tx, event.id))
    tell_moved_up(tx, moved_up.occurrence, moved_up.moved_up)
    follow(tx, event.id)
    tell_those_who_come(tx, occurrence(tx, event.id), said)


def call_off(tx: Transaction, occurrence_id: int) -> None:
    """Cancel an occurrence, and have nothing more happen to it; those who come are told."""
    touch(tx, occurrence_id)  # the number of the change names the notice of it
    event = occurrence(tx, occurrence_id)
    tell_those_who_come(tx, event, "is cancelled")
    set_state(tx, event.id, State.CANCELLED)
    moments.forget(tx, event.id)
    follow(tx, event.id)


def follow(tx: Transaction, occurrence_id: int) -> None:
    """Let the role, the thread and Discord's own event follow from what an occurrence has come to."""
    event = occurrence(tx, occurrence_id)
    roles.follow(tx, event)
    mirrors.follow(tx, event)
