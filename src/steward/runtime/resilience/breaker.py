"""A circuit breaker: what fails again and again is left alone for a while, then tried with one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.loggers import get_logger
from steward.runtime.resilience.failures import TRANSIENT, CircuitOpen

log = get_logger(__name__)


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


class Breaker:
    """
    Opens after some failures in a row, and closes again when a probe succeeds.

    An error of another kind than `on` is an answer, such as "there is no such thing", and counts as a success. A call
    that is cancelled tells nothing. A call that began before the circuit last changed tells nothing either: late
    failures of an outage do not open it anew, and late successes do not close it.

    Args:
        name: what it protects, to begin a sentence.
        clock: the time; the system's unless given.
        threshold: failures in a row that open it.
        open_for: seconds for which it stays open before a probe, or after a probe has failed.
        on: which errors are failures.
        changed: called after each change with the breaker and the state before.

    """

    def __init__(
        self,
        name: str,
        clock: Clock = SYSTEM_CLOCK,
        *,
        threshold: int = 5,
        open_for: float = 60.0,
        on: tuple[type[Exception], ...] = TRANSIENT,
        changed: Changed = log_change,
    ) -> None:
        if threshold < 1 or open_for <= 0:
            raise ValueError("A breaker needs a threshold of at least 1 and a time for which it stays open.")
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
        self._threshold = threshold
        self._open_for = open_for
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
        except self._on as error:
            self._failed(era, str(error) or type(error).__name__)
            raise
        except Exception:
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
        if self._state is Circuit.HALF_OPEN or self.failures >= self._threshold:
            self._probing = False
            self.opened += self._state is Circuit.CLOSED
            self._until = self._clock.monotonic() + self._open_for
            self._turn(Circuit.OPEN)

    def _told_nothing(self, era: int) -> None:
        if era == self._era:
            self._probing = False

    def _turn(self, state: Circuit) -> None:
        before, self._state = self._state, state
        self._era += 1
        self._changed(self, before)
