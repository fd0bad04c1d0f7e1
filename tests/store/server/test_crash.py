"""F45 on servers: killed at any moment, every acknowledged write is complete."""

from __future__ import annotations

import asyncio
from random import Random

from steward.store import open_store
from tests.store.test_crash import write_until_killed


async def test_f45_every_acknowledged_write_survives_kills_at_random_moments(server_database, clock, tmp_path):
    random = Random(45)
    acknowledged: set[str] = set()
    for turn in range(4):
        writes, seconds = random.randrange(10, 40), random.uniform(0, 0.02)
        acknowledged |= await asyncio.to_thread(write_until_killed, server_database, tmp_path, turn, writes, seconds)
        async with open_store(server_database, clock) as store:  # at once: the dead process holds no lock
            keys = await store.read(lambda tx: {row[0] for row in tx.all('SELECT "key" FROM kv')})
        left = {key.removesuffix(".left") for key in keys if key.endswith(".left")}
        right = {key.removesuffix(".right") for key in keys if key.endswith(".right")}
        assert left == right, "a unit of work was committed by halves"
        assert acknowledged <= left
    assert len(acknowledged) > 40, "hardly anything was written: this proves nothing"
