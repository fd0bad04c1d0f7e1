"""Which channel is renamed next: of those that may be, the one furthest from the truth."""

from __future__ import annotations

from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count

from steward.client.posts.channel_name import ChannelName

AT_ONCE = 0.0
SLACK = 64

_Heap = list[tuple[float, int, ChannelName]]


class RenameQueue:
    """
    Keeps the channels that are to be renamed; each change costs a look at a few of them, however many there are.

    A channel has one entry that counts: the one with its newest number, whichever heap it is in.
    """

    def __init__(self) -> None:
        self._numbers = count(1)
        self._newest: dict[int, int] = {}
        self._waits: dict[int, float] = {}
        self._waiting: _Heap = []
        self._ready: _Heap = []
        self._failing: _Heap = []

    def put(self, channel: ChannelName, due: datetime | None) -> None:
        """Add a channel, or move one that has changed; it may be renamed from `due` on, None: at once."""
        at = AT_ONCE if due is None else due.timestamp()
        if self._waits.get(channel.channel_id) != at:
            self._push(self._waiting, at, channel)
            self._waits[channel.channel_id] = at

    def drop(self, channel: ChannelName) -> None:
        """Take a channel out, if it is in."""
        self._newest.pop(channel.channel_id, None)
        self._waits.pop(channel.channel_id, None)

    def take(self, now: datetime, *, failing: bool) -> ChannelName | None:
        """
        Take out the channel that is renamed next; None where none may be as yet.

        Args:
            failing: whether it may be one whose last try failed.

        """
        while (due := self.next_due) is not None and due <= now.timestamp():
            channel = heappop(self._waiting)[2]
            del self._waits[channel.channel_id]
            self._push(self._failing if channel.failures else self._ready, -channel.error, channel)
        heaps = (self._ready, self._failing) if failing else (self._ready,)
        first = min((heap for heap in heaps if self._any_in(heap)), key=lambda heap: heap[0][:2], default=None)
        if first is None:
            return None
        channel = heappop(first)[2]
        self.drop(channel)
        return channel

    @property
    def next_due(self) -> float | None:
        """When the next of those that have to wait may be renamed, in seconds since the epoch."""
        return self._waiting[0][0] if self._any_in(self._waiting) else None

    def _push(self, heap: _Heap, key: float, channel: ChannelName) -> None:
        if len(heap) > 2 * len(self._newest) + SLACK:
            heap[:] = [entry for entry in heap if self._counts(entry)]
            heapify(heap)
        number = self._newest[channel.channel_id] = next(self._numbers)
        heappush(heap, (key, number, channel))

    def _any_in(self, heap: _Heap) -> bool:
        """Forget what is first and counts no more; return whether anything is left."""
        while heap and not self._counts(heap[0]):
            heappop(heap)
        return bool(heap)

    def _counts(self, entry: tuple[float, int, ChannelName]) -> bool:
        _, number, channel = entry
        return self._newest.get(channel.channel_id) == number
