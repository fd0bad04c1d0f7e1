"""
The durable IDENTIFY ledger: a crash loop never burns the day's logins.

Discord allows a bot 1,000 IDENTIFYs in 24 hours; one more ends all its sessions and resets its token
(docs: Gateway > "Sending Heartbeats" and "Rate Limiting"). Each IDENTIFY is written down before it is sent, in the
database, so that a process that dies and is restarted by its supervisor knows what it has spent. RESUME is free.

Guarantee: at most 300 IDENTIFYs in any 24 hours, and none while less than a tenth of Discord's own budget is left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import random

from steward.client.rest.rest import GatewayInfo
from steward.runtime.clock import Clock
from steward.store import Store, Transaction, to_millis

DAY = timedelta(hours=24)
MIN_SPACING = 5.0  # Discord takes one IDENTIFY per 5 s from an ordinary bot
LOGINS_A_DAY = 1000
"""That Discord allows a bot (docs: Gateway > "Session Start Limit Object"); large ones get more."""
FREE = 20  # logins in a day before they are spaced out: deploys and restarts by hand
DOUBLES_EVERY = 6
MAX_SPACING = 600.0
RESERVE = 0.1


class IdentifyLedger:
    """
    Knows when the next IDENTIFY may be sent.

    Args:
        random: a source of numbers in [0, 1), to spread waits.

    """

    def __init__(self, store: Store, clock: Clock, *, random: Callable[[], float] = random) -> None:
        self._store = store
        self._clock = clock
        self._random = random

    async def record(self) -> None:
        """Write down, durably, that an IDENTIFY is about to be sent; in doubt, too many are counted."""

        def work(tx: Transaction) -> None:
            tx.execute("DELETE FROM identifies WHERE at <= ?", (to_millis(tx.now - DAY),))
            tx.execute("INSERT INTO identifies (at) VALUES (?)", (tx.now_ms,))

        await self._store.write(work)

    async def take_back(self) -> None:
        """Strike out the newest entry: the connection failed before the IDENTIFY was sent."""

        def work(tx: Transaction) -> None:  # two statements: MySQL deletes from no table that it reads from
            newest = tx.value("SELECT MAX(id) FROM identifies")
            tx.execute("DELETE FROM identifies WHERE id = ?", (newest,))

        await self._store.write(work)

    async def spent(self) -> int:
        """Return how many IDENTIFYs were sent in the last 24 hours."""
        since = to_millis(self._clock.now() - DAY)
        sql = "SELECT COUNT(*) FROM identifies WHERE at > ?"
        return int(await self._store.read(lambda tx: tx.value(sql, (since,))) or 0)

    async def wait(self, gateway: GatewayInfo) -> float:
        """Return the seconds to wait before the next IDENTIFY may be sent; 0 when it may be sent now."""
        if gateway.remaining < gateway.total * RESERVE:
            return max(gateway.reset_after, MIN_SPACING)
        now = self._clock.now()
        since = to_millis(now - DAY)

        def work(tx: Transaction) -> tuple[int, int | None]:
            row = tx.one("SELECT COUNT(*), MAX(at) FROM identifies WHERE at > ?", (since,))
            return (row[0], row[1]) if row is not None else (0, None)

        spent, last = await self._store.read(work)
        if last is None:
            return 0.0
        passed = max(0.0, (to_millis(now) - last) / 1000)  # a clock that was ahead must not lock us out
        return max(0.0, self.spacing(spent) - passed)

    def spacing(self, spent: int) -> float:
        """
        Return the seconds that must lie between the last IDENTIFY and the next.

        Args:
            spent: IDENTIFYs sent in the last 24 hours.

        """
        doublings = max(0, spent - FREE) / DOUBLES_EVERY
        return float(min(MAX_SPACING, MIN_SPACING * 2**doublings) * (1 + self._random() / 4))
