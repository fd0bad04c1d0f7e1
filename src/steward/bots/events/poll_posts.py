"""Keeps the posts of polls as they should be, and closes polls in time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from steward.bots.events.polls import (
    TOPIC,
    Poll,
    close_poll,
    learn_message,
    next_closing,
    overdue,
    poll_of,
    polls_to_be_shown,
    set_poll_shown,
)
from steward.bots.events.views.poll import poll_post
from steward.client.errors import Gone, Refused
from steward.client.rest import Rest
from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store

log = structlog.get_logger(__name__)

EDIT_EVERY = 1.0
LOOK_EVERY = 60.0
REFUSED_WAIT = timedelta(minutes=10)


class PollPosts:
    """
    Brings the posts of polls to what they should show: the newest state only, at most one edit a second a post.

    Args:
        store: knows what each should show, and what it shows.
        rest: Discord.
        clock: the time.

    """

    def __init__(self, store: Store, rest: Rest, clock: Clock) -> None:
        self._store = store
        self._rest = rest
        self._clock = clock
        self._refused: dict[int, tuple[str, datetime]] = {}

    @property
    def problems(self) -> list[str]:
        """What stands in the way of a post, a sentence each."""
        return [problem for problem, _ in self._refused.values()]

    async def run(self) -> None:
        """Close and edit what is to be closed and edited, for ever."""
        with self._store.listening(TOPIC) as changed:
            while True:
                changed.clear()
                pause = await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await changed.wait()

    async def _look(self) -> float:
        """Bring everything to what it should be; return the seconds until another look makes sense."""
        try:
            for poll_id in await self._store.read(overdue):
                await self._store.write(partial(close_poll, poll_id=poll_id))
            now = self._clock.now()
            stale = [one for one in await self._store.read(polls_to_be_shown) if not self._rests(one, now)]
            for poll_id in stale:
                await self._bring(poll_id)
            if stale:
                await asyncio.sleep(EDIT_EVERY)  # whatever changes meanwhile is shown by one edit
                return 0.0
            closing = await self._store.read(next_closing)
        except StewardError as error:
            log.warning("event_post_delayed", poll=True, reason=str(error))
            return full_jitter(3)
        if closing is None:
            return LOOK_EVERY
        return min(LOOK_EVERY, max(0.0, (closing - self._clock.now()).total_seconds()))

    def _rests(self, poll_id: int, now: datetime) -> bool:
        return poll_id in self._refused and now < self._refused[poll_id][1]

    async def _bring(self, poll_id: int) -> None:
        poll: Poll = await self._store.read(partial(poll_of, poll_id=poll_id))
        message_id = poll.message_id or await self._store.write(partial(learn_message, poll_id=poll_id))
        if message_id is None:
            return  # it is on its way; there is another look in a second
        try:
            await self._rest.edit_message(poll.channel_id, message_id, poll_post(poll, self._clock.now()))
        except Gone:
            log.info("event_poll_gone", poll=poll_id)
        except Refused as error:
            self._refused[poll_id] = str(error), self._clock.now() + REFUSED_WAIT
            return
        self._refused.pop(poll_id, None)
        await self._store.write(partial(set_poll_shown, poll_id=poll_id, revision=poll.revision))
