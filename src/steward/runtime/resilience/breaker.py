"""A circuit breaker: stops calls after repeated failures, then probes with one call."""

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
    """Calls are allowed."""
    OPEN = "open"
    """No calls."""
    HALF_OPEN = "half-open"
    """One call, as a probe."""


Changed = Callable[["Breaker", Circuit], None]


def log_change(breaker: Breaker, before: Circuit) -> None:
    """Log when the circuit opens and when it closes, but not the probes between."""
    if before is Circuit.CLOSED:
        log.warning("circuit_opened", circuit=breaker.name, failures=breaker.failures, error=breaker.last_error)
    elif breaker.state is Circuit.CLOSED:
        log.info("circuit_closed", circuit=breaker.name)


class Breaker(Guard):
    """
    Opens after consecutive failures, and closes when a probe succeeds.

    As a decorator, `@breaker`; for one call, `await breaker.call(fetch, url)`; for a block of code, `with
    breaker.attempt(): ...`.

    Errors not in `on`, such as "not found", count as a success. Cancelled calls are ignored, and so are calls that
    began before the circuit last changed: late failures of an outage do not reopen it, and late successes do not close
    it.

    Args:
        name: what it protects; starts a sentence.
        failure_threshold: consecutive failures that open it.
        recovery_timeout: seconds it stays open before a probe.
        on: errors that are failures; default `transient_errors()`.
        changed: called after each change with the breaker and the previous state.

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
        """Consecutive failures."""
        self.last_error = ""
        """Message of the last failure."""
        self.opened = 0
        """How often it opened, since the start."""
        self.refused = 0
        """Calls refused since the start."""
        self._clock = clock
        self._failure_threshold = failure_threshold
        self._recovery_timeout = recovery_timeout
        self._on = on
        self._changed = changed
        self._state = Circuit.CLOSED
        self._until = 0.0
        self._era = 0  # number of state changes
        self._probing = False

    @property
    def state(self) -> Circuit:
        """The current state; an open circuit becomes half-open after `recovery_timeout`."""
        if self._state is Circuit.OPEN and self._clock.monotonic() >= self._until:
            return Circuit.HALF_OPEN
        return self._state

    async def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Call the function and return its result.

        Raises:
            CircuitOpen: calls are not allowed now.

        """
        with self.attempt():
            return await function(*args, **kwargs)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """
        Make the call inside the block.

        Raises:
            CircuitOpen: calls are not allowed now.

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
            self._ignored(era)
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

    def _ignored(self, era: int) -> None:
        if era == self._era:
            self._probing = False

    def _turn(self, state: Circuit) -> None:
        before, self._state = self._state, state
        self._era += 1
        self._changed(self, before)
