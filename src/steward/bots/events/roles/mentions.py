"""Whether a reminder may mention its role: a mention that Discord does not deliver reaches nobody."""

from __future__ import annotations

from functools import partial

import structlog

from steward.bots.events.model.details import Reach
from steward.bots.events.model.occurrences import Occurrence, occurrence
from steward.bots.events.posts.promises import Effect, Promises, Refusals
from steward.bots.events.schedule.moments import minutes_before, reminders_of
from steward.client.embeds import plain
from steward.errors import StewardError
from steward.store import Store
from steward.store.due.due import DueItem

log = structlog.get_logger(__name__)


class RoleMentions:
    """Asks Discord whether a reminder may mention its role; if not, the event's organiser is told, once."""

    def __init__(self, store: Store, promises: Promises, refusals: Refusals) -> None:
        self._store = store
        self._promises = promises
        self._refusals = refusals
        self._problems: dict[int, str] = {}

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each, until a reminder of the same series goes out by its role."""
        return list(self._problems.values())

    async def reach(self, item: DueItem) -> bool:
        """
        Return whether a reminder reaches those who come by a mention of their role.

        While Discord does not answer, members are mentioned: that always reaches them.
        """
        event = await self._store.read(partial(occurrence, occurrence_id=item.number))
        reminder = reminders_of(event.details, minutes_before(item))
        if reminder is None or reminder.reach is not Reach.ROLE or event.details.role_id is None:
            return True
        try:
            return await self._may(event)
        except StewardError as error:
            log.warning("event_role_not_asked", occurrence=event.id, reason=str(error))
            return False

    async def _may(self, event: Occurrence) -> bool:
        found = await self._promises.obstacles(event.guild_id, event.channel_id, event.details)
        barred = next((one for one in found if one.effect is Effect.MENTION), None)
        if barred is None:
            self._problems.pop(event.event_id, None)
            return True
        title = plain(event.details.title)
        self._problems[event.event_id] = f"{barred.text} (for the event {title})"
        await self._refusals.tell(event, Effect.MENTION, f"**{title}**: {barred.text}")
        return False
