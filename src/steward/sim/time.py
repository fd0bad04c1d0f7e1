"""
Accelerated time: an event loop whose clock jumps to the next timer when there is nothing else to do.

Guarantees:

- The clock stands still while anything can run. It moves only if no callback is ready, no socket of this process
  has data, no executor call is running and no adopted library thread is awake; then exactly to the next timer.
  Exception: after 20,000 loop iterations at one instant it advances by a microsecond, because some code waits
  for the clock to pass an instant (`discord.ext.tasks`).
- `asyncio.sleep`, timeouts, `call_later`, `time.time()` and `datetime.now()` all follow it, and so do the clocks
  and the timed waits of adopted libraries (discord.py's heartbeat runs in a thread: see `library_time`).
- Sockets are real. Loopback delivers within microseconds; the loop grants `settle` seconds of wall time before each
  jump, so data between two ends in this process arrives at the same instant. Other processes use the wall clock.
- With `speed`, it never runs ahead of `speed` times the wall clock; without, it runs as fast as the machine allows.
- `speed` can be changed at any moment. At 0 the clock stands: callbacks run and sockets are served, timers wait.
  `run_until` lets it run as fast as possible to an instant, with all timers on the way, and then at `speed` again.
"""

from __future__ import annotations

import asyncio
import math
import selectors
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TypeVar, TypeVarTuple, Unpack

from steward.sim.library_time import follow

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

EPOCH = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday; any instant would do
SETTLE = 0.00001  # beside the 50 µs that Linux adds to any sleep
HELD_AT_MOST = 180.0
TURNS_AN_INSTANT, TICK = 20_000, 1e-6


class ClockHeldError(RuntimeError):
    """The accelerated clock was held for three minutes of wall time, most likely by a blocked thread."""


class _JumpingSelector(selectors.DefaultSelector):
    """A selector that returns how far its loop may jump instead of sleeping."""

    loop: AcceleratedLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            self.loop.turned()
            return ready
        if self.loop.held:
            return self._wait_while_held()
        time.sleep(self.loop.settle)
        ready = super().select(0)
        if ready or self.loop.held:
            return ready
        timeout = self.loop.next_step(timeout)
        if timeout is None:
            ready = super().select(None)
            self.loop.follow_wall()
            return ready
        pause = self.loop.pause_before(timeout)
        if pause > 0:
            ready = super().select(pause)
            if ready:
                self.loop.follow_wall()
                return ready
        self.loop.jump(timeout)
        return []

    def _wait_while_held(self) -> list[tuple[selectors.SelectorKey, int]]:
        started = time.perf_counter()
        while self.loop.held:
            ready = super().select(0.05)
            if ready:
                return ready
            if time.perf_counter() - started > HELD_AT_MOST:
                raise ClockHeldError(
                    f"The accelerated clock has been held for {HELD_AT_MOST:.0f} s by: {self.loop.held_by()}."
                )
        return []


class AcceleratedLoop(asyncio.SelectorEventLoop):
    """
    An asyncio event loop with its own clock.

    Args:
        start: initial time of the clock.
        speed: maximum virtual seconds per wall second; None for no limit.
        settle: wall seconds granted to loopback sockets before each jump.
        moved: called with the new instant, in seconds since the Unix epoch, whenever the clock has moved.

    """

    def __init__(
        self,
        start: datetime = EPOCH,
        *,
        speed: float | None = None,
        settle: float = SETTLE,
        moved: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.start = start
        self.settle = settle
        self._now = 0.0
        self._speed = speed
        self._moved = moved
        self._counted_from = 0.0, time.perf_counter()  # the clock, and the wall clock at that moment
        self._fast_until = 0.0
        self._turns = 0
        self._holds: Counter[str] = Counter()
        self._lock = Lock()
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = _resolution(0.0)

    def time(self) -> float:
        """Return the loop's clock: virtual seconds since it was made."""
        return self._now

    @property
    def held(self) -> bool:
        """Whether work outside the loop's callbacks stops the clock."""
        return bool(self._holds)

    def held_by(self) -> str:
        """Return what holds the clock, for error messages."""
        return ", ".join(sorted(self._holds)) or "nothing"

    def hold(self, reason: str) -> None:
        """Stop the clock until `release(reason)`; holds are counted. Thread-safe."""
        with self._lock:
            self._holds[reason] += 1

    def release(self, reason: str) -> None:
        """Release one hold of this reason."""
        with self._lock:
            self._holds[reason] -= 1
            if self._holds[reason] <= 0:
                del self._holds[reason]

    def turned(self) -> None:
        """Count one more iteration at this instant."""
        self._turns += 1
        if self._turns >= TURNS_AN_INSTANT and not self._holds and self._pace != 0:
            self.jump(TICK)

    def jump(self, seconds: float) -> None:
        """Move the clock forward."""
        self._turns = 0
        before = self._now
        self._now += seconds
        if before < self._fast_until <= self._now:
            self._count_from_here()
        self._clock_resolution = _resolution(self._now)
        self._moved(self.start.timestamp() + self._now)

    # Speed

    @property
    def speed(self) -> float | None:
        """Maximum virtual seconds per wall second; None for no limit, 0 while the clock stands."""
        return self._speed

    @speed.setter
    def speed(self, speed: float | None) -> None:
        """Change it, in the thread of the loop."""
        if speed is not None and not 0 <= speed < math.inf:
            raise ValueError(f"A speed is a number from 0, or None for no limit, not {speed}.")
        self._speed = speed
        self._count_from_here()

    def run_until(self, when: float) -> None:
        """Run as fast as possible until the clock reads `when`, in the thread of the loop; the past is ignored."""
        self._fast_until = when

    def next_step(self, timeout: float | None) -> float | None:
        """Return the seconds until the next timer or the end of `run_until`; None to wait for a socket."""
        if (left := self._fast_until - self._now) > 0:
            return left if timeout is None else min(timeout, left)
        return None if self._pace == 0 else timeout

    def pause_before(self, seconds: float) -> float:
        """Return the wall seconds to wait before the clock may advance by `seconds`."""
        if self._pace is None:
            return 0.0
        now, wall = self._counted_from
        return (self._now + seconds - now) / self._pace - (time.perf_counter() - wall)

    def follow_wall(self) -> None:
        """Advance the clock to the wall clock, at the set speed."""
        if self._pace is not None:
            now, wall = self._counted_from
            ahead = now + (time.perf_counter() - wall) * self._pace - self._now
            if ahead > 0:
                self.jump(ahead)

    @property
    def _pace(self) -> float | None:
        """The speed in effect: none during `run_until`."""
        return None if self._now < self._fast_until else self._speed

    def _count_from_here(self) -> None:
        self._counted_from = self._now, time.perf_counter()

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run `func` in a thread, as asyncio does; the clock stands until it returns."""
        reason = f"executor call {getattr(func, '__qualname__', func)}"
        self.hold(reason)
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(lambda _: self.release(reason))
        return future

    async def shutdown_default_executor(self, *args: float | None, **options: float | None) -> None:
        """Shut down the default executor as asyncio does; the clock stands, so its timeout (3.12) does not elapse."""
        self.hold("the end of the executor")
        try:
            await super().shutdown_default_executor(*args, **options)
        finally:
            self.release("the end of the executor")


def _resolution(now: float) -> float:
    """
    Return how early asyncio may run a timer: a nanosecond, or the resolution of a float after 97 days.

    It must stay far below a datetime's microsecond: `discord.ext.tasks` waits until a wall time and, if woken early,
    waits for the rest; if that were due at once, the clock would never move again.
    """
    return max(1e-9, 2 * math.ulp(now))


class AcceleratedClock:
    """The `Clock` of an accelerated loop."""

    def __init__(self, loop: AcceleratedLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        return self._loop.start + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()


@contextmanager
def runner(
    *,
    start: datetime = EPOCH,
    speed: float | None = None,
    libraries: Iterable[str] = ("discord",),
) -> Iterator[tuple[asyncio.Runner, AcceleratedClock]]:
    """
    Yield a runner of coroutines in accelerated time, and its clock, which stands still between runs.

    Args:
        start: the instant at which the clock begins.
        speed: maximum virtual seconds per wall second; None for no limit.
        libraries: packages whose clocks and thread waits follow the loop.

    """
    import time_machine  # lazy, so that importing the simulator stays light

    with ExitStack() as stack:
        traveller = stack.enter_context(time_machine.travel(start, tick=False))
        loop = AcceleratedLoop(start, speed=speed, moved=traveller.move_to)
        stack.enter_context(follow(loop, libraries))
        yield stack.enter_context(asyncio.Runner(loop_factory=lambda: loop)), AcceleratedClock(loop)


def run(
    main: Callable[[AcceleratedClock], Awaitable[T]],
    *,
    start: datetime = EPOCH,
    speed: float | None = None,
    libraries: Iterable[str] = ("discord",),
) -> T:
    """Run `await main(clock)` in accelerated time; see `runner` for the other arguments."""

    async def whole() -> T:
        return await main(clock)

    with runner(start=start, speed=speed, libraries=libraries) as (ready, clock):
        return ready.run(whole())


__all__ = ["EPOCH", "AcceleratedClock", "AcceleratedLoop", "ClockHeldError", "run", "runner"]
