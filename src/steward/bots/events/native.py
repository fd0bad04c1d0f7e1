"""Discord's own event, kept in step with an occurrence both ways."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from steward.bots.events.mirrors import TOPIC, Mirror, caught_up, lag, lagging
from steward.bots.events.occurrences import Occurrence, State, occurrence
from steward.bots.events.reconciling import Reconciler
from steward.client.errors import Gone
from steward.client.rest import Rest
from steward.runtime.clock import Clock
from steward.store import Store

Payload = dict[str, Any]

# docs: Guild Scheduled Event > "Privacy Level", "Entity Types", "Status"
GUILD_ONLY = 2
VOICE, EXTERNAL = 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
SOONEST = timedelta(seconds=5)
"""Discord takes no start that is past when the request arrives."""

ELSEWHERE = "See the post"
SENT_KEPT = 5

REMEDY = (
    "Give the bot Create Events and Manage Events; a server has room for 100 of Discord's events that are yet to end."
)


class Facts(NamedTuple):
    """What an occurrence and Discord's event share."""

    title: str
    description: str
    starts_at: datetime
    ends_at: datetime | None


class NativeEvents:
    """
    Makes, changes and ends Discord's own events.

    Args:
        store: knows which are wanted.
        rest: Discord.
        clock: the time.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock) -> None:
        self._store = store
        self._rest = rest
        self._clock = clock
        self._sent: dict[int, tuple[Facts, ...]] = {}
        self._reconciler = Reconciler(
            store,
            topic=TOPIC,
            find=partial(lagging, kind=Mirror.NATIVE),
            bring=self._bring,
            said=lambda error: f"An event cannot be shown among Discord's own: {error} {REMEDY}",
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return list(self._reconciler.problems.values())

    def sent_by_us(self, native_id: int, shown: Facts) -> bool:
        """Tell whether what Discord says of its event is what was sent to it lately: an echo, not somebody's wish."""
        return shown in self._sent.get(native_id, ())

    async def _bring(self, occurrence_id: int) -> bool:
        behind = await self._store.read(partial(lag, occurrence_id=occurrence_id, kind=Mirror.NATIVE))
        if behind is None:
            return True
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        native_id = behind.discord_id
        if native_id is None:
            native_id = await self._make(event)
        else:
            await self._change(event, native_id)
        await self._store.write(partial(caught_up, lag=behind, discord_id=native_id))
        return True

    async def _make(self, event: Occurrence) -> int | None:
        if event.state is not State.POSTED or event.starts_at <= self._clock.now() + SOONEST:
            return None
        native_id = await self._rest.scheduled_events.create(event.guild_id, _payload(event))
        self._remember(native_id, event)
        return native_id

    async def _change(self, event: Occurrence, native_id: int) -> None:
        try:
            status = int((await self._rest.scheduled_events.read(event.guild_id, native_id))["status"])
            change = self._wanted(event, status)
            if change is not None:
                self._remember(native_id, event)
                await self._rest.scheduled_events.edit(event.guild_id, native_id, change)
        except Gone:  # somebody has deleted it; the gateway tells, too
            self._sent.pop(native_id, None)
        if event.state is not State.POSTED:
            self._sent.pop(native_id, None)

    def _wanted(self, event: Occurrence, status: int) -> Payload | None:
        """Return the change that brings Discord's event to what it should be; None where nothing is to be done."""
        if status not in {SCHEDULED, ACTIVE}:
            return None
        if event.state is State.POSTED:
            if status == ACTIVE:
                return None
            return _payload(event) if event.starts_at > self._clock.now() + SOONEST else {"status": ACTIVE}
        return {"status": COMPLETED if status == ACTIVE else CANCELED}

    def _remember(self, native_id: int, event: Occurrence) -> None:
        self._sent[native_id] = (*self._sent.get(native_id, ())[1 - SENT_KEPT :], facts_of(event))


def facts_of(event: Occurrence) -> Facts:
    """Return what an occurrence and Discord's event share."""
    return Facts(event.details.title, event.details.description, event.starts_at, event.ends_at)


def facts_told(data: Payload) -> Facts:
    """Return the same of Discord's event, as the gateway tells it; one in voice may have no end."""
    end = data.get("scheduled_end_time")
    return Facts(
        data["name"],
        data.get("description") or "",
        datetime.fromisoformat(data["scheduled_start_time"]),
        None if end is None else datetime.fromisoformat(end),
    )


def _payload(event: Occurrence) -> Payload:
    details = event.details
    place: Payload
    if details.voice_channel_id is not None:
        place = {"entity_type": VOICE, "channel_id": str(details.voice_channel_id), "entity_metadata": None}
    else:
        location = {"location": details.place or ELSEWHERE}
        place = {"entity_type": EXTERNAL, "channel_id": None, "entity_metadata": location}
    return {
        "name": details.title,
        "description": details.description,
        "privacy_level": GUILD_ONLY,
        "scheduled_start_time": event.starts_at.isoformat(),
        "scheduled_end_time": event.ends_at.isoformat(),
        **place,
    }
