"""The cost of a cached read of the database, compared with the same read uncached."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.run import Run
from steward.bots.installed import MIGRATIONS
from steward.bots.stats.history import rows as history_rows
from steward.bots.stats.history.calendar import HOUR_MS, Level
from steward.bots.stats.history.series import Measure
from steward.runtime.clock import SystemClock
from steward.store import Store, Transaction, open_store
from steward.store.queries.cache import QueryCache

LIMIT = 120.0
GUILDS, HOURS = 20, 24 * 92
SHOWN = 24 * 14  # hours of a chart
READS, CACHED_READS = 100, 1000
ROUNDS = 40
QUICK = 10  # divisor
MAX_OF_UNCACHED = 0.05
GUILD = 613425648685547541
MEASURES = (Measure.MEMBERS, Measure.MESSAGES, Measure.VOICE_SECONDS)

Ask = Callable[[], Awaitable[object]]


async def measure(run: Run) -> None:
    """Read one row and a chart, cached and uncached in turn, so that other load affects both."""
    fewer = QUICK if run.quick else 1
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        async with open_store(Path(folder) / "hours.sqlite3", SystemClock(), migrations=MIGRATIONS) as store:
            run.progress("filling hours")
            await store.write(_fill)
            queries = QueryCache(store)
            for name, direct, cached in _reads(store, queries):
                run.progress(f"reading {name}")
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    theirs.append(await _seconds(direct, READS // fewer))
                    ours.append(await _seconds(cached, CACHED_READS // fewer))
                # The best round had the least other load.
                run.found(f"query_cache.{name}.uncached", min(theirs) * 1e6, "µs")
                run.found(f"query_cache.{name}.cached", min(ours) * 1e6, "µs", better="lower")
                share = min(ours) / min(theirs)
                run.found(f"query_cache.{name}.of_uncached", share, "", better="lower", target=MAX_OF_UNCACHED)


def _reads(store: Store, queries: QueryCache) -> list[tuple[str, Ask, Ask]]:
    one = (GUILD, 0)
    chart = (GUILD, Level.HOUR, MEASURES, (0, SHOWN * HOUR_MS))
    return [
        ("one_row", lambda: store.read(lambda tx: _hour(tx, *one)), lambda: queries.read(_hour, *one)),
        (
            "chart",
            lambda: store.read(lambda tx: history_rows.series(tx, *chart)),
            lambda: queries.read(history_rows.series, *chart),
        ),
    ]


def _hour(tx: Transaction, guild_id: int, at: int) -> object:
    return tx.one("SELECT * FROM stats_series WHERE guild_id = ? AND level = ? AND at = ?", (guild_id, Level.HOUR, at))


def _fill(tx: Transaction) -> None:
    columns = ("guild_id", "level", "at", *MEASURES)
    tx.executemany(
        tx.dialect.insert_new("stats_series", columns),
        [
            (GUILD + guild, Level.HOUR, hour * HOUR_MS, 10_000 + hour, hour % 300, hour % 3600)
            for guild in range(GUILDS)
            for hour in range(HOURS)
        ],
    )


async def _seconds(ask: Ask, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        await ask()
    return (time.perf_counter() - began) / times
