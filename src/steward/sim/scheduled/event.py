"""
A guild's scheduled event and its interested users.

Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING

from steward.sim.people.user import Json, User
from steward.sim.scheduled.recurrence import following

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild

STAGE, VOICE, EXTERNAL = 1, 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
MAX_OPEN = 100
_NEXT = {SCHEDULED: (ACTIVE, CANCELED), ACTIVE: (COMPLETED,), COMPLETED: (), CANCELED: ()}


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    """
    A scheduled event; `interested` are user ids.

    `kind` is STAGE, VOICE or EXTERNAL; `status` is SCHEDULED, ACTIVE, COMPLETED or CANCELED.
    """

    guild: Guild = field(repr=False)
    id: int
    name: str
    kind: int
    starts_at: datetime
    creator: User
    ends_at: datetime | None = None
    description: str | None = None
    channel_id: int | None = None
    location: str | None = None
    image: str | None = None
    recurrence: Json | None = None
    status: int = SCHEDULED
    interested: set[int] = field(default_factory=set)

    @property
    def open(self) -> bool:
        """Whether it is scheduled or active."""
        return self.status in (SCHEDULED, ACTIVE)

    def start(self) -> None:
        """Start it, as its organiser would."""
        self._become(ACTIVE)

    def end(self) -> None:
        """End it."""
        self._become(COMPLETED)

    def cancel(self) -> None:
        """Cancel it."""
        self._become(CANCELED)

    def move(self, starts_at: datetime, ends_at: datetime | None = None) -> None:
        """Reschedule it; without `ends_at` its duration stays."""
        duration = self.ends_at - self.starts_at if self.ends_at is not None else None
        self.ends_at = ends_at if ends_at is not None or duration is None else starts_at + duration
        self.starts_at = starts_at
        self.guild.scheduled_events.changed(self)

    def recur(self) -> None:
        """Reschedule it for the next occurrence, if there is one."""
        coming = following(self.recurrence, self.starts_at) if self.recurrence is not None else None
        if coming is not None:
            self.ends_at = self.ends_at + (coming - self.starts_at) if self.ends_at is not None else None
            self.starts_at, self.status = coming, SCHEDULED

    def _become(self, status: int) -> None:
        if not self.may_become(status):
            raise ValueError(f"The event {self.name!r} cannot become {status}: it is {self.status}.")
        self.status = status
        self.guild.scheduled_events.changed(self)

    def may_become(self, status: int) -> bool:
        """Return whether Discord allows this change of status."""
        return status in _NEXT[self.status]

    def update_from(self, other: ScheduledEvent) -> None:
        """Take over all fields of another event."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))

    def emit_change(self, what: str) -> None:
        """Emit GUILD_SCHEDULED_EVENT_CREATE, _UPDATE or _DELETE; `what` is the last word."""
        self.guild.emit(f"GUILD_SCHEDULED_EVENT_{what}", self.payload())

    def add(self, user_id: int) -> None:
        """Add an interested user."""
        if user_id not in self.interested:
            self.interested.add(user_id)
            self._emit_interest("ADD", user_id)

    def remove(self, user_id: int) -> None:
        """Remove an interested user."""
        if user_id in self.interested:
            self.interested.discard(user_id)
            self._emit_interest("REMOVE", user_id)

    def payload(self, *, with_count: bool = False) -> Json:
        """Return Discord's guild scheduled event object."""
        payload: Json = {
            "id": str(self.id),
            "guild_id": str(self.guild.id),
            "channel_id": str(self.channel_id) if self.channel_id else None,
            "creator_id": str(self.creator.id),
            "creator": self.creator.payload(),
            "name": self.name,
            "description": self.description,
            "image": self.image,
            "scheduled_start_time": self.starts_at.isoformat(),
            "scheduled_end_time": self.ends_at.isoformat() if self.ends_at else None,
            "privacy_level": 2,
            "status": self.status,
            "entity_type": self.kind,
            "entity_id": None,
            "entity_metadata": {"location": self.location} if self.kind == EXTERNAL else None,
            "recurrence_rule": self.recurrence,
            "guild_scheduled_event_exceptions": [],
        }
        return payload | ({"user_count": len(self.interested)} if with_count else {})

    def _emit_interest(self, what: str, user_id: int) -> None:
        data = {"guild_scheduled_event_id": str(self.id), "user_id": str(user_id), "guild_id": str(self.guild.id)}
        self.guild.emit(f"GUILD_SCHEDULED_EVENT_USER_{what}", data)
