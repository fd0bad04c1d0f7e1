"""
What is done when many interactions come at once: in turns, and acknowledged first where they are too many.

While no more than `MANY` are in hand each is answered when it is its turn, and its answer is the acknowledgement; where
that takes long, `Turn` acknowledges it meanwhile. What comes beyond is acknowledged before its handler begins, and put
off. An acknowledgement has three seconds and the work a quarter of an hour: while any wait to be acknowledged, little
is done of what is put off, and no more than `MAX_ADMITTED` are put off; the next waits until one of them is done.

Lanes take turns: who does something else, or in another server, does not wait behind a thousand clicks on one button.
What one member does in a lane is worked on in the order in which it came, however much is in hand; a form alone waits
for nothing, as it must be the first answer. What is too old to be acknowledged is dropped, undone: the member was told
that the bot did not respond. What seems too old when it comes is acknowledged first, too, however little is in hand,
and dropped if Discord does not take that.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

MANY = 500
"""So many in hand are answered before they need be acknowledged, at 3 ms each."""
ANSWERED_AT_ONCE = 64
ACKNOWLEDGED_AT_ONCE = 64
WORKED_ON_AT_ONCE = 32
WORKED_ON_MEANWHILE = 2
"""So many at once of those that are put off are worked on while others wait to be acknowledged or answered."""
MAX_ADMITTED = 4000
"""So many are put off at the most; each takes 10 KB."""
TOO_OLD = 2.6  # seconds; Discord takes a first answer for three, and it is yet to get there
ON_ITS_WAY = 0.4  # seconds; what takes longer is too old so much earlier
REMEMBERED_FOR = 60.0
LONGEST_ON_THE_WAY = 60.0

Before = asyncio.Task[Any] | None


class Lanes:
    """
    Lets a bounded number do something at once; lanes take turns, and in a lane who came first.

    Args:
        at_once: tells how many, 1 or more; asked whenever somebody comes or is done.

    """

    def __init__(self, at_once: Callable[[], int]) -> None:
        self._at_once = at_once
        self._inside = 0
        self._lanes: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()
        self.waiting = 0

    @asynccontextmanager
    async def turn(self, lane: Hashable) -> AsyncIterator[None]:
        """Wait for a turn, and have it while entered."""
        await self._enter(lane)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, lane: Hashable) -> None:
        if self._inside < self._at_once():
            self._inside += 1
            return
        called = asyncio.get_running_loop().create_future()
        self._lanes.setdefault(lane, deque()).append(called)
        self.waiting += 1
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        """End a turn, and give those that are free to the next lanes."""
        self._inside -= 1
        while self._lanes and self._inside < self._at_once():
            lane, waiting = self._lanes.popitem(last=False)
            called = waiting.popleft()
            self.waiting -= 1
            if waiting:
                self._lanes[lane] = waiting
            if not called.done():
                called.set_result(None)
                self._inside += 1


class Ages:
    """
    How old interactions are when they are read, by the time in their ids; no clock that can be set is asked.

    The youngest of the last minute or two counts as new: what others have more, they were on the way or lay unread.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._least = self._earlier = float("inf")
        self._since = clock.monotonic()

    def of(self, made_at: datetime) -> float:
        """Return the seconds since an interaction was made, as far as can be told."""
        behind = self._clock.monotonic() - made_at.timestamp()  # only differences count
        if self._clock.monotonic() - self._since > REMEMBERED_FOR:
            self._earlier, self._least, self._since = self._least, behind, self._clock.monotonic()
        self._least = min(self._least, behind)
        age = behind - min(self._least, self._earlier)
        if age > LONGEST_ON_THE_WAY:  # nothing lies unread for so long: a clock was set
            self._least = self._earlier = behind
            return 0.0
        return age


class Load:
    """
    What is in hand, and whose turn it is.

    Attributes:
        in_hand: how many interactions have come and are not done.
        dropped: how many were too old to be acknowledged, since last none was in hand.

    """

    def __init__(self, clock: Clock) -> None:
        self._ages = Ages(clock)
        self._clock = clock
        self.answering = Lanes(lambda: ANSWERED_AT_ONCE)
        self.admitting = Lanes(lambda: MAX_ADMITTED)
        self.acknowledging = Lanes(lambda: ACKNOWLEDGED_AT_ONCE)
        self.working = Lanes(self._worked_on_at_once)
        self._last: dict[Hashable, Before] = {}
        self._late = 0.0
        self.in_hand = 0
        self.dropped = 0

    def _worked_on_at_once(self) -> int:
        others_wait = self.acknowledging.waiting or self.answering.waiting
        return WORKED_ON_MEANWHILE if others_wait else WORKED_ON_AT_ONCE

    @property
    def is_high(self) -> bool:
        """Whether so much is in hand that what comes is acknowledged first."""
        return self.in_hand > MANY

    def came(self, made_at: datetime) -> float:
        """Take an interaction in hand, and return until when it may be acknowledged, in monotonic seconds."""
        self.in_hand += 1
        return self._clock.monotonic() + TOO_OLD - self._ages.of(made_at)

    def is_too_old(self, until: float) -> bool:
        """Return whether it is too late to acknowledge something: by then it would be, if that takes what it took."""
        return self._clock.monotonic() + self._late >= until

    @contextmanager
    def acknowledged(self) -> Iterator[None]:
        """Take the time that an acknowledgement takes, while entered."""
        began = self._clock.monotonic()
        try:
            yield
        finally:
            self._late = max(0.0, self._clock.monotonic() - began - ON_ITS_WAY)

    @contextmanager
    def in_order(self, who: Hashable) -> Iterator[Before]:
        """Give, while entered, the task that entered last for the same; None if there is none any more."""
        before, this = self._last.get(who), asyncio.current_task()
        self._last[who] = this
        try:
            yield before
        finally:
            if self._last.get(who) is this:
                del self._last[who]

    def done(self) -> None:
        """Have one less in hand; when none is left it is said how many were dropped."""
        self.in_hand -= 1
        if not self.is_high:
            self._late = 0.0
        if not self.in_hand and self.dropped:
            log.warning("interactions_dropped", count=self.dropped)
            self.dropped = 0
