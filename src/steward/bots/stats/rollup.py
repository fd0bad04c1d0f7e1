"""
From single joins, leaves, kicks, bans and unbans to sums by the hour and the day, each event exactly once.

How far the events have been summed up is kept in the transaction that adds them, so a crash falls before or after.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from steward.bots.stats.calendar import Calendars, Level
from steward.bots.stats.facts import Kind
from steward.bots.stats.series import MEMBER_FLOWS, Measure
from steward.bots.stats.store import TOPIC
from steward.store import Row, Store, Transaction, kv

EVERY = 60.0
ROWS = 500
WATERMARK = "stats.events_summed_up"

_FLOW = {
    Kind.JOIN: Measure.JOINS,
    Kind.LEAVE: Measure.LEAVES,
    Kind.KICK: Measure.KICKS,
    Kind.BAN: Measure.BANNED,
    Kind.UNBAN: Measure.UNBANNED,
}


class Rollup:
    """
    Sums up the events that were written since the last time, whenever they happened.

    Args:
        store: the database.
        calendars: the guilds' own clocks.

    """

    def __init__(self, store: Store, calendars: Calendars) -> None:
        self._store = store
        self._calendars = calendars
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
        while await self._step() == ROWS:
            pass

    async def _step(self) -> int:
        """Sum up the next events and return how many there were."""
        done, rows = await self._store.read(_next_events)
        sums: Counter[tuple[Measure, int, Level, int]] = Counter()
        for _, guild_id, kind, at in rows:
            calendar = self._calendars.of(guild_id)
            for level in (Level.HOUR, Level.DAY):
                sums[_FLOW[Kind(kind)], guild_id, level, calendar.bucket(level, at).begin] += 1

        def work(tx: Transaction) -> None:
            if summed_up(tx) != done:
                return  # another call of `flush` was faster
            for (flow, *key), count in sums.items():
                tx.execute(self._add[flow], (*key, count))
            kv.put(tx, WATERMARK, str(rows[-1][0]))

        if rows:
            await self._store.write(work)
        return len(rows)


def summed_up(tx: Transaction) -> int:
    """Return the id of the last event that is in the sums. It must stay: a freed id would be given out anew."""
    return int(kv.get(tx, WATERMARK) or 0)


def _next_events(tx: Transaction) -> tuple[int, list[Row]]:
    done = summed_up(tx)
    sql = "SELECT id, guild_id, kind, at FROM member_events WHERE id > ? ORDER BY id LIMIT ?"
    return done, tx.all(sql, (done, ROWS))
