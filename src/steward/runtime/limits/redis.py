"""
The same sliding windows in Redis or Valkey, for processes that share a limit: one script, one round trip.

The time is the server's own: the processes' clocks differ, and a window must have one time line. A clock can be given
for tests, and where time is not the world's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from steward.errors import NotReady
from steward.runtime.clock import Clock
from steward.runtime.limits.rule import Rule

SCRIPT = Path(__file__).with_name("redis.lua")
MICRO = 1_000_000


class Scripts(Protocol):
    """Runs scripts: `valkey.asyncio.Valkey`, or the `RedisTier` of a cache over the connection that it has."""

    def register_script(self, script: str, /) -> Any:
        """Return what runs it, called with `keys` and `args`."""
        ...


class RedisWindows:
    """
    Sliding windows in Redis; a key lives there no longer than its window.

    Args:
        client: valkey-py's asyncio client (the extra `redis`) or a `RedisTier`, which the caller opens and closes.
        prefix: of all keys.
        clock: the time, in place of the server's own.

    """

    def __init__(self, client: Scripts, *, prefix: str = "steward:limits:", clock: Clock | None = None) -> None:
        self._prefix = prefix
        self._clock = clock
        self._script = client.register_script(SCRIPT.read_text())

    async def take_all(self, asked: Sequence[tuple[str, Rule]]) -> tuple[int, float]:
        """
        Allow all or none, as `MemoryWindows.take_all` does.

        Raises:
            NotReady: the server is away, or has no use for the script.

        """
        from valkey.exceptions import ValkeyError  # imported where Redis is used only

        now = "" if self._clock is None else str(round(self._clock.monotonic() * MICRO))
        args: list[str | int] = [now]
        for _, rule in asked:
            args += [rule.rate, round(rule.per * MICRO), rule.burst, round(rule.burst_per * MICRO)]
        try:
            by, wait = await self._script(keys=[self._prefix + key for key, _ in asked], args=args)
        except (ValkeyError, OSError) as error:
            raise NotReady(f"Redis can't keep the rate limits now: {error}.") from error
        return int(by) - 1, int(wait) / MICRO
