"""Validation of scheduled events in requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.form import REQUIRED, Form, as_whole
from steward.sim.rest.guilds import recurrence_form
from steward.sim.scheduled.event import CANCELED, EXTERNAL, SCHEDULED, STAGE, VOICE, ScheduledEvent

_LONGEST_NAME, _LONGEST_DESCRIPTION, _LONGEST_LOCATION = 100, 1000, 100
_GUILD_ONLY = 2
_CHANNEL_KINDS = {STAGE: 13, VOICE: 2}
_PAST = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"


@dataclass(slots=True)
class Wanted:
    """The requested state of an event."""

    name: str
    kind: int
    starts_at: datetime | None
    ends_at: datetime | None
    description: str | None
    channel_id: int | None
    location: str | None
    recurrence: Json | None
    status: int

    def write_to(self, event: ScheduledEvent) -> None:
        """Apply it to an event."""
        if self.starts_at is not None:
            event.starts_at = self.starts_at
        event.name, event.kind, event.status = self.name, self.kind, self.status
        event.ends_at, event.description, event.recurrence = self.ends_at, self.description, self.recurrence
        event.channel_id, event.location = self.channel_id, self.location


def read(form: Form, guild: Guild, now: datetime, old: ScheduledEvent | None = None) -> Wanted:
    """Return the event in a form, or with `old` its requested new state; errors are recorded in the form."""
    name = form.text("name", shortest=1, longest=_LONGEST_NAME) or (old.name if old else "")
    form.whole("privacy_level", _GUILD_ONLY, _GUILD_ONLY)
    kind = form.whole("entity_type", STAGE, EXTERNAL) or (old.kind if old else EXTERNAL)
    wanted = Wanted(
        name,
        kind,
        form.time("scheduled_start_time") or (old.starts_at if old else None),
        form.time("scheduled_end_time") if "scheduled_end_time" in form or not old else old.ends_at,
        form.text("description", longest=_LONGEST_DESCRIPTION) if "description" in form or not old else old.description,
        as_whole(form.body.get("channel_id")) if "channel_id" in form or not old else old.channel_id,
        _location(form) if "entity_metadata" in form or not old else old.location,
        recurrence_form.read(form) if "recurrence_rule" in form or not old else old.recurrence,
        (form.whole("status", SCHEDULED, CANCELED) or old.status) if old else SCHEDULED,
    )
    if "scheduled_start_time" in form and wanted.starts_at is not None and wanted.starts_at < now:
        form.refuse("scheduled_start_time", _PAST, "Cannot schedule event in the past.")
    if "scheduled_end_time" in form and wanted.ends_at is not None and wanted.ends_at < now:
        form.refuse("scheduled_end_time", _PAST, "Cannot schedule event to end in the past.")
    if wanted.ends_at is not None and wanted.starts_at is not None and wanted.ends_at <= wanted.starts_at:
        form.refuse("scheduled_end_time", _PAST, "Cannot schedule event to end before it starts.")
    _check_place(form, guild, wanted)
    if old is not None and wanted.kind == EXTERNAL != old.kind:
        _check_leaves_channel(form)
    return wanted


def _check_leaves_channel(form: Form) -> None:
    """Require the fields of a change to EXTERNAL (the footnote of "Modify Guild Scheduled Event")."""
    for name, path in (
        ("channel_id", "channel_id"),
        ("entity_metadata", "entity_metadata.location"),
        ("scheduled_end_time", "scheduled_end_time"),
    ):
        if name not in form:
            form.refuse(path, *REQUIRED)


def _check_place(form: Form, guild: Guild, wanted: Wanted) -> None:
    """Require a location and an end for external events, a channel for others."""
    if wanted.kind == EXTERNAL:
        if form.body.get("channel_id") is not None:
            form.refuse("channel_id", "BASE_TYPE_NOT_NULL", "This field must be null")
        wanted.channel_id = None
        if not wanted.location:
            form.refuse("entity_metadata.location", *REQUIRED)
        if wanted.ends_at is None:
            form.refuse("scheduled_end_time", *REQUIRED)
        return
    wanted.location = None
    channel = guild.channels.get(wanted.channel_id or 0)
    if channel is None:
        form.refuse("channel_id", *REQUIRED)
    elif channel.kind != _CHANNEL_KINDS[wanted.kind]:
        form.refuse("channel_id", "CHANNEL_TYPE_INVALID", "Invalid channel type")


def _location(form: Form) -> str | None:
    metadata = form.body.get("entity_metadata")
    if not isinstance(metadata, dict):
        return None
    return form.part("entity_metadata", metadata).text("location", shortest=1, longest=_LONGEST_LOCATION)
