"""
Channel names as desired state: what a channel should be called is a value, and only the newest is ever sent.

Discord allows 2 renames in 10 minutes a channel, on top of the ordinary bucket and unannounced by its headers
(discord-api-docs issues 1900 and 2208). Guarantee: within that limit across restarts, so no rename is refused, and
the newest wish is shown as soon as the limit allows.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

import structlog

from steward.client.errors import Gone, Refused, TryLater
from steward.client.rest import Rest
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store, Transaction, from_millis, to_millis

log = structlog.get_logger(__name__)

MARGIN = timedelta(seconds=1)  # Discord counts when a request arrives, not when it is sent
REFUSED_FOR = timedelta(minutes=10)
LONGEST_NAME = 100
AUDIT_REASON = "Steward keeps this counter true"


@dataclass(frozen=True, slots=True)
class RenameLimit:
    """So many renames of one channel in so long a window."""

    count: int = 2
    window: timedelta = timedelta(minutes=10)

    @property
    def spacing(self) -> timedelta:
        """
        The least time between two renames: never a burst that leaves the name stale for a whole window.

        Four fifths of the even pace: a change soon after a rename is shown sooner, at the price of a longer wait
        once in a while. `steward bench seven_days` shows the error that it leaves.
        """
        return self.window / self.count * 0.8


@dataclass(slots=True)
class ChannelName:
    """
    One channel: what is shown, what should be, and what stands between.

    Attributes:
        number: the number in the wanted name; None where it has none.
        shown_number: the number in the name last sent.

    """

    channel_id: int
    wanted: str | None = None
    shown: str | None = None
    number: int | None = None
    shown_number: int | None = None
    renames: list[datetime] = field(default_factory=list)
    held_until: datetime | None = None
    problem: str | None = None
    gone: bool = False
    failures: int = 0
    rewritten: tuple[str, str] | None = None

    @property
    def stale(self) -> bool:
        """Whether another name should be shown than is; as near as Discord lets it come counts."""
        if self.wanted is None or self.gone or (self.wanted, self.shown) == self.rewritten:
            return False
        return self.wanted != self.shown

    @property
    def error(self) -> float:
        """How far the shown number is from the truth, as a share of it; endless where nobody knows."""
        if self.number is None or self.shown_number is None:
            return inf
        return abs(self.number - self.shown_number) / max(1, abs(self.number))

    def due(self, limit: RenameLimit) -> datetime | None:
        """Return when the next rename is allowed; None when it is at once."""
        waits = [self.held_until] if self.held_until is not None else []
        if self.renames:
            waits.append(self.renames[-1] + limit.spacing + MARGIN)
        if len(self.renames) >= limit.count:
            waits.append(self.renames[-limit.count] + limit.window + MARGIN)
        return max(waits, default=None)


class ChannelNames:
    """
    Keeps channels named as wished.

    Args:
        rest: Discord.
        store: remembers each rename before it is sent.
        clock: the time.
        limit: how often one channel may be renamed.

    """

    def __init__(self, rest: Rest, store: Store, clock: Clock, *, limit: RenameLimit | None = None) -> None:
        self._rest = rest
        self._store = store
        self._clock = clock
        self._limit = limit or RenameLimit()
        self._channels: dict[int, ChannelName] = {}
        self._changed = asyncio.Event()

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """Every channel that has been wished or seen."""
        return tuple(self._channels.values())

    def want(self, channel_id: int, name: str, number: int | None = None) -> None:
        """
        Wish for a name; a later wish takes its place. It is cut and spaced as Discord would store it.

        Args:
            channel_id: the channel.
            name: what it should be called.
            number: the number in that name; of all channels that may be renamed the one furthest off comes first.

        """
        channel = self._channel(channel_id)
        channel.wanted, channel.number = " ".join(name.split())[:LONGEST_NAME], number
        self._changed.set()

    def release(self, channel_id: int) -> None:
        """Leave a channel alone from now on; what its renames have spent is still remembered."""
        channel = self._channels.get(channel_id)
        if channel is not None:
            channel.wanted, channel.problem, channel.rewritten = None, None, None

    def saw(self, channel_id: int, name: str) -> None:
        """Note what Discord shows, from an event or an answer."""
        channel = self._channel(channel_id)
        channel.shown, channel.gone = name, False
        if not channel.stale and channel.rewritten is None:
            channel.problem = None  # whatever stood in the way, the name is there
        self._changed.set()

    def deleted(self, channel_id: int) -> None:
        """Note that a channel is no more."""
        channel = self._channels.get(channel_id)
        if channel is not None and not channel.gone:
            self._lose(channel, f"The counter channel {channel_id} has been deleted.")

    def next_change(self, channel_id: int) -> datetime | None:
        """Return when a stale channel can be renamed; None when it shows what it should."""
        channel = self._channels.get(channel_id)
        if channel is None or not channel.stale:
            return None
        return channel.due(self._limit) or self._clock.now()

    async def run(self) -> None:
        """Rename whatever is stale as soon as that is allowed, for ever."""
        await self._remember()
        while True:
            self._changed.clear()
            channel, pause = self._next()
            if channel is None or pause > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), None if channel is None else pause)
                continue
            await self._rename(channel)

    def _channel(self, channel_id: int) -> ChannelName:
        return self._channels.setdefault(channel_id, ChannelName(channel_id))

    def _next(self) -> tuple[ChannelName | None, float]:
        now = self._clock.now()
        stale = [(channel.due(self._limit) or now, channel) for channel in self._channels.values() if channel.stale]
        if not stale:
            return None, 0.0
        allowed = [channel for due, channel in stale if due <= now]
        if allowed:
            return max(allowed, key=lambda channel: channel.error), 0.0
        due, channel = min(stale, key=lambda pair: pair[0])
        return channel, (due - now).total_seconds()

    async def _rename(self, channel: ChannelName) -> None:
        name, number = channel.wanted, channel.number
        if name is None:
            return
        await self._spend(channel)
        try:
            shown = await self._rest.rename_channel(channel.channel_id, name, reason=AUDIT_REASON)
        except Gone as error:
            self._lose(channel, str(error))
        except Refused as error:
            self._hold(channel, REFUSED_FOR, str(error))
        except TryLater as error:
            channel.failures += 1
            pause = error.retry_after or full_jitter(channel.failures)
            self._hold(channel, timedelta(seconds=pause), str(error))
        else:
            channel.shown, channel.failures, channel.held_until = shown, 0, None
            channel.shown_number = number
            channel.rewritten = None if shown == name else (name, shown)
            channel.problem = None if shown == name else _rewritten(name, shown)

    def _lose(self, channel: ChannelName, reason: str) -> None:
        channel.gone, channel.problem = True, reason
        log.warning("counter_channel_gone", channel=channel.channel_id, reason=reason)

    def _hold(self, channel: ChannelName, pause: timedelta, reason: str) -> None:
        if not channel.stale:
            return  # carried out all the same: an event has told, only the answer was lost
        if channel.problem != reason:
            log.warning("counter_stale", channel=channel.channel_id, reason=reason, again_in=str(pause))
        channel.problem = reason
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
                "SELECT channel_id, at FROM channel_renames WHERE at <= ? ORDER BY channel_id, at", (tx.now_ms,)
            )
        )
        for channel_id, at in rows:
            channel = self._channel(channel_id)
            channel.renames = [*channel.renames[1 - self._limit.count :], from_millis(at)]


def _rewritten(wanted: str, shown: str) -> str:
    return f"Discord shows {wanted!r} as {shown!r}: names of text channels are rewritten. Use a voice channel."
