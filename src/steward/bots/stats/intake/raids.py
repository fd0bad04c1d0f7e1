"""Notices a flood of joins: many more in some minutes than the server is used to."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from steward.client.payloads import Payload, joined_at, snowflake
from steward.guilds.suspicions import Suspicion, SuspicionLog
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation

MANY = 20  # joins
WITHIN = timedelta(minutes=10)
TIMES_USUAL = 5
AGAIN_AFTER = timedelta(hours=1)

UsualJoins = Callable[[int], Awaitable[float]]
"""Tells how many join a server in a usual hour."""


class RaidWatch:
    """
    Notes 20 joins within ten minutes that are five times as frequent as is usual in that server; once an hour at most.

    Args:
        usual: asked only when that many have joined.

    """

    def __init__(self, usual: UsualJoins, suspicions: SuspicionLog, clock: Clock) -> None:
        self._usual = usual
        self._clock = clock
        self._suspicions = suspicions
        self._joins: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=MANY))
        self._told: dict[int, datetime] = {}
        self._floods: dict[int, timedelta] = {}
        self._look = asyncio.Event()
        self._isolation = Isolation("watch for raids")

    def joined(self, data: Payload) -> None:
        """Take the payload of GUILD_MEMBER_ADD."""
        guild_id, at = snowflake(data["guild_id"]), joined_at(data, self._clock.now())
        joins = self._joins[guild_id]
        if joins and at < joins[-1] - WITHIN:
            return  # a member of old: the event comes for those, too
        joins.append(at)
        length = max(joins) - min(joins)
        told = self._told.get(guild_id)
        if len(joins) == MANY and length <= WITHIN and (told is None or at - told >= AGAIN_AFTER):
            self._floods[guild_id] = length
            self._look.set()

    async def run(self) -> None:
        """Compare floods with what is usual, for ever."""
        while True:
            await self._look.wait()
            self._look.clear()
            while self._floods:
                guild_id, length = self._floods.popitem()
                with self._isolation.item(guild_id):
                    await self._judge(guild_id, length)

    async def _judge(self, guild_id: int, length: timedelta) -> None:
        usual = await self._usual(guild_id)
        if MANY / max(length / timedelta(hours=1), 1e-9) < TIMES_USUAL * usual:
            return
        self._told[guild_id] = self._joins[guild_id][-1]
        about = f"{MANY} joins within {max(1, round(length.total_seconds())):,} s; normal is {usual:.1f} an hour"
        self._suspicions.note(Suspicion.RAID, about, guild_id=guild_id)
