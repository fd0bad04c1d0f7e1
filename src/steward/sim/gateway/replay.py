"""The events that a session stores for RESUME, and the limit of what all sessions store."""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from steward.runtime.clock import Clock
from steward.sim.limits import Limits

OVERHEAD = 160  # bytes of a stored event besides its body
_PACKED_FROM = 4096  # bytes; GUILD_CREATE takes a tenth when compressed, which costs a third of building it


class Sent(NamedTuple):
    """A sent event: sequence number, name, `d` as JSON (compressed if `packed`), and the clock's monotonic time."""

    seq: int
    name: str
    body: bytes
    at: float
    packed: bool = False

    def payload(self) -> bytes:
        """Return the gateway payload as JSON."""
        body = zlib.decompress(self.body) if self.packed else self.body
        return b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.seq, self.name.encode(), body)


class ReplayMemory:
    """
    The memory that all sessions together use for RESUME.

    Args:
        most: its limit in bytes.
        make_room: called by the event loop soon after the limit is exceeded.

    Attributes:
        loop: that event loop; it need not run while bytes are counted, since people may act between two runs of it.

    """

    def __init__(self, most: int, make_room: Callable[[], None]) -> None:
        self.kept = 0
        self.loop: asyncio.AbstractEventLoop | None = None
        self._most = most
        self._make_room = make_room
        self._called = False

    @property
    def exceeded(self) -> bool:
        """Whether more than the limit is kept."""
        return self.kept > self._most

    def count(self, change: int) -> None:
        """Add to the bytes that are kept, or subtract."""
        self.kept += change
        if self.exceeded and not self._called and self.loop is not None:
            self._called = True
            self.loop.call_soon(self._call)

    def _call(self) -> None:
        self._called = False
        self._make_room()


class ReplayLog:
    """
    Numbers a session's events and stores those that are unsent, not yet acknowledged, or recent.

    Recent are those younger than `Limits.session_seconds`. Unsent events are always stored; `replay_events` limits the
    number of the others, `replay_bytes` the bytes of all. Sessions share the body of an event that is the same for
    them, unless it is large: each compresses that for itself.
    """

    def __init__(self, limits: Limits, clock: Clock, memory: ReplayMemory) -> None:
        self.seq = 0
        self.kept = 0
        self._events: deque[Sent] = deque()
        self._limits = limits
        self._clock = clock
        self._memory = memory
        self._acknowledged = 0

    def add(self, name: str, body: bytes) -> Sent:
        """Store an event under the next number."""
        self.seq += 1
        sent = Sent(self.seq, name, body, self._clock.monotonic())
        stored = sent if len(body) < _PACKED_FROM else sent._replace(body=zlib.compress(body, 1), packed=True)
        self._events.append(stored)
        self._count(len(stored.body) + OVERHEAD)
        return sent

    def acknowledge(self, seq: int) -> None:
        """Record the number that the client's heartbeat acknowledges."""
        self._acknowledged = min(max(self._acknowledged, seq), self.seq)

    def forget(self, unsent: int) -> None:
        """Drop events that are no longer needed, and the oldest above the limits; keep the last `unsent`."""
        events, limits = self._events, self._limits
        long_ago = self._clock.monotonic() - limits.session_seconds
        while len(events) > unsent:
            oldest = events[0]
            too_much = len(events) - unsent > limits.replay_events or self.kept > limits.replay_bytes
            if not too_much and (oldest.at > long_ago or oldest.seq > self._acknowledged):
                break
            self._drop()

    def halve(self, unsent: int) -> bool:
        """Drop the older half of its bytes, but not the last `unsent` events; return whether any was dropped."""
        before = self.kept
        while self.kept * 2 > before and len(self._events) > unsent:
            self._drop()
        return self.kept < before

    def clear(self) -> None:
        """Drop all events."""
        self._events.clear()
        self._count(-self.kept)

    def reaches(self, seq: int) -> bool:
        """Return whether every event after this number is still stored."""
        oldest = self._events[0].seq if self._events else self.seq + 1
        return oldest - 1 <= seq <= self.seq

    def after(self, seq: int) -> list[Sent]:
        """Return the events after this number, all of which must still be stored."""
        return list(islice(self._events, len(self._events) - (self.seq - seq), None))

    def _drop(self) -> None:
        self._count(-len(self._events.popleft().body) - OVERHEAD)

    def _count(self, change: int) -> None:
        self.kept += change
        self._memory.count(change)
