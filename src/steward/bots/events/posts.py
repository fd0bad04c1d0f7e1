"""Keeps each post as it should be: the newest state only, at most one edit a second a post."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

import structlog

from steward.bots.events.answers import Answer, answers
from steward.bots.events.details import BadEvent
from steward.bots.events.notices import post_key
from steward.bots.events.occurrences import Occurrence, occurrence, set_message, set_shown
from steward.bots.events.timeline import to_be_shown
from steward.bots.events.views.post import post
from steward.client.errors import Gone, Refused
from steward.client.rest import Rest
from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store, Transaction, outbox

log = structlog.get_logger(__name__)

EDIT_EVERY = 1.0
AT_ONCE = 5
REFUSED_WAIT = 600.0
LOOK_EVERY = 15.0


class Posts:
    """
    Brings posts to what they should show.

    Args:
        store: knows what each should show, and what it shows.
        rest: Discord.
        clock: the time.

    Attributes:
        problems: what stands in the way of a post, a sentence each, by occurrence.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock) -> None:
        self._store = store
        self._rest = rest
        self._clock = clock
        self._dirty: dict[int, None] = {}
        self._unsent: set[int] = set()
        self._doubted: set[int] = set()
        self._busy: set[int] = set()
        self._wake = asyncio.Event()
        self.problems: dict[int, str] = {}

    def changed(self, occurrence_id: int) -> None:
        """Note that a post is to show something else."""
        self._dirty[occurrence_id] = None
        self._wake.set()

    def refresh(self, occurrence_id: int) -> None:
        """Edit a post even if it is thought to show the newest."""
        self._doubted.add(occurrence_id)
        self.changed(occurrence_id)

    async def is_there(self, occurrence_id: int) -> bool:
        """
        Return whether Discord still has the post of an occurrence, which is brought up to date by the way.

        Raises:
            BadEvent: there is no such occurrence.
            Refused, TryLater: Discord does not say.

        """
        event, given = await self._store.read(partial(_state, occurrence_id=occurrence_id))
        message_id = event.message_id or await self._store.write(partial(learn_message, event=event))
        if message_id is None:
            return False
        try:
            await self._rest.edit_message(event.channel_id, message_id, post(event, given, self._clock.now()))
        except Gone:
            return False
        return True

    async def run(self) -> None:
        """Edit what is to be edited, for ever; what an earlier process left undone comes first."""
        self._busy.clear()
        for occurrence_id in await self._store.read(to_be_shown):
            self.changed(occurrence_id)
        async with asyncio.TaskGroup() as running:
            running.create_task(self._hear_of_sent(), name="hear of sent posts")
            while True:
                self._wake.clear()
                for occurrence_id in [ready for ready in self._dirty if ready not in self._busy]:
                    if len(self._busy) >= AT_ONCE:
                        break
                    del self._dirty[occurrence_id]
                    self._busy.add(occurrence_id)
                    running.create_task(self._bring(occurrence_id), name=f"edit event {occurrence_id}")
                await self._wake.wait()

    async def _hear_of_sent(self) -> None:
        """Go on with posts that waited to be sent: there is something to edit now."""
        with self._store.listening(outbox.SENT) as sent:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):  # another process may have sent it
                        await sent.wait()
                sent.clear()
                while self._unsent:
                    self.changed(self._unsent.pop())

    async def _bring(self, occurrence_id: int) -> None:
        pause = EDIT_EVERY
        try:
            pause = await self._edit(occurrence_id)
        except BadEvent:  # it is not there any more
            self._doubted.discard(occurrence_id)
        except StewardError as error:
            log.warning("event_post_delayed", occurrence=occurrence_id, reason=str(error))
            self._dirty[occurrence_id] = None
            pause = max(EDIT_EVERY, full_jitter(3, cap=30.0))
        finally:
            # The pause belongs to the post: until it is over nothing else edits it.
            asyncio.get_running_loop().call_later(pause, self._free, occurrence_id)

    def _free(self, occurrence_id: int) -> None:
        self._busy.discard(occurrence_id)
        self._wake.set()

    async def _edit(self, occurrence_id: int) -> float:
        """Bring a post to the present state and return for how many seconds it is left alone then."""
        event, given = await self._store.read(partial(_state, occurrence_id=occurrence_id))
        if event.shown < 0:  # it was never put up
            return 0.0
        message_id = event.message_id
        if message_id is None:
            waits = await self._store.read(partial(outbox.is_waiting, key=post_key(event)))  # first: it may be sent now
            message_id = await self._store.write(partial(learn_message, event=event))
            if message_id is None:
                (self._unsent.add if waits else self._doubted.discard)(occurrence_id)
                return 0.0
        if event.shown >= event.revision and occurrence_id not in self._doubted:
            return 0.0
        self._doubted.discard(occurrence_id)
        content = post(event, given, self._clock.now())
        try:
            await self._rest.edit_message(event.channel_id, message_id, content)
        except Gone:
            title = event.details.title
            self.problems[occurrence_id] = f"The post of {title} was deleted. /event repost puts it up again."
            await self._store.write(partial(set_message, occurrence_id=occurrence_id, message_id=None))
        except Refused as error:
            self.problems[occurrence_id] = str(error)
            self._dirty[occurrence_id] = None
            return REFUSED_WAIT
        else:
            self.problems.pop(occurrence_id, None)
        if not await self._store.write(partial(set_shown, occurrence_id=occurrence_id, revision=event.revision)):
            self.refresh(occurrence_id)  # which of the two edits came last, nobody knows
        return EDIT_EVERY


def _state(tx: Transaction, occurrence_id: int) -> tuple[Occurrence, list[Answer]]:
    return occurrence(tx, occurrence_id), answers(tx, occurrence_id)


def learn_message(tx: Transaction, event: Occurrence) -> int | None:
    """Return which message is the post of an occurrence, and keep it; None while it is not sent."""
    message_id = outbox.sent_id(tx, post_key(event))
    if message_id is not None:
        set_message(tx, event.id, message_id)
    return message_id
