"""The shield before Discord: it shuts out addresses that provoke too many refusals."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim.limits import Limits, RateWindow

PAGE = (
    "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>"
    "<body><h1>Error 1015</h1><p>You are being rate limited.</p><p>The owner of this website (discord.com) has banned "
    "you temporarily from accessing this website.</p></body></html>"
)
_REFUSALS = frozenset({401, 403, 429})


class Cloudflare:
    """Counts invalid requests of the one address that there is: this machine."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._window = RateWindow(limits.invalid_requests)
        self._until = float("-inf")

    def banned_for(self) -> float:
        """Return the seconds for which the address is still shut out; 0 when it is not."""
        return max(0.0, self._until - self._clock.monotonic())

    def shut_out(self) -> None:
        """Shut the address out from now on."""
        self._until = self._clock.monotonic() + self._limits.cloudflare_seconds

    def note(self, status: int, scope: str | None) -> None:
        """Count an answer of Discord's; limits shared with others are nobody's fault."""
        now = self._clock.monotonic()
        if status in _REFUSALS and scope not in ("shared", "cloudflare") and not self._window.take(now):
            self.shut_out()
