"""A circuit breaker: what fails again and again is left alone for a while, then tried with one call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import ParamSpec, TypeVar

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.resilience.failures import CircuitOpen, transient_errors
from steward.runtime.resilience.guard import Guard

log = get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Circuit(Enum):
    """The states of a breaker."""

    CLOSED = "closed"
    """Calls go through."""
    OPEN = "open"
    """None does."""
    HALF_OPEN = "half-open"
    """One does, as a probe."""


Changed = Callable[["Breaker", Circuit], None]


def log_change(breaker: Breaker, before: Circuit) -> None:
    """Log one line when the circuit is lost and one when it is back, and none for the probes between."""
    if before is Circuit.CLOSED:
        log.warning("circuit_opened", circuit=breaker.name, failures=breaker.failures, error=breaker.last_error)
    elif breaker.state is Circuit.CLOSED:
        log.info("circuit_closed", circuit=breaker.name)


class Breaker(Guard):
    """
    Opens after some failures in a row, and closes again when a probe succeeds.

    As a decorator, `@breaker`; for one call, `await breaker.call(fetch, url)`; for a block of code,
    `with breaker.attempt(): ...`.

    An error of another kind than `on` is an answer, such as "there is no such thing", and counts as a success. A call
    that is cancelled tells nothing. A call that began before the circuit last changed tells nothing either: late
    failures of an outage do not open it anew, and late successes do not close it.

    Args:
        name: what it protects, to begin a sentence.
        failure_threshold: failures in a row that open it.
        recovery_timeout: seconds for which it stays open before a probe, or after a probe has failed.
        on: which errors are failures; `transient_errors()` unless given.
        changed: called after each change with the breaker and the state before.

    """

    def __init__(
        self,
        name: str,
        clock: Clock = SYSTEM_CLOCK,
        *,
        failure_threshold: int = 5,
        recovery_timeout: float = 60.0,
        on: tuple[type[Exception], ...] | None = None,
        changed: Changed = log_change,
    ) -> None:
        if failure_threshold < 1 or recovery_timeout <= 0:
            raise ValueError("A breaker needs a failure_threshold of at least 1 and a recovery_timeout above 0.")
        self.name = name
        self.failures = 0
        """Failures in a row."""
        self.last_error = ""
        """What the last failure said."""
        self.opened = 0
        """How often it was lost, since the start."""
        self.refused = 0
        """Calls that were not made, since the start."""
        self._clock = clock
        self._failure_threshold = failure_threshold
        self._recovery_timeout = recovery_timeout
        self._on = on
        self._changed = changed
        self._state = Circuit.CLOSED
        self._until = 0.0
        self._era = 0  # counts the changes of state
        self._probing = False

    @property
    def state(self) -> Circuit:
        """The state now: an open circuit becomes half-open as soon as its time is over."""
        if self._state is Circuit.OPEN and self._clock.monotonic() >= self._until:
            return Circuit.HALF_OPEN
        return self._state

    async def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Call the function and return its result.

        Raises:
            CircuitOpen: it may not be called now.

        """
        with self.attempt():
            return await function(*args, **kwargs)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """
        Make the call inside the block.

        Raises:
            CircuitOpen: it may not be made now.

        """
        era = self._admit()
        try:
            yield
        except Exception as error:
            if isinstance(error, transient_errors() if self._on is None else self._on):
                self._failed(era, str(error) or type(error).__name__)
            else:
                self._succeeded(era)
            raise
        except BaseException:
            self._told_nothing(era)
            raise
        self._succeeded(era)

    def _admit(self) -> int:
        state = self.state
        if state is Circuit.OPEN or (state is Circuit.HALF_OPEN and self._probing):
            self.refused += 1
            raise CircuitOpen(self.name, max(0.0, self._until - self._clock.monotonic()))
        if state is Circuit.HALF_OPEN:
            if self._state is Circuit.OPEN:
                self._turn(Circuit.HALF_OPEN)
            self._probing = True
        return self._era

    def _succeeded(self, era: int) -> None:
        if era != self._era:
            return
        self.failures = 0
        if self._state is Circuit.HALF_OPEN:
            self._probing = False
            self._turn(Circuit.CLOSED)

    def _failed(self, era: int, said: str) -> None:
        if era != self._era:
            return
        self.failures += 1
        self.last_error = said
        if self._state is Circuit.HALF_OPEN or self.failures >= self._failure_threshold:
            self._probing = False
            self.opened += self._state is Circuit.CLOSED
            self._until = self._clock.monotonic() + self._recovery_timeout
            self._turn(Circuit.OPEN)

    def _told_nothing(self, era: int) -> None:
        if era == self._era:
            self._probing = False

    def _turn(self, state: Circuit) -> None:
        before, self._state = self._state, state
        self._era += 1
        self._changed(self, before)
