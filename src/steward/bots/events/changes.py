"""What differs between two forms of an event, in words for those who come, and taken over into a third."""

from __future__ import annotations

from dataclasses import fields, replace

from steward.bots.events.details import Details
from steward.client.embeds import plain
from steward.text.durations import spell

_SAID = {
    "description": "a new description",
    "image_url": "a new picture",
    "options": "other answers to choose from",
    "roles": "other roles may answer",
    "role_id": "another role for those who come",
    "reminders": "other reminders",
    "thread": "whether there is a thread",
    "native": "whether it stands among Discord's events",
    "fields": "further facts",
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
        "title": f"it is called {plain(after.title)} now",
        "minutes": f"it takes {spell(after.minutes)}",
        "seats": "no bound on the seats" if after.seats is None else f"{after.seats} seats",
        "cutoff": f"sign-up until {spell(after.cutoff)} before" if after.cutoff else "sign-up until the start",
        "voice_channel_id": elsewhere if after.voice_channel_id is None else f"in <#{after.voice_channel_id}>",
        "place": f"at {plain(after.place)}" if after.place else elsewhere,
    }[name]
