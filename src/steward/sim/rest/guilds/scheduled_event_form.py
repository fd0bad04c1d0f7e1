"""Validation of scheduled events in requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from steward.sim.rest.form import REQUIRED, Form, as_whole
from steward.sim.rest.guilds import recurrence_form
from steward.sim.scheduled.event import CANCELED, EXTERNAL, SCHEDULED, STAGE, VOICE, ScheduledEvent

_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_LOCATION = 100, 1000, 100
_GUILD_ONLY = 2
_CHANNEL_KINDS = {STAGE: 13, VOICE: 2}
_PAST = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"


def read(form: Form, now: datetime, old: ScheduledEvent, *, new: bool = False) -> ScheduledEvent:
    """Return an event with the changes in a form, all fields of a `new` one; errors are recorded in the form."""
    event = replace(old)
    event.name = form.text("name", shortest=1, longest=_LONGEST_NAME) or old.name
    form.whole("privacy_level", _GUILD_ONLY, _GUILD_ONLY)
    event.kind = form.whole("entity_type", STAGE, EXTERNAL) or old.kind
    event.starts_at = form.time("scheduled_start_time") or old.starts_at
    if "scheduled_end_time" in form:
        event.ends_at = form.time("scheduled_end_time")
    if "description" in form:
        event.description = form.text("description", longest=_LONGEST_DESCRIPTION)
    if "channel_id" in form:
        event.channel_id = as_whole(form.body["channel_id"])
    if "entity_metadata" in form:
        event.location = _location(form)
    if "recurrence_rule" in form:
        event.recurrence = recurrence_form.read(form)
    if "image" in form:
        event.image = _image(form)
    if not new:
        event.status = form.whole("status", SCHEDULED, CANCELED) or old.status
    if "scheduled_start_time" in form and event.starts_at < now:
        form.refuse("scheduled_start_time", _PAST, "Cannot schedule event in the past.")
    if "scheduled_end_time" in form and event.ends_at is not None and event.ends_at < now:
        form.refuse("scheduled_end_time", _PAST, "Cannot schedule event to end in the past.")
    if event.ends_at is not None and event.ends_at <= event.starts_at:
        form.refuse("scheduled_end_time", _PAST, "Cannot schedule event to end before it starts.")
    _check_place(form, event)
    if not new and event.kind == EXTERNAL != old.kind:
        _check_leaves_channel(form)
    return event


def _image(form: Form) -> str | None:
    """Return the hash of an uploaded cover image."""
    image = form.body["image"]
    return sha256(image.encode()).hexdigest()[:32] if isinstance(image, str) and image else None


def _check_leaves_channel(form: Form) -> None:
    """Require the fields of a change to EXTERNAL (the footnote of "Modify Guild Scheduled Event")."""
    for name, path in (
        ("channel_id", "channel_id"),
        ("entity_metadata", "entity_metadata.location"),
        ("scheduled_end_time", "scheduled_end_time"),
    ):
        if name not in form:
            form.refuse(path, *REQUIRED)


def _check_place(form: Form, event: ScheduledEvent) -> None:
    """Require a location and an end for external events, a channel for others."""
    if event.kind == EXTERNAL:
        if form.body.get("channel_id") is not None:
            form.refuse("channel_id", "BASE_TYPE_NOT_NULL", "This field must be null")
        event.channel_id = None
        if not event.location:
            form.refuse("entity_metadata.location", *REQUIRED)
        if event.ends_at is None:
            form.refuse("scheduled_end_time", *REQUIRED)
        return
    event.location = None
    channel = event.guild.channels.get(event.channel_id or 0)
    if channel is None:
        form.refuse("channel_id", *REQUIRED)
    elif channel.kind != _CHANNEL_KINDS[event.kind]:
        form.refuse("channel_id", "CHANNEL_TYPE_INVALID", "Invalid channel type")


def _location(form: Form) -> str | None:
    metadata = form.body.get("entity_metadata")
    if not isinstance(metadata, dict):
        return None
    return form.part("entity_metadata", metadata).text("location", shortest=1, longest=_LONGEST_LOCATION)
