"""What differs between two forms of an event, in words for those who come, and taken over into a third."""

from __future__ import annotations

from dataclasses import fields, replace

from steward.bots.events.model.details import Details
from steward.client.embeds import plain
from steward.text.durations import spell
from steward.text.plurals import counted

_SAID = {
    "description": "a new description",
    "image_url": "a new picture",
    "options": "other answers to choose from",
    "roles": "other roles can sign up",
    "role_id": "another role for attendees",
    "reminders": "other reminders",
    "thread": "whether there's a thread",
    "native": "whether there's a Discord event",
    "fields": "other details",
}


def changes(before: Details, after: Details) -> str:
    """Say what differs, such as `it takes 2 hours, 10 seats`; empty where nothing does."""
    return ", ".join(_said(name, after) for name in _different(before, after))


def taken_over(now: Details, before: Details, after: Details) -> Details:
    """Return the present details with what differs between two others; what somebody else changed meanwhile stays."""
    return replace(now, **{name: getattr(after, name) for name in _different(before, after)})


def _different(before: Details, after: Details) -> list[str]:
    return [item.name for item in fields(Details) if getattr(before, item.name) != getattr(after, item.name)]


def _said(name: str, after: Details) -> str:
    if name in _SAID:
        return _SAID[name]
    elsewhere = "elsewhere"
    return {
        "title": f"it's now called {plain(after.title)}",
        "minutes": f"it takes {spell(after.minutes)}",
        "seats": "no limit on seats" if after.seats is None else counted(after.seats, "seat"),
        "cutoff": f"sign-ups close {spell(after.cutoff)} before" if after.cutoff else "sign-ups close at the start",
        "voice_channel_id": elsewhere if after.voice_channel_id is None else f"in <#{after.voice_channel_id}>",
        "place": f"at {plain(after.place)}" if after.place else elsewhere,
    }[name]
