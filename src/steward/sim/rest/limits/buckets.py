"""Rate limit buckets: one per route and major parameter, and a global one per bot."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from steward.runtime.clock import Clock
from steward.sim.gateway.allowance import Allowance
from steward.sim.limits import Rate, RateWindow
from steward.sim.people.bot import BotAccount
from steward.sim.rest.errors import take_or_refuse
from steward.sim.rest.form import as_whole
from steward.sim.snowflake import made_at
from steward.sim.world import World

_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
_MANY = 10_000

_DELETE_MESSAGE = "DELETE /channels/{channel_id}/messages/{message_id}"


class Buckets:
    """The buckets of all bots."""

    def __init__(self, world: World) -> None:
        self._limits = world.limits
        self._clock = world.clock
        self._all: dict[int, RateWindow] = {}
        self._routes: dict[tuple[int, str, str], RateWindow] = {}

    def take_global(self, bot: BotAccount) -> None:
        """Count a request against the bot's global limit; raise `Limited` if it is exceeded."""
        rate = Allowance.of(len(bot.guilds), self._limits).requests
        window = self._all.setdefault(bot.id, RateWindow(rate))
        window.rate = rate
        take_or_refuse(window, self._clock.monotonic(), "global")

    def bucket(self, bot_id: int, method: str, template: str, path: Mapping[str, str]) -> Bucket:
        """Return the bucket of a request."""
        group, rate = self._group(method, template, path)
        name = sha256(group.encode()).hexdigest()[:32]
        major = ":".join(path[key] for key in _MAJOR if key in path)
        if len(self._routes) > _MANY:
            self._forget_unused()
        window = self._routes.setdefault((bot_id, name, major), RateWindow(rate))
        return Bucket(name, window, self._clock)

    def _group(self, method: str, template: str, path: Mapping[str, str]) -> tuple[str, Rate]:
        """Return the name and limit of the group of requests that share a bucket."""
        if "/reactions" in template and method != "GET":  # all changes of reactions share one (docs issue #182)
            return "reactions", self._limits.reactions
        group = f"{method} {template}"
        if group != _DELETE_MESSAGE:
            return group, self._limits.routes.get((method, template), self._limits.other_routes)
        age = self._age(path["message_id"])
        oldest, rate = next(kept for kept in self._limits.message_deletes if age < kept[0])
        return f"{group} {oldest}", rate

    def _age(self, message_id: str) -> float:
        """Return the age of a message in seconds; an invalid id counts as new."""
        number = as_whole(message_id)
        if number is None or not 0 <= number < 1 << 64:
            return 0.0
        return (self._clock.now() - made_at(number)).total_seconds()

    def _forget_unused(self) -> None:
        """Drop expired windows; each interaction adds one."""
        now = self._clock.monotonic()
        self._routes = {
            key: window for key, window in self._routes.items() if window.remaining(now) < window.rate.calls
        }


class Bucket:
    """One bucket."""

    def __init__(self, name: str, window: RateWindow, clock: Clock) -> None:
        self.name = name
        self._window = window
        self._clock = clock

    def take(self) -> None:
        """Count a request; raise `Limited` if the limit is exceeded."""
        take_or_refuse(self._window, self._clock.monotonic())

    @property
    def remaining(self) -> int:
        """The requests left in the window."""
        return self._window.remaining(self._clock.monotonic())

    @property
    def reset_after(self) -> float:
        """The seconds until the window ends."""
        return self._window.reset_after(self._clock.monotonic())

    def headers(self) -> dict[str, str]:
        """Return Discord's rate limit headers."""
        reset_after = self.reset_after
        return {
            "X-RateLimit-Limit": str(self._window.rate.calls),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self._clock.now().timestamp() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": self.name,
        }
