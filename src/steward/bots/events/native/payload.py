"""An occurrence as one of Discord's own events: what both share, and the changes that bring one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import LONGEST_DESCRIPTION, LONGEST_TITLE, Details
from steward.bots.events.model.occurrences import Occurrence, State
from steward.client.payloads import Payload, instant, text
from steward.text.cutting import cut_label
from steward.text.markup import unmarked

# docs: Guild Scheduled Event > "Privacy Level", "Entity Types", "Status"
GUILD_ONLY = 2
VOICE, EXTERNAL = 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
SOONEST = timedelta(seconds=5)
"""Discord refuses a start that is past when the request arrives."""

ELSEWHERE = "See the post"
WHILE_ACTIVE = frozenset({"name", "description", "scheduled_end_time", "entity_metadata"})
"""What is changed of a running event. Its start is past, which Discord refuses, and people are in its channel."""


class NativeFacts(NamedTuple):
    """What an occurrence and Discord's event share."""

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime | None


def facts_of(event: Occurrence) -> NativeFacts:
    """Return the facts of an occurrence, as Discord's event shows them: its name without markdown, which none reads."""
    return NativeFacts(event.details.name(event.zone), event.details.description, event.starts_at, event.ends_at)


def facts_told(data: Payload) -> NativeFacts:
    """Return the facts of Discord's event, as Discord sends it; a voice event may have no end."""
    end = data.get("scheduled_end_time")
    return NativeFacts(
        text(data["name"]),
        text(data.get("description") or "", LONGEST_DESCRIPTION),
        instant(data["scheduled_start_time"]),
        None if end is None else instant(end),
    )


def creation(event: Occurrence) -> Payload:
    """Return the request that makes Discord's event."""
    return {"privacy_level": GUILD_ONLY, **_shown_by(event)}


def is_replaced(event: Occurrence, data: Payload, now: datetime) -> bool:
    """
    Return whether an occurrence needs another of Discord's events: the one it has began, and it was then put off.

    A running event cannot become a scheduled one again (docs: "Valid Guild Scheduled Event Status Transitions").
    """
    began = int(data["status"]) in {ACTIVE, COMPLETED}
    put_off = facts_told(data).starts_at != event.starts_at > now + SOONEST
    return event.state is State.POSTED and began and put_off


def changes(event: Occurrence, data: Payload, now: datetime) -> Iterator[Payload]:
    """Yield the requests, in order, that bring Discord's event to what it should be; only what differs is sent."""
    status = int(data["status"])
    if status not in {SCHEDULED, ACTIVE}:
        return
    if event.state is not State.POSTED or (status == ACTIVE and event.ends_at <= now):
        yield {"status": COMPLETED if status == ACTIVE else CANCELED}
        return
    wanted, shown = _shown_by(event), _shown(data)
    differing = {name: value for name, value in wanted.items() if value != shown[name]}
    if status == SCHEDULED and event.starts_at > now + SOONEST:
        if "entity_type" in differing:  # another kind of place needs all its fields
            differing = wanted
        if differing:
            yield differing
        return
    if status == SCHEDULED:
        yield {"status": ACTIVE}
    if "entity_type" in differing:
        differing.pop("entity_metadata", None)
    if running := {name: value for name, value in differing.items() if name in WHILE_ACTIVE}:
        yield running


def _shown_by(event: Occurrence) -> Payload:
    facts = facts_of(event)
    return {
        "name": facts.title,
        "description": facts.description,
        "scheduled_start_time": facts.starts_at.isoformat(),
        "scheduled_end_time": event.ends_at.isoformat(),
        **_place(event.details, event.zone),
    }


def _shown(data: Payload) -> Payload:
    """Return the same of Discord's event as it is."""
    facts = facts_told(data)
    kind, place = int(data["entity_type"]), data.get("entity_metadata") or {}
    return {
        "name": facts.title,
        "description": facts.description,
        "scheduled_start_time": facts.starts_at.astimezone(UTC).isoformat(),
        "scheduled_end_time": None if facts.ends_at is None else facts.ends_at.astimezone(UTC).isoformat(),
        "entity_type": kind,
        "channel_id": data.get("channel_id"),
        "entity_metadata": {"location": place.get("location")} if kind == EXTERNAL else None,
    }


def _place(details: Details, zone: ZoneInfo) -> Payload:
    if details.voice_channel_id is not None:
        return {"entity_type": VOICE, "channel_id": str(details.voice_channel_id), "entity_metadata": None}
    location = {"location": cut_label(unmarked(details.place, zone), LONGEST_TITLE) or ELSEWHERE}
    return {"entity_type": EXTERNAL, "channel_id": None, "entity_metadata": location}
