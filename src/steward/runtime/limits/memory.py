"""Rate limits with a burst, as sliding windows in memory: exact, bounded, cheap enough for every message."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from steward.runtime.clock import SYSTEM_CLOCK, Clock

AT_ONCE = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """
    At most `rate` uses in any `per` seconds, of which at most `burst` in any `burst_per` seconds.

    Both windows slide: a use at time t counts until t + window, exclusive. Refused uses do not count.

    Args:
        rate: 1 or more.
        per: seconds, more than 0.
        burst: 1 to `rate`; if omitted, no separate limit.
        burst_per: seconds, more than 0, at most `per`.

    Raises:
        ValueError: a value is out of range.

    """

    rate: int
    per: float
    burst: int = 0
    burst_per: float = AT_ONCE

    def __post_init__(self) -> None:
        if not self.burst:
            object.__setattr__(self, "burst", self.rate)
            object.__setattr__(self, "burst_per", self.per)
        if not 1 <= self.burst <= self.rate:
            raise ValueError(f"The burst must be between 1 and the rate of {self.rate}, not {self.burst}.")
        if not 0 < self.burst_per <= self.per:
            raise ValueError(f"burst_per must be above 0 and at most {self.per:g} s, not {self.burst_per:g} s.")


Asked = tuple[Hashable, Rule]

SWEPT_AT_ONCE = 500


class MemoryWindows:
    """
    Stores the times of the last allowed uses for each key, as many as its rule needs.

    When full, the key used longest ago is dropped; so are keys older than `ttl`.

    Args:
        entries: most keys.
        ttl: seconds after which a key may be dropped, but not within its window.
        sweep_every: seconds between sweeps, which run during checks.

    """

    def __init__(
        self, clock: Clock = SYSTEM_CLOCK, *, entries: int = 10_000, ttl: float = 86_400.0, sweep_every: float = 300.0
    ) -> None:
        self._now = clock.monotonic
        self._entries = entries
        self._ttl = ttl
        self._sweep_every = sweep_every
        self._sweep_at = clock.monotonic() + sweep_every
        self._longest = 0.0
        self._times: OrderedDict[Hashable, array[float]] = OrderedDict()
        self.forgotten = 0
        """Keys dropped for lack of room since the start; if it grows, raise `entries`."""

    def __len__(self) -> int:
        return len(self._times)

    def take(self, key: Hashable, rule: Rule) -> float:
        """Allow a use and return 0, or return the seconds until it would be allowed."""
        now = self._now()
        if now >= self._sweep_at:
            self.sweep()
        times = self._times.get(key)
        if times is None:
            self._begin(key, rule, now)
            return 0.0
        wait = _wait(times, rule, now)
        if wait > 0:
            return wait
        self._note(key, times, rule, now)
        return 0.0

    def take_all(self, asked: Sequence[Asked]) -> tuple[int, float]:
        """
        Allow all or none.

        Returns:
            The index of the longest refusal and its seconds; -1 and 0 if allowed.

        """
        now, longest, by = self._now(), 0.0, -1
        if now >= self._sweep_at:
            self.sweep()
        for number, (key, rule) in enumerate(asked):
            times = self._times.get(key)
            wait = 0.0 if times is None else _wait(times, rule, now)
            if wait > longest:
                longest, by = wait, number
        if by < 0:
            for key, rule in asked:
                times = self._times.get(key)
                if times is None:
                    self._begin(key, rule, now)
                else:
                    self._note(key, times, rule, now)
        return by, longest

    def sweep(self) -> None:
        """Drop expired keys, at most 500 per call."""
        now = self._now()
        before = now - max(self._ttl, self._longest)
        for _ in range(SWEPT_AT_ONCE):
            oldest = next(iter(self._times.items()), None)
            if oldest is None or oldest[1][-1] > before:
                self._sweep_at = now + self._sweep_every
                return
            del self._times[oldest[0]]

    def _begin(self, key: Hashable, rule: Rule, now: float) -> None:
        self._longest = max(self._longest, rule.per)
        self._times[key] = array("d", (now,))
        if len(self._times) > self._entries:
            self._times.popitem(last=False)
            self.forgotten += 1

    def _note(self, key: Hashable, times: array[float], rule: Rule, now: float) -> None:
        times.append(now)
        if len(times) > rule.rate:
            del times[0]
        self._times.move_to_end(key)


def _wait(times: array[float], rule: Rule, now: float) -> float:
    """Return the seconds until a use is allowed; only the rate-th and burst-th newest times matter."""
    wait, kept = 0.0, len(times)
    if kept >= rule.rate:
        wait = times[-rule.rate] + rule.per - now
    if kept >= rule.burst:
        wait = max(wait, times[-rule.burst] + rule.burst_per - now)
    return wait if wait > 0 else 0.0
