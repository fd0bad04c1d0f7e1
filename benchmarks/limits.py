"""The cost of a limit check, in memory and with Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from uuid import uuid4

from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.runtime.limits import MemoryWindows, RedisWindows, Rule

LIMIT = 60.0
RULE = Rule(15, per=60, burst=5)
GENEROUS = Rule(1000, per=0.001)  # nearly everything is allowed
CHECKS = 200_000
SHARED_CHECKS = 2_000
QUICK = 10  # divisor
ROUNDS = 5
KEYS = 10_000
TARGET = 1.0  # µs


async def measure(run: Run) -> None:
    """Measure checks that are allowed, refused, and with new keys."""
    checks = CHECKS // (QUICK if run.quick else 1)
    run.progress(f"{checks:,} checks in memory")
    for name, rule, users in (("allowed", GENEROUS, 100), ("refused", RULE, 100), ("new_keys", RULE, 20 * KEYS)):
        cost = median(_cost(checks, rule, users) for _ in range(ROUNDS))
        run.found(f"limits.memory.{name}", cost * 1e6, "µs", better="lower", target=TARGET)
    run.progress("Redis")
    await _redis(run, SHARED_CHECKS // (QUICK if run.quick else 1))


def _cost(checks: int, rule: Rule, users: int) -> float:
    take = MemoryWindows(SystemClock(), entries=KEYS).take
    keys = [f"user:{number % users}" for number in range(checks)]
    return _timed(lambda: [take(key, rule) for key in keys]) / checks


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _redis(run: Run, checks: int) -> None:
    try:
        from valkey.asyncio import Valkey
        from valkey.exceptions import ConnectionError as Away
    except ImportError:
        run.skipped.append("limits: valkey is not installed, so Redis was not measured.")
        return
    async with Valkey(host="127.0.0.1") as client:
        windows = RedisWindows(client, prefix=f"steward:bench:{uuid4().hex}:")
        try:
            await client.ping()
        except Away:
            run.skipped.append("limits: no Redis at 127.0.0.1:6379, so it was not measured.")
            return
        began = time.perf_counter()
        for number in range(checks):
            await windows.take_all([(f"user:{number % 100}", Rule(15, per=5.0, burst=5, burst_per=1.0))])
        run.found("limits.redis.one_by_one", (time.perf_counter() - began) / checks * 1e6, "µs", better="lower")
