"""The limits of gateway logins: 1000 per day, and `max_concurrency` shards per five seconds; more for large bots."""

from __future__ import annotations

from steward.sim.gateway.allowance import Allowance
from steward.sim.limits import Limits, RateWindow
from steward.sim.people.bot import BotAccount


class Logins:
    """The IDENTIFY budget of one bot."""

    def __init__(self, bot: BotAccount, limits: Limits) -> None:
        self._bot = bot
        self._limits = limits
        self._day = RateWindow(limits.identifies)
        self._last: dict[int, float] = {}

    @property
    def allowance(self) -> Allowance:
        """What the bot is allowed with the guilds it is in now."""
        return Allowance.of(len(self._bot.guilds), self._limits)

    def take(self, now: float) -> bool:
        """Count one login and return whether the daily limit allows it."""
        self._day.rate = self.allowance.logins
        return self._day.take(now)

    def too_soon(self, shard: int, now: float) -> bool:
        """Return whether a shard with the same concurrency key has just logged in; if not, record this login."""
        key = shard % self.allowance.max_concurrency
        last = self._last.get(key)
        if last is not None and now - last < self._limits.identify_spacing - 1e-6:
            return True
        self._last[key] = now
        return False

    def payload(self, now: float) -> dict[str, int]:
        """Return Discord's session start limit object; `reset_after` in milliseconds."""
        allowance = self.allowance
        self._day.rate = allowance.logins
        return {
            "total": allowance.logins.calls,
            "remaining": max(0, self._day.remaining(now)),
            "reset_after": int(self._day.reset_after(now) * 1000) if self._day.used else 0,
            "max_concurrency": allowance.max_concurrency,
        }
