"""
The scheduled events of a guild, with their automatic starts and ends.

Source: discord-api-docs, developers/resources/guild-scheduled-event.mdx, "Status Update Automation": external events
start and end at their times; events in voice end some minutes after the last member left, and are cancelled if not
started hours after their time. `Limits` has the minutes and hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from steward.sim.scheduled.event import ACTIVE, CANCELED, COMPLETED, EXTERNAL, SCHEDULED, ScheduledEvent

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild


class GuildScheduledEvents(dict[int, ScheduledEvent]):
    """The scheduled events of one guild by id, including past ones."""

    def __init__(self, guild: Guild) -> None:
        super().__init__()
        self._guild = guild

    @property
    def open(self) -> list[ScheduledEvent]:
        """The scheduled and active events."""
        return [event for event in self.values() if event.open]

    def add(self, event: ScheduledEvent) -> ScheduledEvent:
        """Add a new event and emit GUILD_SCHEDULED_EVENT_CREATE."""
        self[event.id] = event
        event.emit_change("CREATE")
        self._plan(event)
        return event

    def changed(self, event: ScheduledEvent) -> None:
        """Emit GUILD_SCHEDULED_EVENT_UPDATE; a completed recurring event is rescheduled (docs issue #6885)."""
        if event.status == COMPLETED:
            event.recur()
        event.emit_change("UPDATE")
        self._plan(event)

    def remove(self, event: ScheduledEvent) -> None:
        """Delete an event and emit GUILD_SCHEDULED_EVENT_DELETE."""
        del self[event.id]
        self._guild.world.alarms.cancel(event.id)
        event.emit_change("DELETE")

    def voice_changed(self, channel: Channel) -> None:
        """Handle that a member joined or left a voice channel."""
        for event in self.open:
            if event.channel_id == channel.id and event.status == ACTIVE:
                self._plan(event)

    def _plan(self, event: ScheduledEvent) -> None:
        """Set the alarm for an event's next automatic change of status."""
        world = self._guild.world
        world.alarms.cancel(event.id)
        if (coming := self._next(event)) is not None:
            at, status = coming
            world.alarms.set(event.id, at, lambda: self._become(event, status))

    def _next(self, event: ScheduledEvent) -> tuple[datetime, int] | None:
        """Return the time and status of the next automatic change, if any."""
        limits, now = self._guild.world.limits, self._guild.world.clock.now()
        external = event.kind == EXTERNAL
        if event.status == SCHEDULED:
            overdue = event.starts_at + timedelta(seconds=limits.overdue_event_seconds)
            return (event.starts_at, ACTIVE) if external else (overdue, CANCELED)
        if event.status != ACTIVE:
            return None
        if external:
            return (event.ends_at, COMPLETED) if event.ends_at is not None else None
        channel = self._guild.channels.get(event.channel_id or 0)
        if any(member.voice_channel is channel for member in self._guild.members.in_voice):
            return None
        return now + timedelta(seconds=limits.empty_event_seconds), COMPLETED

    def _become(self, event: ScheduledEvent, status: int) -> None:
        event.status = status
        self.changed(event)
