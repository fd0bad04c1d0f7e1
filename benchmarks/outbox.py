"""How fast the next message is found, with few and with thousands of channels waiting."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.store import Transaction, open_store
from steward.store.outbox import queue as outbox_queue

LIMIT = 60.0
FEW, MANY = 50, 5_000
LOOKS = 50
AT_ONCE = 10
RATIO = 5.0


async def measure(run: Run) -> None:
    """Let as many direct messages be sent, rest and wait, and look for the next one."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        async with open_store(Path(folder) / "outbox.sqlite3", SystemClock()) as store:
            took = []
            for first, last in ((0, FEW), (FEW, MANY)):
                run.progress(f"{last:,} channels waiting")
                await store.write(partial(_fill, first=first, last=last))
                took.append(min([await store.read(_look) for _ in range(LOOKS)]))
                run.found(f"outbox.look.{last}", took[-1] * 1e3, "ms", better="lower")
    run.found(f"outbox.look.{MANY}.of_{FEW}", took[1] / took[0], "", target=RATIO)


def _fill(tx: Transaction, first: int, last: int) -> None:
    sql = (
        "INSERT INTO outbox (message_key, channel_id, state, retry_at, payload, created_at) VALUES (?, ?, ?, ?, '', 0)"
    )
    for what, channel, state, retry_at in (
        ("sent", 0, "sent", 0),
        ("rests", 10_000, "waiting", tx.now_ms + 3_600_000),
        ("waits", 20_000, "waiting", 0),
    ):
        tx.executemany(sql, [(f"{what} {number}", channel + number, state, retry_at) for number in range(first, last)])


def _look(tx: Transaction) -> float:
    """Return the seconds to find what can be sent now, and when the next retry is due."""
    began = time.perf_counter()
    outbox_queue.heads(tx, (), AT_ONCE)
    outbox_queue.next_retry(tx)
    return time.perf_counter() - began
