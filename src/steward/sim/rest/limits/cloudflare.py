"""Cloudflare's bans of addresses with too many invalid requests."""

from __future__ import annotations

from steward.sim.limits import RateWindow
from steward.sim.world import World

PAGE = (
    "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>"
    "<body><h1>Error 1015</h1><p>You are being rate limited.</p><p>The owner of this website (discord.com) has banned "
    "you temporarily from accessing this website.</p></body></html>"
)
_INVALID = frozenset({401, 403, 429})


class Cloudflare:
    """Counts invalid requests; all clients count as one address."""

    def __init__(self, world: World) -> None:
        self._limits = world.limits
        self._clock = world.clock
        self._window = RateWindow(self._limits.invalid_requests)
        self._until = float("-inf")

    def banned_for(self) -> float:
        """Return the seconds left of the ban, 0 without one."""
        return max(0.0, self._until - self._clock.monotonic())

    def ban(self) -> None:
        """Ban the address from now on."""
        self._until = self._clock.monotonic() + self._limits.cloudflare_seconds

    def count(self, status: int, scope: str | None) -> None:
        """Count a response; rate limits with scope `shared` do not count as invalid requests."""
        now = self._clock.monotonic()
        if status in _INVALID and scope not in ("shared", "cloudflare") and not self._window.take(now):
            self.ban()
