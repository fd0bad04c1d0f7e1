"""Tells whoever made an event what Discord refuses to do for it: the cause first, where, and the remedy; once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog

from steward.bots.events.model.occurrences import Occurrence, occurrence
from steward.bots.events.posts.promises import Effect, Obstacle, Promises
from steward.client.embeds import plain
from steward.errors import StewardError
from steward.store import Store, Transaction
from steward.store.outbox import outbox

if TYPE_CHECKING:
    from steward.client.rest.errors import Refused

log = structlog.get_logger(__name__)

_ONCE_MENDED = {
    Effect.POST: "update the post of {title}",
    Effect.THREAD: "open the thread of {title}",
    Effect.NATIVE: "bring the Discord event of {title} up to date",
    Effect.ROLE: "give and take the role of {title}",
}


class Refusals:
    """Explains refusals, and tells organisers of them."""

    def __init__(self, store: Store, promises: Promises) -> None:
        self._store = store
        self._promises = promises

    async def explain(self, occurrence_id: int, error: Refused, *, effect: Effect, remedy: str = "") -> str:
        """
        Return why Discord refuses something to an event, with the remedy; its organiser is told, once for a series.

        Args:
            error: what Discord said, which is told where no permission is missing.
            remedy: what to do then.

        Raises:
            StewardError: the event is gone, or the database is away.

        """
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        found = await self._found(event, effect)
        why = found.text if found is not None else f"{error.sentence} {remedy}".strip()
        what = _ONCE_MENDED[effect].format(title=f"**{plain(event.details.title)}** in <#{event.channel_id}>")
        text = f"{why} Once that's done, I'll {what} within ten minutes."
        await self.tell(event, effect, text)
        return text

    async def tell(self, event: Occurrence, effect: Effect, text: str) -> None:
        """Promise an event's organiser a direct message, or a mention in the channel; once in 30 days for a series."""
        if event.organiser_id:
            await self._store.write(partial(_tell, event=event, effect=effect, text=text))

    async def _found(self, event: Occurrence, effect: Effect) -> Obstacle | None:
        try:
            found = await self._promises.obstacles(event.guild_id, event.channel_id, event.details)
        except StewardError as error:  # Discord's own words must do
            log.warning("events_delayed", error=str(error))
            return None
        likely = (effect, Effect.POST) if effect is Effect.THREAD else (effect,)
        return next((one for one in found if one.effect in likely), None)


def _tell(tx: Transaction, event: Occurrence, effect: Effect, text: str) -> None:
    outbox.put_direct(
        tx,
        key=f"event_refused:{event.guild_id}:{event.event_id}:{effect}",
        user_id=event.organiser_id,
        payload={"content": text},
        instead_channel_id=event.channel_id,
    )
