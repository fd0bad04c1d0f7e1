"""Limits of several kinds at once, in memory, and in Redis while it is there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from steward.errors import NotReady, StewardError
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.limits.memory import MemoryWindows
from steward.runtime.limits.rule import Rule
from steward.runtime.resilience import Breaker, Policy
from steward.runtime.resilience.breaker import Changed, log_change

SHARED_WITHIN = 0.25
RECOVERY_TIMEOUT = 5.0


class LimitReached(StewardError):
    """
    It is too early.

    Args:
        kind: of the limit: `user`.
        retry_after: seconds until it would be allowed.

    """

    def __init__(self, kind: str, retry_after: float) -> None:
        super().__init__(f"Too often: the limit of this {kind} allows it again in {retry_after:.1f} s.")
        self.kind = kind
        self.retry_after = retry_after


class SharedWindows(Protocol):
    """Windows that several processes share: `RedisWindows`."""

    async def take_all(self, asked: list[tuple[str, Rule]], /) -> tuple[int, float]:
        """Allow all or none, as `MemoryWindows.take_all` does, or raise NotReady while they are away."""
        ...


class Limiter:
    """
    Allows something that counts for several limits, or refuses it and counts it for none.

    With `shared`, the limits hold across processes. While it is away each process keeps them by itself: what it has
    allowed, it remembers either way. That it is away is told once, and so is that it is back.

    Args:
        rules: by kind, such as `user`, `guild` and `command`.
        memory: where instants are kept; one with default bounds if left out.
        shared: windows in Redis.
        recovery_timeout: seconds for which Redis is not asked after it has failed.
        changed: called when Redis goes away and when it's back, as a breaker's; writes a log line unless given.

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
        self._memory = MemoryWindows(clock) if memory is None else memory  # an empty one is no less given
        self._shared = shared
        self.refused = 0
        """How often it was too early, since the start."""
        self.breaker = Breaker(
            "The shared limiter", clock, failure_threshold=1, recovery_timeout=recovery_timeout, changed=changed
        )
        self._policy = Policy(timeout=SHARED_WITHIN, breaker=self.breaker)

    async def check(self, **subjects: int | str | None) -> None:
        """
        Count one use, `check(user=1, guild=2)`; a kind without a rule, or without a subject, is passed over.

        Raises:
            LimitReached: it is too early, for the kind that it names.

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
            with suppress(NotReady):  # the breaker has told of it
                answer = await self._policy.call(shared.take_all, asked)
                if answer[0] < 0:
                    self._memory.take_all(asked)  # for the time when Redis may be away
                return answer
        if len(asked) > 1:
            return self._memory.take_all(asked)
        wait = self._memory.take(*asked[0])  # the usual case, by the shorter way
        return (0 if wait else -1), wait
