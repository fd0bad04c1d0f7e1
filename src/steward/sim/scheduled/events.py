"""
The scheduled events of a guild, which begin and end by themselves.

Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx, "Status Update Automation": external events
begin and end at their times; those in voice end some minutes after the last has left; what has not begun hours after
its time is cancelled. The minutes and hours are in `Limits`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from steward.sim.scheduled.event import ACTIVE, CANCELED, COMPLETED, EXTERNAL, SCHEDULED, ScheduledEvent

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild


class GuildScheduledEvents(Mapping[int, ScheduledEvent]):
    """The scheduled events of one guild by id, those that are over too."""

    def __init__(self, guild: Guild) -> None:
        self._guild = guild
        self._events: dict[int, ScheduledEvent] = {}

    def __getitem__(self, event_id: int) -> ScheduledEvent:
        return self._events[event_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)

    @property
    def open(self) -> list[ScheduledEvent]:
        """Those still to come or going on."""
        return [event for event in self._events.values() if event.open]

    def add(self, event: ScheduledEvent) -> ScheduledEvent:
        """Put in a new event and tell everybody."""
        self._events[event.id] = event
        event.tell("CREATE")
        self._plan(event)
        return event

    def changed(self, event: ScheduledEvent) -> None:
        """Tell everybody of an event's new state; a recurring one that is over is scheduled anew (docs issue #6885)."""
        if event.status == COMPLETED:
            event.recur()
        event.tell("UPDATE")
        self._plan(event)

    def remove(self, event: ScheduledEvent) -> None:
        """Take an event out and tell everybody."""
        del self._events[event.id]
        self._guild.world.alarms.cancel(event.id)
        event.tell("DELETE")

    def moved_in(self, channel: Channel) -> None:
        """Note that somebody entered or left a voice channel."""
        for event in self.open:
            if event.channel_id == channel.id and event.status == ACTIVE:
                self._plan(event)

    def _plan(self, event: ScheduledEvent) -> None:
        """Set the alarm for what an event next becomes by itself."""
        world = self._guild.world
        world.alarms.cancel(event.id)
        if (coming := self._next(event)) is not None:
            at, status = coming
            world.alarms.set(event.id, at, lambda: self._become(event, status))

    def _next(self, event: ScheduledEvent) -> tuple[datetime, int] | None:
        """Return when it becomes what by itself, if nobody does anything."""
        limits, now = self._guild.world.limits, self._guild.world.clock.now()
        outside = event.kind == EXTERNAL
        if event.status == SCHEDULED:
            overdue = event.starts_at + timedelta(seconds=limits.overdue_event_seconds)
            return (event.starts_at, ACTIVE) if outside else (overdue, CANCELED)
        if event.status != ACTIVE:
            return None
        if outside:
            return (event.ends_at, COMPLETED) if event.ends_at is not None else None
        hall = self._guild.channels.get(event.channel_id or 0)
        somebody = any(member.voice_channel is hall for member in self._guild.members.in_voice)
        return None if somebody else (now + timedelta(seconds=limits.empty_event_seconds), COMPLETED)

    def _become(self, event: ScheduledEvent, status: int) -> None:
        event.status = status
        self.changed(event)
