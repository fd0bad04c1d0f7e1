"""The ledger of play money: posts a second, a settlement of 10,000 bets, and the audit of a million entries."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.figures import MEMORY_MARGIN
from benchmarks.run import Run
from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, escrow, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import Store, open_store

LIMIT = 900.0
GUILD, MEMBERS = 1, 2000
ENTRIES, QUICK_ENTRIES = 1_000_000, 100_000
FEW_ENTRIES = 20_000
BETS, QUICK_BETS = 10_000, 1000
SECONDS, QUICK_SECONDS = 3.0, 0.5
WRITERS = 64
A_POST = 1000
STAKE, PAYOUT = 10, 25
MOST_SECONDS = 20.0

# A process of its own, as `steward bets audit` is one: seconds, and the most memory that it had, in MiB (Linux).
AUDIT = """
import json, re, sys, time
from pathlib import Path
from datetime import UTC, datetime
from steward.bots.bets.ledger.audit import audit
from steward.store.dialect import SqliteDialect
from steward.store.sqlite.connections import open_reader
from steward.store.transaction import Transaction
connection = open_reader(Path(sys.argv[1]))
connection.execute("BEGIN")
began = time.perf_counter()
done = audit(Transaction(connection, SqliteDialect(), datetime.now(UTC)))
taken = time.perf_counter() - began
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([taken, peak, done.entries, done.found]))
"""


async def measure(run: Run) -> None:
    """Fill a ledger, settle the bets of an event, and audit it; then how fast members give to each other."""
    entries, bets = (QUICK_ENTRIES, QUICK_BETS) if run.quick else (ENTRIES, BETS)
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        path = Path(name) / "steward.sqlite3"
        async with open_store(path, SystemClock(), migrations=MIGRATIONS) as store:
            await _fill(store, FEW_ENTRIES)
            few = await _audited(path)
            run.progress(f"{entries:,} entries")
            await _fill(store, entries - FEW_ENTRIES)
            run.progress(f"{bets:,} bets")
            run.found("ledger.settle", await _settled(store, bets), "s", better="lower")
            run.progress("posts")
            seconds = QUICK_SECONDS if run.quick else SECONDS
            run.found("ledger.posts", await _posts(store, seconds), "1/s", better="higher")
        run.progress("audit")
        taken, peak, read, flaws = await _audited(path)
        assert (flaws, read > entries) == (0, True)
        run.found("ledger.audit", taken, "s", better="lower", target=MOST_SECONDS)
        run.found("ledger.audit.entries", read / taken, "1/s", better="higher")
        run.found("ledger.audit.memory", peak, "MiB", better="lower", margin=MEMORY_MARGIN)
        run.found("ledger.audit.growth", peak - few[1], "MiB", target=2.0)


async def _fill(store: Store, entries: int) -> None:
    """Have members give to each other, two entries a gift, many in a post."""
    began = store.writes
    for start in range(0, entries // 2, A_POST):
        await store.write(partial(post, guild_id=GUILD, movements=list(_gifts(f"{began}.{start}", A_POST))))


def _gifts(name: str, number: int) -> Iterator[Movement]:
    chance = random.Random(name)
    for index in range(number // 2):
        giver, receiver = chance.sample(range(1, MEMBERS), 2)
        amount = chance.randrange(1, 100)
        yield Movement(f"grant:{name}:{index}", "grant", {ISSUANCE: -amount, wallet(giver): amount})
        yield Movement(f"gift:{name}:{index}", "transfer", {wallet(giver): -amount, wallet(receiver): amount}, giver)


async def _settled(store: Store, bets: int) -> float:
    """Return the seconds in which so many bets of one event are settled, in one unit of work."""
    for start in range(0, bets, A_POST):
        moves: list[Movement] = []
        for bet in range(start, start + A_POST):
            own = wallet(1 + bet % MEMBERS)
            moves.append(Movement(f"claim:{bet}", "claim", {ISSUANCE: -STAKE, own: STAKE}))
            moves.append(Movement(f"place:{bet}", "place", {own: -STAKE, escrow(bet): STAKE}))
        await store.write(partial(post, guild_id=GUILD, movements=moves))
    settlement = [
        Movement(
            f"settle:{bet}:1",
            "settle",
            {escrow(bet): -STAKE, BOOK: STAKE - PAYOUT, wallet(1 + bet % MEMBERS): PAYOUT},
        )
        for bet in range(bets)
    ]
    began = time.perf_counter()
    await store.write(partial(post, guild_id=GUILD, movements=settlement))
    return time.perf_counter() - began


async def _posts(store: Store, seconds: float) -> float:
    """Return the grants per second of many callers, each durable before its caller goes on."""
    numbers = count()
    began = time.perf_counter()

    async def give() -> None:
        while time.perf_counter() < began + seconds:
            number = next(numbers)
            entries = {ISSUANCE: -1, wallet(1 + number % MEMBERS): 1}
            await store.write(partial(post, guild_id=GUILD, movements=[Movement(f"posts:{number}", "grant", entries)]))

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(give())
    return next(numbers) / (time.perf_counter() - began)


async def _audited(path: Path) -> tuple[float, float, int, int]:
    """Audit in a process of its own; return seconds, peak memory in MiB, entries read, and flaws."""
    words = [sys.executable, "-c", AUDIT, str(path)]
    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, check=True)
    taken, peak, entries, flaws = json.loads(done.stdout)
    return taken, peak, entries, flaws
