"""
From single joins, leaves, kicks, bans and unbans to sums by the hour and the day, each event exactly once.

How far the events have been summed up is kept in the transaction that adds them, so a crash falls before or after.
One that can't be summed up, such as one of the year 9999, is passed over for good.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.counts.store import TOPIC
from steward.bots.stats.history.calendar import Calendars, Level
from steward.bots.stats.history.series import MEMBER_FLOWS, Measure
from steward.store import Row, Store, Transaction, kv

EVERY = 60.0
ROWS = 500
WATERMARK = "stats.events_summed_up"

_FLOW = {
    EventKind.JOIN: Measure.JOINS,
    EventKind.LEAVE: Measure.LEAVES,
    EventKind.KICK: Measure.KICKS,
    EventKind.BAN: Measure.BANNED,
    EventKind.UNBAN: Measure.UNBANNED,
}


class Rollup:
    """Sums up the events that were written since the last time, whenever they happened."""

    def __init__(self, store: Store, calendars: Calendars) -> None:
        self._store = store
        self._calendars = calendars
        self._turn = asyncio.Lock()
        self._done = 0
        self._add = {
            flow: store.dialect.upsert("stats_series", key=("guild_id", "level", "at"), add=(flow,))
            for flow in MEMBER_FLOWS
        }

    async def run(self) -> None:
        """Sum up what was left, then events within a minute of their being written, for ever."""
        with self._store.listening(TOPIC) as written:
            while True:
                written.clear()
                await self.flush()
                await written.wait()
                await asyncio.sleep(EVERY)

    async def flush(self) -> None:
        """Sum up all that has been written, a few hundred events a transaction."""
        async with self._turn:
            while await self._step() == ROWS:
                pass

    async def _step(self) -> int:
        """Sum up the next events and return how many there were."""
        self._done, rows = await self._store.read(_next_events)
        add_up = self._store.skipper.writing(
            "event to be summed up", rows, self._add_up, ids=_ids, on_skip=self._pass_over
        )
        async for _ in add_up:
            pass
        return len(rows)

    async def _add_up(self, rows: Sequence[Row]) -> None:
        sums: Counter[tuple[Measure, int, Level, int]] = Counter()
        for _, guild_id, kind, at in rows:
            calendar = self._calendars.of(guild_id)
            for level in (Level.HOUR, Level.DAY):
                sums[_FLOW[EventKind(kind)], guild_id, level, calendar.bucket(level, at).begin] += 1

        def add(tx: Transaction) -> None:
            for (flow, *key), count in sums.items():
                tx.execute(self._add[flow], (*key, count))

        await self._write(add, rows[-1])

    async def _pass_over(self, row: Row) -> None:
        await self._write(lambda _: None, row)

    async def _write(self, add: Callable[[Transaction], None], last: Row) -> None:
        done, until = self._done, last[0]

        def work(tx: Transaction) -> None:
            if summed_up(tx) == done:  # or a call that was given up has been committed after all
                add(tx)
                kv.put(tx, WATERMARK, str(until))

        await self._store.write(work)
        self._done = until


def _ids(row: Row) -> list[int]:
    return [row[0], row[1]]


def summed_up(tx: Transaction) -> int:
    """Return the id of the last event that is in the sums. It must stay: a freed id would be given out anew."""
    return int(kv.get(tx, WATERMARK) or 0)


def _next_events(tx: Transaction) -> tuple[int, list[Row]]:
    done = summed_up(tx)
    sql = "SELECT id, guild_id, kind, at FROM member_events WHERE id > ? ORDER BY id LIMIT ?"
    return done, tx.all(sql, (done, ROWS))
