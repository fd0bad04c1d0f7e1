"""Discord's own event, kept in step with an occurrence both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State, occurrence
from steward.bots.events.native.payload import (
    ACTIVE,
    COMPLETED,
    SOONEST,
    NativeFacts,
    changes,
    creation,
    facts_of,
    facts_told,
    is_replaced,
)
from steward.bots.events.posts.promises import Effect, Refusals
from steward.client.posts.desired_state import DesiredKind
from steward.client.rest.errors import Gone, Refused
from steward.runtime.clock import Clock
from steward.store import Transaction
from steward.store.desired.desired import DesiredItem, Outcome

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest


SENT_KEPT = 5

REMEDY = "A server has room for 100 Discord events that are yet to end: delete some."


class NativeEvents(DesiredKind[Occurrence]):
    """Makes, changes and ends Discord's own events."""

    name = DisplayKind.NATIVE
    failed = "Discord's own event can't follow an event"

    def __init__(self, rest: Rest, clock: Clock, refusals: Refusals) -> None:
        self._rest = rest
        self._clock = clock
        self._refusals = refusals
        self._sent: dict[int, tuple[NativeFacts, ...]] = {}

    def sent_by_us(self, native_id: int, shown: NativeFacts) -> bool:
        """Tell whether what Discord says of its event is what was sent to it lately: an echo, not somebody's wish."""
        return shown in self._sent.get(native_id, ())

    def read(self, tx: Transaction, item: DesiredItem) -> Occurrence:
        """Return the occurrence that it follows."""
        return occurrence(tx, item.number)

    async def write(self, item: DesiredItem, state: Occurrence) -> Outcome:
        return Outcome(await (self._make(state) if item.ref is None else self._change(state, item.ref)))

    async def explain(self, item: DesiredItem, error: Refused) -> str:
        return await self._refusals.explain(item.number, error, effect=Effect.NATIVE, remedy=REMEDY)

    async def _make(self, event: Occurrence) -> int | None:
        if event.state is not State.POSTED or event.starts_at <= self._clock.now() + SOONEST:
            return None
        native_id = await self._rest.scheduled_events.create(event.guild_id, creation(event))
        self._remember(native_id, facts_of(event))
        return native_id

    async def _change(self, event: Occurrence, native_id: int) -> int | None:
        """Bring Discord's event to what it should be, and return the id of the one that shows the occurrence."""
        events = self._rest.scheduled_events
        try:
            data = shown = await events.read(event.guild_id, native_id)
            if is_replaced(event, data, self._clock.now()):
                if int(data["status"]) == ACTIVE:
                    await events.edit(event.guild_id, native_id, {"status": COMPLETED})
                self._sent.pop(native_id, None)
                return await self._make(event)
            for change in changes(event, data, self._clock.now()):
                shown = {**shown, **change}
                self._remember(native_id, facts_told(shown))  # what this request makes of it is what is told of it
                await events.edit(event.guild_id, native_id, change)
        except Gone:  # somebody deleted it; the gateway tells, too
            self._sent.pop(native_id, None)
        if event.state is not State.POSTED:
            self._sent.pop(native_id, None)
            return None  # it is cancelled or over for good: what is restored gets another
        return native_id

    def _remember(self, native_id: int, facts: NativeFacts) -> None:
        self._sent[native_id] = (*self._sent.get(native_id, ())[1 - SENT_KEPT :], facts)
