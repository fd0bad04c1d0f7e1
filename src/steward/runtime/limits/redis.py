"""
Sliding windows in Redis or Valkey, for processes that share a limit: one script, one round trip.

Uses the server's time, because clocks of processes differ. Tests and accelerated time pass a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from steward.errors import NotReady
from steward.runtime.clock import Clock
from steward.runtime.limits.memory import Rule

SCRIPT = Path(__file__).with_name("redis.lua")
MICRO = 1_000_000


class Scripts(Protocol):
    """Registers Lua scripts: `valkey.asyncio.Valkey`, or the `RedisTier` of a cache."""

    def register_script(self, script: str, /) -> Any:
        """Return a callable with `keys` and `args`."""


class RedisWindows:
    """
    Sliding windows in Redis; a key expires with its window.

    Args:
        client: valkey-py's asyncio client (extra `redis`) or a `RedisTier`; the caller opens and closes it.
        prefix: of all keys.
        clock: replaces the server's time.

    """

    def __init__(self, client: Scripts, *, prefix: str = "steward:limits:", clock: Clock | None = None) -> None:
        self._prefix = prefix
        self._clock = clock
        self._script = client.register_script(SCRIPT.read_text())

    async def take_all(self, asked: Sequence[tuple[str, Rule]]) -> tuple[int, float]:
        """
        Allow all or none, like `MemoryWindows.take_all`.

        Raises:
            NotReady: the server is unavailable or refuses the script.

        """
        from valkey.exceptions import ValkeyError  # optional dependency

        now = "" if self._clock is None else str(round(self._clock.monotonic() * MICRO))
        args: list[str | int] = [now]
        for _, rule in asked:
            args += [rule.rate, round(rule.per * MICRO), rule.burst, round(rule.burst_per * MICRO)]
        try:
            by, wait = await self._script(keys=[self._prefix + key for key, _ in asked], args=args)
        except (ValkeyError, OSError) as error:
            raise NotReady(f"Redis can't check rate limits now: {error}.") from error
        return int(by) - 1, int(wait) / MICRO
