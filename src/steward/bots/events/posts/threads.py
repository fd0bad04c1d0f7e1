"""A thread, opened once the post of an occurrence is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State, occurrence
from steward.bots.events.posts.promises import Effect, Refusals
from steward.client.posts.desired_state import DesiredKind, sent_message
from steward.client.rest.errors import Gone, Refused
from steward.store import Transaction
from steward.store.desired.desired import DesiredItem, Outcome

if TYPE_CHECKING:
    from steward.client.rest.rest import Rest

ALREADY_THERE = 160004  # docs: "Opcodes and Status Codes" > "JSON Error Codes"


class Threads(DesiredKind[tuple[Occurrence, int | None]]):
    """Opens the threads."""

    name = DisplayKind.THREAD
    failed = "The thread of an event can't be opened"

    def __init__(self, rest: Rest, refusals: Refusals) -> None:
        self._rest = rest
        self._refusals = refusals

    def read(self, tx: Transaction, item: DesiredItem) -> tuple[Occurrence, int | None]:
        """Return the occurrence, and the post at which a thread is to be opened; None where none is to be."""
        event = occurrence(tx, item.number)
        if item.ref is not None or event.state is not State.POSTED:
            return event, None
        return event, event.message_id or sent_message(tx, event.post_key)

    async def write(self, item: DesiredItem, state: tuple[Occurrence, int | None]) -> Outcome:
        event, message_id = state
        if message_id is None:
            return Outcome(item.ref)
        try:
            await self._rest.open_thread(event.channel_id, message_id, event.details.name(event.zone))
        except Gone:
            return Outcome(None)
        except Refused as error:
            if error.code != ALREADY_THERE:
                raise
        return Outcome(message_id)  # a thread has the id of the message that it was opened at

    async def explain(self, item: DesiredItem, error: Refused) -> str:
        return await self._refusals.explain(item.number, error, effect=Effect.THREAD)
