"""Checks several rate limits at once, in memory and optionally in Redis."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from steward.errors import NotReady, StewardError
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.limits.memory import MemoryWindows, Rule
from steward.runtime.resilience import Breaker, Policy
from steward.runtime.resilience.breaker import Changed, log_change

SHARED_WITHIN = 0.25
RECOVERY_TIMEOUT = 5.0


class LimitReached(StewardError):
    """
    A rate limit is exceeded.

    Args:
        kind: of the limit, such as `user`.
        retry_after: seconds.

    """

    def __init__(self, kind: str, retry_after: float) -> None:
        super().__init__(f"Rate limit of this {kind} reached. Try again in {retry_after:.1f} s.")
        self.kind = kind
        self.retry_after = retry_after


class SharedWindows(Protocol):
    """Windows shared by several processes: `RedisWindows`."""

    async def take_all(self, asked: list[tuple[str, Rule]], /) -> tuple[int, float]:
        """Allow all or none, like `MemoryWindows.take_all`; raise NotReady if unavailable."""


class Limiter:
    """
    Allows a use that counts against several limits, or refuses it and counts nothing.

    With `shared`, the limits hold across processes. While Redis is down each process applies them by itself; allowed
    uses are always recorded locally, too. Losing and regaining Redis is logged once each.

    Args:
        rules: by kind, such as `user`, `guild` and `command`.
        memory: local windows; default bounds if omitted.
        recovery_timeout: seconds without calls to Redis after a failure.
        changed: the breaker's callback; logs by default.

    """

    def __init__(
        self,
        rules: Mapping[str, Rule],
        clock: Clock = SYSTEM_CLOCK,
        *,
        memory: MemoryWindows | None = None,
        shared: SharedWindows | None = None,
        recovery_timeout: float = RECOVERY_TIMEOUT,
        changed: Changed = log_change,
    ) -> None:
        self._rules = dict(rules)
        self._memory = MemoryWindows(clock) if memory is None else memory  # not `or`: an empty one is falsy
        self._shared = shared
        self.refused = 0
        """Refused uses since the start."""
        self.breaker = Breaker(
            "The shared limiter", clock, failure_threshold=1, recovery_timeout=recovery_timeout, changed=changed
        )
        self._policy = Policy(timeout=SHARED_WITHIN, breaker=self.breaker)

    async def check(self, **subjects: int | str | None) -> None:
        """
        Count one use, `check(user=1, guild=2)`; kinds without a rule or with None are skipped.

        Raises:
            LimitReached: names the kind.

        """
        asked = [
            (f"{kind}:{subject}", self._rules[kind])
            for kind, subject in subjects.items()
            if subject is not None and kind in self._rules
        ]
        if not asked:
            return
        by, wait = await self._take(asked)
        if by >= 0:
            self.refused += 1
            raise LimitReached(asked[by][0].partition(":")[0], wait)

    async def _take(self, asked: list[tuple[str, Rule]]) -> tuple[int, float]:
        shared = self._shared
        if shared is not None:
            with suppress(NotReady):  # logged by the breaker
                answer = await self._policy.call(shared.take_all, asked)
                if answer[0] < 0:
                    self._memory.take_all(asked)  # in case Redis goes down
                return answer
        if len(asked) > 1:
            return self._memory.take_all(asked)
        wait = self._memory.take(*asked[0])  # fast path
        return (0 if wait else -1), wait
