"""A thread under the post, opened once it is there."""

from __future__ import annotations

from functools import partial

from steward.bots.events.model.occurrences import Occurrence, State, guild_of, occurrence
from steward.bots.events.native.mirrors import TOPIC, Mirror, caught_up, lag, lagging
from steward.bots.events.posts.promises import Effect
from steward.bots.events.posts.reconciling import Reconciler
from steward.bots.events.posts.refusals import Refusals
from steward.bots.events.rsvp.notices import post_id, post_key
from steward.client.rest.errors import Gone, Refused
from steward.client.rest.rest import Rest
from steward.store import Store
from steward.store.outbox import outbox

ALREADY_THERE = 160004  # docs: "Opcodes and Status Codes" > "JSON Error Codes"


class Threads:
    """
    Opens the threads.

    Args:
        store: knows which are wanted.
        rest: Discord.
        refusals: explains what Discord refuses.

    """

    def __init__(self, store: Store, rest: Rest, refusals: Refusals) -> None:
        self._store = store
        self._rest = rest
        self._reconciler = Reconciler(
            store,
            topic=TOPIC,
            find=partial(lagging, kind=Mirror.THREAD),
            bring=self._bring,
            lane=guild_of,
            said=partial(refusals.explain, effect=Effect.THREAD),
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return list(self._reconciler.problems.values())

    async def _bring(self, occurrence_id: int) -> bool:
        behind = await self._store.read(partial(lag, occurrence_id=occurrence_id, kind=Mirror.THREAD))
        if behind is None:
            return True
        event = await self._store.read(partial(occurrence, occurrence_id=occurrence_id))
        thread_id = behind.discord_id
        if thread_id is None and event.state is State.POSTED:
            waits = await self._store.read(partial(outbox.is_waiting, key=post_key(event)))  # first: it may be sent now
            # A thread has the id of the message that it was opened at.
            thread_id = await self._store.read(partial(post_id, event=event))
            if thread_id is not None:
                thread_id = await self._open(event, thread_id)
            elif waits:
                return False
        await self._store.write(partial(caught_up, lag=behind, discord_id=thread_id))
        return True

    async def _open(self, event: Occurrence, message_id: int) -> int | None:
        try:
            await self._rest.open_thread(event.channel_id, message_id, event.details.name(event.zone))
        except Gone:
            return None
        except Refused as error:
            if error.code != ALREADY_THERE:
                raise
        return message_id
