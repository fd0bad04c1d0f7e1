"""How often Discord's events come, and when their absence is strange."""

from __future__ import annotations

from steward.runtime.clock import Clock

PERIOD = 900.0  # seconds over which the longest pause is looked for, and those before
MIN_PATIENCE = 180.0
TIMES = 3.0  # the longest pause so far, and it is strange
TALKATIVE = 300.0  # where pauses are longer than this, silence says nothing


class Rhythm:
    """Learns the longest pause between two events of the last quarter to half an hour."""

    __slots__ = ("_before", "_clock", "_last", "_longest", "_since", "_turns_at", "beats")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.beats = 0
        """How many events there were."""
        self.forget()

    def forget(self) -> None:
        """Learn anew: in a new session Discord tells other things than before."""
        self._last = self._since = self._clock.monotonic()
        self._turns_at = self._last + PERIOD
        self._longest = 0.0
        self._before: float | None = None

    def beat(self, now: float) -> None:
        """Note an event."""
        pause = now - self._since
        self._last = self._since = now
        self.beats += 1
        self._longest = max(self._longest, pause)
        if now >= self._turns_at:
            self._before, self._longest, self._turns_at = self._longest, 0.0, now + PERIOD

    def resume(self) -> None:
        """Note that the connection is up again: what came meanwhile, or did not, tells nothing."""
        self._since = self._clock.monotonic()

    @property
    def patience(self) -> float | None:
        """Seconds of silence that are not strange yet; None while that is not known, or where silence is usual."""
        if self._before is None:
            return None
        longest = max(self._before, self._longest)
        return max(MIN_PATIENCE, TIMES * longest) if longest <= TALKATIVE else None

    @property
    def pause(self) -> float:
        """Seconds of the present connection without an event."""
        return self._clock.monotonic() - self._since

    @property
    def overdue(self) -> float:
        """How many times its patience the silence has lasted, reconnections included; 0 where silence is usual."""
        patience = self.patience
        return 0.0 if patience is None else (self._clock.monotonic() - self._last) / patience
