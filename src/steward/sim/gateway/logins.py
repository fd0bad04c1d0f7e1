"""The limits of gateway logins: 1000 per day, and `max_concurrency` shards per five seconds."""

from __future__ import annotations

from steward.sim.limits import Limits, RateWindow


class Logins:
    """The IDENTIFY budget of one bot."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._day = RateWindow(limits.identifies)
        self._last: dict[int, float] = {}

    def take(self, now: float) -> bool:
        """Count one login and return whether the daily limit allows it."""
        return self._day.take(now)

    def too_soon(self, shard: int, now: float) -> bool:
        """Return whether a shard with the same concurrency key has just logged in; if not, record this login."""
        key = shard % self._limits.max_concurrency
        last = self._last.get(key)
        if last is not None and now - last < self._limits.identify_spacing - 1e-6:
            return True
        self._last[key] = now
        return False

    def payload(self, now: float) -> dict[str, int]:
        """Return Discord's session start limit object; `reset_after` in milliseconds."""
        return {
            "total": self._limits.identifies.calls,
            "remaining": self._day.remaining(now),
            "reset_after": int(self._day.reset_after(now) * 1000) if self._day.used else 0,
            "max_concurrency": self._limits.max_concurrency,
        }
