"""Send the messages in the outbox: in order within a channel, exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.waiting import wait_within
from steward.store.instants import from_millis, to_millis
from steward.store.interface import Store
from steward.store.outbox import outbox
from steward.store.outbox import queue as outbox_queue
from steward.store.outbox.queue import Head, OutboxMessage, Undeliverable
from steward.store.transaction import Transaction
from steward.store.writing.skipper import loggable
from steward.text.cutting import storable

log = get_logger(__name__)

Deliver = Callable[[OutboxMessage], Awaitable[int]]
"""
Sends one message with its nonce and returns Discord's id of it.

If `attempted_at` is set, an earlier attempt may have arrived. Discord knows a nonce for some minutes only; after that,
look in the channel first. Raises `Undeliverable` if it can never be sent, anything else if it may be sent later.
"""

_LONGEST_SLEEP = 300.0
_LONGEST_SLEEP_BESIDE_OTHERS = 15.0  # commits of other processes wake nobody here, and one may have been killed
_SWEEP = timedelta(hours=24)
_MAX_RETRY_WAIT = outbox_queue.LONGEST_REST.total_seconds()
_LONGEST_PAUSE = 50.0  # after an outage everything is sent within a minute


def _growing(attempts: int) -> float:
    return full_jitter(attempts, max_delay=_LONGEST_PAUSE)


def _look(tx: Transaction, busy: Collection[int], limit: int) -> tuple[list[Head], int | None]:
    return outbox_queue.heads(tx, busy, limit), outbox_queue.next_retry(tx)


class OutboxSender:
    """
    Delivers messages as soon as they are committed.

    Each message is delivered exactly once, if `deliver` honours nonce and `attempted_at`. An attempt is committed
    before it is made, so nothing is sent while the database cannot be written. A message that cannot be sent blocks
    its own channel only. If several processes share the database, a message that one of them sends is left alone by
    the others for `limit` and `margin`.

    Args:
        concurrency: channels that are sent to at the same time, 1 or more.
        limit: the longest time for one delivery; with `margin` at most five minutes.
        margin: how much longer other processes leave a message alone.
        backoff: seconds to wait after so many attempts, at most five minutes.
        may_delete: tells whether the clock is trusted enough to delete old data.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        deliver: Deliver,
        *,
        concurrency: int = 4,
        limit: timedelta = timedelta(minutes=2),
        margin: timedelta = timedelta(minutes=1),
        backoff: Callable[[int], float] = _growing,
        may_delete: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._deliver = deliver
        self._concurrency = concurrency
        self._limit = limit
        self._rests = limit + margin if store.shared else None
        self._longest_sleep = _LONGEST_SLEEP_BESIDE_OTHERS if store.shared else _LONGEST_SLEEP
        self._backoff = backoff
        self._may_delete = may_delete
        self._busy: set[int] = set()
        self._swept: datetime | None = None

    async def run(self) -> None:
        """Send messages for ever; one call at a time."""
        self._busy.clear()
        with self._store.listening(outbox.TOPIC) as changed:
            async with asyncio.TaskGroup() as running:
                while True:
                    changed.clear()
                    await self._sweep()
                    wait = await self._begin(running, changed)
                    await wait_within(changed, wait)

    async def _begin(self, running: asyncio.TaskGroup, changed: asyncio.Event) -> float:
        """Start sending to channels that are ready; return the seconds until the next look."""
        free = self._concurrency - len(self._busy)
        if free == 0:
            return self._longest_sleep  # the end of a delivery wakes it
        try:
            look = partial(_look, busy=frozenset(self._busy), limit=free)
            heads, retry_at = await self._store.read(look)
        except Exception as error:  # noqa: BLE001 - the supervisor boundary of messages, as below
            log.warning("outbox_delayed", error=loggable(error))
            return 5.0
        for head in heads:
            self._busy.add(head.channel_id)
            running.create_task(self._send(head, changed), name=f"outbox {head.key}")
        if retry_at is None:
            return self._longest_sleep
        rest = (retry_at - to_millis(self._clock.now())) / 1000
        return min(self._longest_sleep, max(0.0, rest))

    async def _send(self, head: Head, changed: asyncio.Event) -> None:
        try:
            message = await self._begun(head)
            if message is None:
                return  # another process sends it, or it cannot be read
            await self._store.write(await self._attempt(message))
        except Exception as unwritable:  # noqa: BLE001 - the supervisor boundary of messages, as below
            # Nothing was sent; or it was but could not be recorded: then the nonce prevents a duplicate.
            log.warning("outbox_delayed", key=head.key, error=loggable(unwritable))
            await asyncio.sleep(full_jitter(1, max_delay=5.0))
        finally:
            self._busy.discard(head.channel_id)
            changed.set()

    async def _begun(self, head: Head) -> OutboxMessage | None:
        """Record an attempt and return the message; park it if it cannot be read."""
        try:
            return await self._store.write(partial(outbox_queue.mark_attempt, head=head, rests=self._rests))
        except Exception as error:
            if not self._store.is_content_error(error):
                raise
            self._store.skipper.note("message", error, head.id)
            await self._store.write(partial(outbox_queue.park_unreadable, head=head))
            return None

    async def _attempt(self, message: OutboxMessage) -> Callable[[Transaction], None]:
        """Deliver it, and return the unit of work that records the outcome."""
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                message_id = await self._deliver(message)
        except Undeliverable as error:
            log.warning("message_parked", key=message.key, channel_id=message.channel_id, reason=str(error))
            return partial(outbox_queue.park, message=message, error=error)
        except Exception as error:  # noqa: BLE001 - the supervisor boundary of messages: one must not block the others
            return self._again(message, error)
        return partial(outbox_queue.mark_sent, message=message, message_id=message_id)

    def _again(self, message: OutboxMessage, error: Exception) -> Callable[[Transaction], None]:
        wait = min(self._backoff(message.attempts + 1), _MAX_RETRY_WAIT)
        retry_at = to_millis(self._clock.now()) + round(wait * 1000)
        expected = isinstance(error, StewardError | OSError)
        network = isinstance(error, OSError)  # its message holds no values
        problem = storable(f"{type(error).__name__}: {error}" if network else loggable(error))
        if message.attempts == 0 or not expected:  # one line an outage, not one an attempt
            log.warning(
                "message_delayed",
                key=message.key,
                again_at=from_millis(retry_at).isoformat(timespec="seconds"),
                error=problem,
                exc_info=None if expected else error,
            )
        return partial(outbox_queue.mark_failed, message=message, error=problem, retry_at=retry_at)

    async def _sweep(self) -> None:
        now = self._clock.now()
        if (self._swept is not None and now - self._swept < _SWEEP) or not self._may_delete():
            return
        self._swept = now
        try:
            await self._store.write(outbox_queue.forget_old)
        except Exception as error:  # noqa: BLE001 - the supervisor boundary of messages: sending goes on
            log.warning("outbox_not_swept", error=loggable(error))
