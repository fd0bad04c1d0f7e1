"""Work for guilds, queued for each by itself: a guild or a thing that Discord cannot answer for holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from functools import partial

import structlog

from steward.errors import NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.isolation import Isolation

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[None]]

MAX_OF_A_GUILD = 500
MOST = 10_000
AT_ONCE = 20
FAILURES_IN_A_ROW = 3
"""So many, and the guild pauses: it is not one thing that cannot be done, but all."""
LONGEST_PAUSE = 60.0
SAID_AFTER = 3
"""Passes through a guild's queue without an end of its failures until the operator is told."""

_REREAD = "reread"


@dataclass(slots=True)
class _Queue:
    waiting: dict[Hashable, Work] = field(default_factory=dict)
    failed_passes: int = 0
    failure: str = ""


class GuildQueues:
    """
    Does the work of each guild one after the other, of up to twenty guilds at once.

    Of work with the same key only the latest is done. What fails because something is not ready goes to the end of its
    guild's queue. A queue that gets too long is dropped, and the guild is read anew instead: nothing is lost.

    Args:
        reread: finds out what the dropped work would have told of a guild.

    """

    def __init__(self, reread: Callable[[int], Awaitable[None]]) -> None:
        self._reread = reread
        self._queues: dict[int, _Queue] = {}
        self._served: set[int] = set()
        self._waiting = 0
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._isolation = Isolation("hear of Discord's events")

    @property
    def failures(self) -> dict[int, str]:
        """What has stood in the way for a while, by guild."""
        return {id_: one.failure for id_, one in self._queues.items() if one.failed_passes >= SAID_AFTER}

    def put(self, guild_id: int, key: Hashable, work: Work) -> None:
        """Queue something of a guild, in place of what is queued with the same key."""
        queue = self._queues.setdefault(guild_id, _Queue())
        self._take(queue, key)
        self._add(queue, key, work)
        if len(queue.waiting) > MAX_OF_A_GUILD:
            self._drop(guild_id)
        elif self._waiting > MOST:
            self._drop(max(self._queues, key=lambda one: len(self._queues[one].waiting)))
        self._wake.set()

    def reread(self, guild_id: int) -> None:
        """Queue that a guild is read anew."""
        self.put(guild_id, _REREAD, partial(self._reread, guild_id))

    def _drop(self, guild_id: int) -> None:
        """Read a guild anew in place of all that is queued for it."""
        waiting = self._queues[guild_id].waiting
        log.warning("native_events_reread", guild=guild_id, dropped=len(waiting))
        self._waiting -= len(waiting)
        waiting.clear()
        self.reread(guild_id)

    def _add(self, queue: _Queue, key: Hashable, work: Work) -> None:
        if key not in queue.waiting:
            queue.waiting[key] = work
            self._waiting += 1

    def _take(self, queue: _Queue, key: Hashable) -> Work | None:
        work = queue.waiting.pop(key, None)
        self._waiting -= work is not None
        return work

    async def run(self) -> None:
        """Do what is queued, until cancelled."""
        self._served.clear()
        async with asyncio.TaskGroup() as running:
            while True:
                self._wake.clear()
                for guild_id in self._queues.keys() - self._served:
                    self._served.add(guild_id)
                    running.create_task(self._serve(guild_id), name=f"hear of Discord's events in {guild_id}")
                await self._wake.wait()

    async def _serve(self, guild_id: int) -> None:
        queue = self._queues[guild_id]
        while queue.waiting:
            if await self._all_done(guild_id, queue):
                queue.failed_passes = 0
            else:
                queue.failed_passes += 1
                log.warning("native_events_delayed", guild=guild_id, reason=queue.failure)
                await asyncio.sleep(full_jitter(queue.failed_passes, max_delay=LONGEST_PAUSE))
        del self._queues[guild_id]
        self._served.discard(guild_id)

    async def _all_done(self, guild_id: int, queue: _Queue) -> bool:
        """Go through a queue once; return whether nothing failed."""
        all_done, in_a_row = True, 0
        for _ in range(len(queue.waiting)):
            if not queue.waiting or in_a_row == FAILURES_IN_A_ROW:
                break
            key = next(iter(queue.waiting))
            work = self._take(queue, key)
            assert work is not None  # noqa: S101 - the key is there
            try:
                async with self._slots:
                    with self._isolation.item(guild_id):
                        await work()
            except (NotReady, NeedsOperator) as error:  # a refused token ends the process elsewhere, if it stays so
                self._add(queue, key, work)  # unless something newer came meanwhile
                queue.failure = str(error)
                all_done, in_a_row = False, in_a_row + 1
            else:
                in_a_row = 0
        return all_done
