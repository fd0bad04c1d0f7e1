"""What a calendar shows: the occurrences that are kept, and those to come that are known from the rules only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import GONE, Occurrence, State, occurrence
from steward.bots.events.model.series import Series, part_ids, running, wall_text
from steward.bots.events.model.timeline import kept_between, originals_since
from steward.bots.events.rsvp.notices import post_id
from steward.runtime.wall_time import wall_of
from steward.store import Transaction, instant_of
from steward.text.ics import CalendarEntry
from steward.text.markup import unmarked
from steward.text.recurrence.rule import RecurrenceRule

BACK = timedelta(days=30)
AHEAD = timedelta(days=92)
MOST = 1000
"""Entries of a calendar; those furthest ahead are left out."""

A_DAY = timedelta(days=1)


def of_guild(tx: Transaction, guild_id: int) -> list[CalendarEntry]:
    """Return the calendar of a guild, the earliest first."""
    return _entries(tx, guild_id, None)


def of_event(tx: Transaction, guild_id: int, event_id: int) -> list[CalendarEntry]:
    """Return the calendar of one event of a guild with all its times, the earliest first."""
    return _entries(tx, guild_id, part_ids(tx, event_id))


def of_occurrence(tx: Transaction, guild_id: int, occurrence_id: int) -> CalendarEntry:
    """Return one time of an event of a guild; raises `BadEvent` if the guild has none of that id."""
    event = occurrence(tx, occurrence_id)
    if event.guild_id != guild_id:
        raise GONE
    return _kept(tx, event)


def _entries(tx: Transaction, guild_id: int, only: Sequence[int] | None) -> list[CalendarEntry]:
    begin, end = tx.now - BACK, tx.now + AHEAD
    kept = kept_between(tx, guild_id, begin, end, only=only, limit=MOST)
    entries = [_kept(tx, event) for event in kept]
    # A row names its occurrence by the time that the rule has, whichever day it was moved to.
    known = originals_since(tx, guild_id, wall_text(tx.now - A_DAY))
    for series in running(tx, guild_id, only=only, limit=MOST):
        entries += _to_come(series, known, tx.now, end)
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))[:MOST]


def _kept(tx: Transaction, event: Occurrence) -> CalendarEntry:
    home = f"https://discord.com/channels/{event.guild_id}"
    message_id = post_id(tx, event)
    return CalendarEntry(
        uid=_uid(event.event_id, event.original),
        sequence=event.version,
        revised_at=event.revised_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=event.details.name(event.zone),
        description=_described(event.details, event.zone),
        location=_place(event.details, event.guild_id, event.zone),
        url=f"{home}/{event.channel_id}/{message_id}" if message_id is not None else "",
        cancelled=event.state is State.CANCELLED,
    )


def _to_come(series: Series, known: set[tuple[int, str]], now: datetime, end: datetime) -> Iterator[CalendarEntry]:
    if series.rule is None:
        return  # its one occurrence is kept
    details = series.details
    after = wall_of(now, series.zone)
    for wall in RecurrenceRule.parse(series.rule, series.start).occurrences(after, MOST):
        starts_at = instant_of(wall, series.zone)
        if starts_at > end:
            return
        if (series.id, wall_text(wall)) not in known:
            yield CalendarEntry(
                uid=_uid(series.id, wall),
                sequence=series.version,
                revised_at=series.revised_at,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=details.minutes),
                title=details.name(series.zone),
                description=_described(details, series.zone),
                location=_place(details, series.guild_id, series.zone),
            )


def _uid(event_id: int, original: datetime) -> str:
    return f"{event_id}-{original:%Y%m%dT%H%M}@steward"


def _described(details: Details, zone: ZoneInfo) -> str:
    parts = [details.description, *(f"{name}: {text}" for name, text in details.fields)]
    return "\n".join(unmarked(part, zone) for part in parts if part)


def _place(details: Details, guild_id: int, zone: ZoneInfo) -> str:
    if details.voice_channel_id is not None:
        return f"https://discord.com/channels/{guild_id}/{details.voice_channel_id}"
    return unmarked(details.place, zone)
