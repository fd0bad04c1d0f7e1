"""
Channel names as desired state: what a channel should be called is a value, and only the newest is ever sent.

Discord allows 2 renames in 10 minutes a channel, on top of the ordinary bucket and unannounced by its headers
(discord-api-docs issues 1900 and 2208). Guarantee: within that limit across restarts, so no rename is refused, and
the newest wish is shown as soon as the limit allows.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from steward.client.access.permissions import VOICE_COUNTER
from steward.client.posts.channel_name import ChannelName, RenameLimit, RenameQueue
from steward.client.rest.errors import Gone, Refused, TryLater, refusal
from steward.client.rest.gate import REFUSED_WITHIN
from steward.client.rest.rest import Rest
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.waiting import wait_within
from steward.store import Store, Transaction, from_millis, to_millis
from steward.text.cutting import cut_label

log = structlog.get_logger(__name__)

REFUSED_FOR = timedelta(minutes=10)
LONGEST_NAME = 100
PLACES = 32  # fewer than the gate lets through while it does not know what becomes of them
FAILING_PLACES = PLACES // 2
PATIENCE = REFUSED_WITHIN + 0.1  # an answer that is longer in coming may be far away: its place is given to another
IN_FLIGHT = 512
TAKE_OUT = "Take the counter out with `/counters remove`."
AUDIT_REASON = "Steward keeps this counter true"


class ChannelNames:
    """
    Keeps channels named as wished.

    Each channel is renamed on its own: one whose answer is long in coming, be it for a limit or an outage of its
    guild, does not hold up the others; where many are at once, `PLACES` of them do for `PATIENCE` seconds.

    Args:
        store: remembers each rename before it is sent.

    """

    def __init__(self, rest: Rest, store: Store, clock: Clock, *, limit: RenameLimit | None = None) -> None:
        self._rest = rest
        self._store = store
        self._clock = clock
        self._limit = limit or RenameLimit()
        self._channels: dict[int, ChannelName] = {}
        self._queue = RenameQueue()
        self._busy: set[int] = set()
        self._placed: set[int] = set()
        self._changed = asyncio.Event()
        self._isolation = Isolation("rename counters", of="channel")

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """Every channel that has been wished or seen."""
        return tuple(self._channels.values())

    def get(self, channel_id: int) -> ChannelName | None:
        """Return one of them; None where it has been neither wished nor seen."""
        return self._channels.get(channel_id)

    def want(self, channel_id: int, name: str, number: int | None = None) -> None:
        """
        Wish for a name; a later wish takes its place. It is cut and spaced as Discord would store it.

        Args:
            number: the number in that name; of all channels that may be renamed the one furthest off comes first.

        """
        channel = self._channel(channel_id)
        channel.wanted, channel.number = cut_label(" ".join(name.split()), LONGEST_NAME), number
        self._queue_up(channel)

    def release(self, channel_id: int) -> None:
        """Leave a channel alone from now on; what its renames have spent is still remembered."""
        channel = self._channels.get(channel_id)
        if channel is not None:
            # Should it be wished for again, one try finds out anew whether it is gone.
            channel.wanted, channel.problem, channel.rewritten, channel.gone = None, None, None, False
            channel.refused = False
            self._queue_up(channel)

    def saw(self, channel_id: int, name: str) -> None:
        """Note what Discord shows, from an event or an answer."""
        channel = self._channel(channel_id)
        was_gone, channel.shown, channel.gone = channel.gone, name, False
        if was_gone or (not channel.stale and channel.rewritten is None):
            channel.problem, channel.refused = None, False  # the channel or the name is there
        self._queue_up(channel)

    def deleted(self, channel_id: int, label: str) -> None:
        """
        Note that a channel is no more, or never was, even before anything is wished of it.

        Args:
            label: what it counts, for the sentence that is said of it.

        """
        channel = self._channel(channel_id)
        if not channel.gone:
            self._lose(
                channel,
                f"<#{channel_id}>, the channel of a counter ({label}), was deleted or is in another server. {TAKE_OUT}",
            )

    def next_change(self, channel_id: int) -> datetime | None:
        """Return when a stale channel can be renamed; None when it shows what it should, or Discord refuses it."""
        channel = self._channels.get(channel_id)
        if channel is None or not channel.stale or channel.refused:
            return None
        return channel.due(self._limit) or self._clock.now()

    def retry(self, channel_id: int) -> None:
        """Rename a channel that was refused as soon as the limit allows: what was missing has been granted."""
        channel = self._channels.get(channel_id)
        if channel is not None and channel.refused:
            channel.refused, channel.problem, channel.held_until = False, None, None
            self._queue_up(channel)

    async def run(self) -> None:
        """Rename whatever is stale as soon as that is allowed, for ever."""
        await self._remember()
        try:
            async with asyncio.TaskGroup() as running:
                await self._begin(running)
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None  # whoever supervises this goes by its kind

    async def _begin(self, running: asyncio.TaskGroup) -> None:
        while True:
            self._changed.clear()
            channel = self._next()
            if channel is None:
                due = None if self._full else self._queue.next_due  # None: wait until something has changed
                await wait_within(self._changed, None if due is None else due - self._clock.now().timestamp())
                continue
            self._busy.add(channel.channel_id)
            self._placed.add(channel.channel_id)
            running.create_task(self._rename(channel), name=f"rename channel {channel.channel_id}")

    def _channel(self, channel_id: int) -> ChannelName:
        return self._channels.setdefault(channel_id, ChannelName(channel_id))

    def _queue_up(self, channel: ChannelName) -> None:
        """Give a channel that has changed its place among those to be renamed, or none."""
        if channel.stale and channel.channel_id not in self._busy:
            self._queue.put(channel, channel.due(self._limit))
        else:
            self._queue.drop(channel)
        self._changed.set()

    @property
    def _full(self) -> bool:
        return len(self._placed) >= PLACES or len(self._busy) >= IN_FLIGHT

    def _next(self) -> ChannelName | None:
        """Return the channel to be renamed now; None while no other can be begun."""
        if self._full:
            return None
        failing = sum(self._channels[channel_id].failures > 0 for channel_id in self._busy)
        return self._queue.take(self._clock.now(), failing=failing < FAILING_PLACES)

    async def _rename(self, channel: ChannelName) -> None:
        slow = asyncio.get_running_loop().call_later(PATIENCE, self._give_way, channel.channel_id)
        try:
            with self._isolation.item(channel.channel_id):
                await self._send(channel)
            if self._isolation.failed(channel.channel_id):
                channel.held_until = self._clock.now() + REFUSED_FOR
        finally:
            slow.cancel()
            self._busy.discard(channel.channel_id)
            self._give_way(channel.channel_id)
            self._queue_up(channel)

    def _give_way(self, channel_id: int) -> None:
        self._placed.discard(channel_id)
        self._changed.set()

    async def _send(self, channel: ChannelName) -> None:
        name, number = channel.wanted, channel.number
        if name is None:
            return
        try:
            shown = await self._ask(channel, name)
        except Gone:
            self._lose(channel, f"<#{channel.channel_id}>, the channel of a counter, was deleted. {TAKE_OUT}")
        except Refused as error:
            channel.refused = True
            self._hold(channel, error, REFUSED_FOR, refusal("rename", channel.channel_id, error, VOICE_COUNTER))
        except TryLater as error:
            channel.failures += 1
            pause = timedelta(seconds=error.retry_after or full_jitter(channel.failures))
            self._hold(channel, error, pause, f"<#{channel.channel_id}> can't be renamed just now. {error}")
        else:
            channel.shown, channel.failures, channel.held_until = shown, 0, None
            channel.shown_number = number
            channel.rewritten = None if shown == name else (name, shown)
            channel.problem = None if shown == name else _rewritten(channel.channel_id, name, shown)
            channel.refused, channel.held_by = False, None

    async def _ask(self, channel: ChannelName, name: str) -> str:
        """Have a channel renamed, and return the name that it has then."""
        spent = channel.renames
        try:
            return await self._rest.rename_channel(
                channel.channel_id, name, reason=AUDIT_REASON, before=partial(self._spend, channel)
            )
        finally:
            if channel.renames is not spent:
                channel.renames[-1] = self._clock.now()  # Discord counts from its arrival: by the answer at the latest

    def _lose(self, channel: ChannelName, reason: str) -> None:
        channel.gone, channel.problem = True, reason
        self._queue_up(channel)
        log.warning("counter_channel_gone", channel=channel.channel_id, reason=reason)

    def _hold(self, channel: ChannelName, error: Refused | TryLater, pause: timedelta, reason: str) -> None:
        """Wait before the next try; one kind of trouble is logged once, whatever sentence it comes with."""
        if not channel.stale:
            return  # carried out all the same: an event has told, only the answer was lost
        if channel.problem is None or channel.held_by is not type(error):
            log.warning("counter_stale", channel=channel.channel_id, reason=reason, again_in=str(pause))
        channel.problem, channel.held_by = reason, type(error)
        channel.held_until = self._clock.now() + pause

    async def _spend(self, channel: ChannelName) -> None:
        """Write the rename down before it is sent: what is spent must outlive this process."""

        def work(tx: Transaction) -> None:
            forgotten = to_millis(tx.now - 2 * self._limit.window)
            # What lies in the future was written under a clock that was wrong.
            tx.execute(
                "DELETE FROM channel_renames WHERE channel_id = ? AND (at < ? OR at > ?)",
                (channel.channel_id, forgotten, tx.now_ms),
            )
            tx.execute("INSERT INTO channel_renames (channel_id, at) VALUES (?, ?)", (channel.channel_id, tx.now_ms))

        await self._store.write(work)
        channel.renames = [*channel.renames[1 - self._limit.count :], self._clock.now()]

    async def _remember(self) -> None:
        """Take over what earlier processes have spent."""
        rows = await self._store.read(
            lambda tx: tx.all(
                "SELECT channel_id, at FROM channel_renames WHERE at > 0 AND at <= ? ORDER BY channel_id, at",
                (tx.now_ms,),
            )
        )
        for channel_id, at in rows:
            channel = self._channel(channel_id)
            channel.renames = [*channel.renames[1 - self._limit.count :], from_millis(at)]
        for channel in self._channels.values():
            self._queue_up(channel)


def _rewritten(channel_id: int, wanted: str, shown: str) -> str:
    return (
        f"Discord shows “{wanted}” as “{shown}” in <#{channel_id}>: Discord rewrites the names of text channels."
        " Use a voice channel."
    )
