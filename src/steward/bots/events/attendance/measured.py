"""Who was there: time in an event's voice channel while it took place, beside what was answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from steward.bots.events.model.occurrences import Occurrence, occurrence, read_occurrence
from steward.bots.events.model.timeline import rows_taking_place
from steward.bots.events.rsvp.answers import answers
from steward.bots.events.schedule.moments import TOPIC
from steward.runtime.clock import Clock
from steward.runtime.waiting import wait_within
from steward.store import Row, Store, Transaction, to_millis

log = structlog.get_logger(__name__)

LOOK_EVERY = 300.0
AHEAD = timedelta(minutes=10)
LEAST = timedelta(minutes=5)
SHARE = 4
"""Whoever was there for five minutes, or for a quarter of a shorter event, has attended."""


@dataclass(frozen=True, slots=True)
class AttendanceWindow:
    """When and where somebody who sits attends an occurrence, in milliseconds since the epoch."""

    occurrence_id: int
    channel_id: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Presence:
    """
    One member's part in an occurrence that is over.

    Attributes:
        name: as it was shown; empty for one who came without an answer.
        comes: whether that answer meant to come, and had a seat.
        counted: whether it is known at all: not of members who do not want to be counted.

    """

    user_id: int
    name: str
    option: str | None
    comes: bool
    minutes: int
    attended: bool
    counted: bool = True


class Attendance:
    """
    Measures who is in the voice channels of events that take place.

    Time is written every few seconds; a crash loses no more than that. While Discord is not heard nobody is counted.

    Args:
        counts: whether a member of a guild wants to be counted.

    """

    def __init__(self, store: Store, clock: Clock, *, counts: Callable[[int, int], bool]) -> None:
        self._store = store
        self._clock = clock
        self._counts = counts
        self._windows: Sequence[AttendanceWindow] = ()
        self._rows = store.batched(
            store.dialect.upsert("event_attendance", key=("occurrence_id", "user_id"), add=("millis",))
        )

    def sat(self, guild_id: int, channel_id: int, user_id: int, begin: int, end: int) -> None:
        """Note that somebody sat somewhere for a time, in milliseconds since the epoch."""
        if not self._counts(guild_id, user_id):
            return
        for window in self._windows:
            first, last = max(begin, window.begin), min(end, window.end)
            if window.channel_id == channel_id and first < last:
                self._rows.add((window.occurrence_id, user_id, last - first))

    async def run(self) -> None:
        """Know which events take place, for ever."""
        with self._store.listening(TOPIC) as changed:
            while True:
                changed.clear()
                self._windows = await self._store.read(partial(_windows, until=self._clock.now() + AHEAD))
                await wait_within(changed, LOOK_EVERY)

    async def flush(self) -> None:
        """Write what was measured until now."""
        await self._rows.flush()


def presences(tx: Transaction, occurrence_id: int) -> list[Presence]:
    """Return everybody who answered or was there, those who answered first, in the order of their answers."""
    event = occurrence(tx, occurrence_id)
    rows = tx.all("SELECT user_id, millis FROM event_attendance WHERE occurrence_id = ?", (occurrence_id,))
    there = {user_id: int(millis) for user_id, millis in rows}
    coming = event.details.coming
    known = [
        _presence(
            event, answer.user_id, answer.name, answer.option, there, comes=answer.seated and answer.option in coming
        )
        for answer in answers(tx, occurrence_id)
    ]
    answered = {presence.user_id for presence in known}
    return known + [_presence(event, user, "", None, there, comes=False) for user in there if user not in answered]


def counts_from(event: Occurrence) -> timedelta:
    """Return how long somebody must have been there to have attended."""
    return min(LEAST, (event.ends_at - event.starts_at) / SHARE)


def _presence(
    event: Occurrence, user_id: int, name: str, option: str | None, there: dict[int, int], *, comes: bool
) -> Presence:
    spent = timedelta(milliseconds=there.get(user_id, 0))
    attended = spent >= counts_from(event)
    return Presence(user_id, name, option, comes, round(spent.total_seconds() / 60), attended)


def _windows(tx: Transaction, until: datetime) -> tuple[AttendanceWindow, ...]:
    found = (_window(row) for row in rows_taking_place(tx, tx.now - AHEAD, until))
    return tuple(window for window in found if window is not None)


def _window(row: Row) -> AttendanceWindow | None:
    """Return when and where an occurrence is attended; None where it has no voice channel, or cannot be read."""
    try:
        event = read_occurrence(row)
    except Exception as error:  # the boundary of occurrences: one that cannot be read is not measured, the others are
        log.error("event_not_shown", number=row["id"], exc_info=error)
        return None
    if event.details.voice_channel_id is None:
        return None
    return AttendanceWindow(
        event.id, event.details.voice_channel_id, to_millis(event.starts_at), to_millis(event.ends_at)
    )
