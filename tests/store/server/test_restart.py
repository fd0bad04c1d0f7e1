"""The server is killed and restarted while somebody writes."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store
from tests.databases import SERVERS
from tests.store.server.private_server import private_server

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(300)]


@pytest.mark.parametrize("engine", SERVERS)
async def test_a_killed_and_restarted_server_loses_nothing_confirmed_and_the_writer_continues(engine):
    confirmed: list[str] = []

    async def write(store, writer):
        number = 0
        while True:
            key = f"{writer}.{number}"
            rows = [(f"{key}.left", "v"), (f"{key}.right", "v")]
            await store.write(lambda tx, rows=rows: tx.executemany('INSERT INTO kv ("key", value) VALUES (?, ?)', rows))
            confirmed.append(key)
            number += 1

    with private_server(engine) as server:
        async with open_store(server.url, SystemClock(), server=ServerOptions(retry_timeout=60)) as store:
            writers = [asyncio.create_task(write(store, writer)) for writer in range(4)]
            for _ in range(3):
                before = len(confirmed)
                async with asyncio.timeout(60):
                    while len(confirmed) < before + 50:
                        await asyncio.sleep(0.01)
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
            before = len(confirmed)
            async with asyncio.timeout(60):
                while len(confirmed) < before + 50:
                    assert not any(task.done() for task in writers), "a writer has ended"
                    await asyncio.sleep(0.01)
            for task in writers:
                task.cancel()
            await asyncio.wait(writers)
            keys = await store.read(lambda tx: [row[0] for row in tx.all('SELECT "key" FROM kv')])
    left = {key.removesuffix(".left") for key in keys if key.endswith(".left")}
    right = {key.removesuffix(".right") for key in keys if key.endswith(".right")}
    assert left == right, "a unit of work was committed by halves"
    assert len(keys) == len(left) + len(right)
    assert set(confirmed) <= left
