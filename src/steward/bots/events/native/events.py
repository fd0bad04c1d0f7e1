"""Discord's own event, kept in step with an occurrence both ways."""

from __future__ import annotations

from functools import partial

from steward.bots.events.model.occurrences import Occurrence, State, guild_of, occurrence
from steward.bots.events.native.mirrors import TOPIC, Mirror, caught_up, lag, lagging
from steward.bots.events.native.payload import (
    ACTIVE,
    COMPLETED,
    SOONEST,
    NativeFacts,
    changes,
    creation,
    facts_of,
    is_replaced,
)
from steward.bots.events.posts.promises import Effect
from steward.bots.events.posts.reconciling import Reconciler
from steward.bots.events.posts.refusals import Refusals
from steward.client.rest.errors import Gone
from steward.client.rest.rest import Rest
from steward.runtime.clock import Clock
from steward.store import Store

SENT_KEPT = 5

REMEDY = "A server has room for 100 Discord events that are yet to end: delete some."


class NativeEvents:
    """
    Makes, changes and ends Discord's own events.

    Args:
        store: knows which are wanted.
        rest: Discord.
        clock: the time.
        refusals: explains what Discord refuses.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock, refusals: Refusals) -> None:
        self._store = store
        self._rest = rest
        self._clock = clock
        self._sent: dict[int, tuple[NativeFacts, ...]] = {}
        self._reconciler = Reconciler(
            store,
            topic=TOPIC,
            find=partial(lagging, kind=Mirror.NATIVE),
            bring=self._bring,
            lane=guild_of,
            said=partial(refusals.explain, effect=Effect.NATIVE, remedy=REMEDY),
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return list(self._reconciler.problems.values())

    def sent_by_us(self, native_id: int, shown: NativeFacts) -> bool:
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
            native_id = await self._change(event, native_id)
        await self._store.write(partial(caught_up, lag=behind, discord_id=native_id))
        return True

    async def _make(self, event: Occurrence) -> int | None:
        if event.state is not State.POSTED or event.starts_at <= self._clock.now() + SOONEST:
            return None
        native_id = await self._rest.scheduled_events.create(event.guild_id, creation(event))
        self._remember(native_id, event)
        return native_id

    async def _change(self, event: Occurrence, native_id: int) -> int | None:
        """Bring Discord's event to what it should be, and return the id of the one that shows the occurrence."""
        events = self._rest.scheduled_events
        try:
            data = await events.read(event.guild_id, native_id)
            if is_replaced(event, data, self._clock.now()):
                if int(data["status"]) == ACTIVE:
                    await events.edit(event.guild_id, native_id, {"status": COMPLETED})
                self._sent.pop(native_id, None)
                return await self._make(event)
            for change in changes(event, data, self._clock.now()):
                self._remember(native_id, event)
                await events.edit(event.guild_id, native_id, change)
        except Gone:  # somebody deleted it; the gateway tells, too
            self._sent.pop(native_id, None)
        if event.state is not State.POSTED:
            self._sent.pop(native_id, None)
            return None  # it is cancelled or over for good: what is restored gets another
        return native_id

    def _remember(self, native_id: int, event: Occurrence) -> None:
        self._sent[native_id] = (*self._sent.get(native_id, ())[1 - SENT_KEPT :], facts_of(event))
