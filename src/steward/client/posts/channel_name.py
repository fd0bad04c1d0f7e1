"""One channel whose name is kept true: what is shown, what should be, and when Discord lets it be renamed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

MARGIN = timedelta(seconds=1)  # Discord counts when a request arrives, not when it is sent
NO_WAIT = 0.0  # sorts before each instant
SLACK = 64  # entries of a heap that count no more, beyond as many again as there are channels


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
        problem: what stands in the way, and what helps; None where nothing does.
        held_by: the kind of error of the last try; None where it went well.
        refused: Discord refuses to rename it: nobody knows when that ends.

    """

    channel_id: int
    wanted: str | None = None
    shown: str | None = None
    number: int | None = None
    shown_number: int | None = None
    renames: list[datetime] = field(default_factory=list)
    held_until: datetime | None = None
    problem: str | None = None
    held_by: type[Exception] | None = None
    refused: bool = False
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


_Heap = list[tuple[float, int, ChannelName]]


class RenameQueue:
    """
    Keeps the channels that are to be renamed; each change costs a look at a few of them, however many there are.

    Of those that may be renamed, the one furthest from the truth is next. A channel has one entry that counts: the one
    with its newest number, whichever heap it is in.
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
        at = NO_WAIT if due is None else due.timestamp()
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
