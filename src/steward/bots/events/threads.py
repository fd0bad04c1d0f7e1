"""A thread under the post, opened once it is there."""

from __future__ import annotations

from functools import partial

from steward.bots.events.mirrors import TOPIC, Lag, Mirror, caught_up, lags
from steward.bots.events.occurrences import Occurrence, State, occurrence
from steward.bots.events.posts import learn_message
from steward.bots.events.reconciling import Reconciler
from steward.client.errors import Gone, Refused
from steward.client.rest import Rest
from steward.runtime.clock import Clock
from steward.store import Store, outbox

ALREADY_THERE = 160004  # docs: "Opcodes and Status Codes" > "JSON Error Codes"
REMEDY = "Give the bot Create Public Threads in that channel."


class Threads:
    """
    Opens the threads.

    Args:
        store: knows which are wanted.
        rest: Discord.
        clock: the time.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock) -> None:
        self._store = store
        self._rest = rest
        self._reconciler = Reconciler[Lag](
            store,
            clock,
            topics=(TOPIC, outbox.SENT),
            find=partial(lags, kind=Mirror.THREAD),
            bring=self._bring,
            said=lambda error: f"An event's thread cannot be opened: {error} {REMEDY}",
        )
        self.run = self._reconciler.run

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return self._reconciler.problems

    async def _bring(self, lag: Lag) -> bool:
        event = await self._store.read(partial(occurrence, occurrence_id=lag.occurrence_id))
        thread_id = lag.discord_id
        if thread_id is None and event.state is State.POSTED:
            thread_id = event.message_id or await self._store.write(partial(learn_message, event=event))
            if thread_id is None:
                return False  # the post is on its way; a thread has the id of the message that it was opened at
            thread_id = await self._open(event, thread_id)
        await self._store.write(partial(caught_up, lag=lag, discord_id=thread_id))
        return True

    async def _open(self, event: Occurrence, message_id: int) -> int | None:
        try:
            await self._rest.open_thread(event.channel_id, message_id, event.details.title)
        except Gone:
            return None
        except Refused as error:
            if error.code != ALREADY_THERE:
                raise
        return message_id
