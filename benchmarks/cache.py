"""Hit rates of the cache on skewed traffic, with and without scans; the cost of a hit and the size of an entry."""

from __future__ import annotations

import asyncio
import gc
import random
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from itertools import accumulate, count
from statistics import median

from benchmarks.cache_rivals import ReadThrough, belady, libraries, lru, missing
from benchmarks.run import Run
from steward.runtime.cache import Cache, Category

LIMIT = 900.0
REQUESTS, QUICK_REQUESTS = 500_000, 60_000
KEYS, SKEW = 50_000, 0.99
SCANS, SCANNED = 10, 0.02  # the number of scans, and the size of each as a share of all requests
ROOMS = (1000, 10_000)
HITS, ROUNDS = 100_000, 7
ENTRIES = 10_000
MAX_NS, MIN_OF_BEST = 1000.0, 0.95
MISSES = 1000


async def measure(run: Run) -> None:
    """Replay both traces through every cache, then measure a hit and an entry."""
    requests = QUICK_REQUESTS if run.quick else REQUESTS
    zipf = zipfian(requests)
    for absent in missing():
        run.skipped.append(f"{absent} is not installed here, so it was not compared.")
    for name, keys in (("zipf", zipf), ("scan", with_scans(zipf))):
        for room in ROOMS:
            run.progress(f"{name}, room for {room}")
            _compare(run, f"cache.{name}.{room}", keys, room)
    run.progress("measuring a hit and an entry")
    await _measure_costs(run)


def zipfian(requests: int) -> list[str]:
    """Return keys with the popularity of a community: the second is requested half as often as the first, and so on."""
    weights = list(accumulate(1 / rank**SKEW for rank in range(1, KEYS + 1)))
    return [f"user:{key}" for key in random.Random(1).choices(range(KEYS), cum_weights=weights, k=requests)]


def with_scans(keys: list[str]) -> list[str]:
    """Insert scans, each of which reads many keys once, as a daily report does."""
    whole, number = [], count()
    length, every = int(len(keys) * SCANNED), len(keys) // SCANS
    for begin in range(0, len(keys), every):
        whole += keys[begin : begin + every]
        whole += [f"scan:{next(number)}" for _ in range(length)]
    return whole


def steward(room: int) -> ReadThrough:
    """Return the cache as a bot uses it, with time to live and counts."""
    users: Category[str] = Cache(max_entries=room).category("user_data")

    def ask(key: str) -> bool:
        if users.get(key) is not None:
            return True
        users.set(key, key)
        return False

    return ask


def _compare(run: Run, name: str, keys: list[str], room: int) -> None:
    ours, nanoseconds = _replay(steward(room), keys)
    run.found(f"{name}.hit_rate", ours, "", better="higher", margin=0.01)
    run.found(f"{name}.ns", nanoseconds, "ns", better="lower")
    best = belady(keys, room)
    run.found(f"{name}.belady", best, "")
    run.found(f"{name}.of_belady", ours / best, "")
    theirs, nanoseconds = _replay(lru(room), keys)
    run.found(f"{name}.lru", theirs, "")
    run.found(f"{name}.lru.ns", nanoseconds, "ns")
    run.found(f"{name}.misses_of_lru", (1 - ours) / (1 - theirs), "")
    rates = []
    for library, make in libraries():
        rate, nanoseconds = _replay(make(room), keys)
        rates.append(rate)
        run.found(f"{name}.{library}", rate, "")
        run.found(f"{name}.{library}.ns", nanoseconds, "ns")
    if rates:
        run.found(f"{name}.of_best_library", ours / max(rates), "", better="higher", target=MIN_OF_BEST, margin=0.01)


def _replay(ask: ReadThrough, keys: list[str]) -> tuple[float, float]:
    """Return the hit rate, and nanoseconds per request, misses included."""
    gc.collect()
    began = time.thread_time()
    hits = sum(map(ask, keys))
    return hits / len(keys), (time.thread_time() - began) / len(keys) * 1e9


async def _measure_costs(run: Run) -> None:
    users: Category[str] = Cache().category("user_data")
    users.set("42", "Ada")
    rounds = 2 if run.quick else ROUNDS
    ask = lru(10)
    ask("42")

    def get() -> None:
        for _ in range(HITS):
            users.get("42")

    def look() -> None:
        for _ in range(HITS):
            ask("42")

    async def fetch() -> None:
        for _ in range(HITS):
            await users.fetch("42", _never)

    run.found("cache.get_hit", await _nanoseconds(get, rounds), "ns", better="lower", target=MAX_NS)
    run.found("cache.fetch_hit", await _nanoseconds(fetch, rounds), "ns", better="lower", target=MAX_NS)
    run.found("cache.lru_hit", await _nanoseconds(look, rounds), "ns")
    run.found("cache.bytes_per_entry", _bytes_an_entry(), "B", better="lower", margin=0.05)
    run.found("cache.loads_of_1000_misses", await _loads(), "", better="lower", target=1.0)


async def _nanoseconds(work: Callable[[], Awaitable[None] | None], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.thread_time()
        waited = work()
        if waited is not None:
            await waited
        times.append((time.thread_time() - began) / HITS * 1e9)
    return median(times)


async def _never() -> str:
    raise AssertionError("The key is in the cache.")


def _bytes_an_entry() -> float:
    """Return the bytes that an entry takes besides its key and value, in a full cache."""
    keys = [f"user:{number}" for number in range(3 * ENTRIES)]
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    users: Category[str] = Cache(max_entries=ENTRIES).category("user_data")
    for key in keys:
        users.set(key, key)
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return taken / len(users)


async def _loads() -> int:
    users: Category[str] = Cache().category("user_data")

    async def load() -> str:
        await asyncio.sleep(0.01)
        return "Ada"

    await asyncio.gather(*(users.fetch("42", load) for _ in range(MISSES)))
    return users.statistics.loads
