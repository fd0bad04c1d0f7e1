from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack

import asyncmy
import asyncpg
import pytest

from steward.errors import NotReady
from steward.store import ServerOptions, kv, open_store
from steward.store.server.address import server_address
from tests.databases import administration


def sessions(url):
    """Count the open sessions with a database."""
    address = server_address(url)
    with administration(address.engine) as session:
        if address.engine == "postgresql":
            sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = ?"
            return session.execute(sql, (address.database,)).fetchone()[0]
        return sum(row["db"] == address.database for row in session.execute("SHOW PROCESSLIST").fetchall())


async def open_sessions(url):
    return await asyncio.to_thread(sessions, url)


async def settled(url, wanted):
    """Wait until so many sessions are open: the server notices a closed one a moment later."""
    for _ in range(200):
        if await open_sessions(url) == wanted:
            return True
    return False


async def test_no_more_connections_are_opened_than_allowed_and_idle_ones_are_closed(server_database, clock):
    options = ServerOptions(connections=4, idle=60)
    async with open_store(server_database, clock, server=options) as store:
        assert await open_sessions(server_database) == 1
        together = threading.Barrier(3, timeout=10)
        await asyncio.gather(*(store.read(lambda tx: together.wait()) for _ in range(3)))
        await asyncio.gather(*(store.read(lambda tx: tx.value("SELECT 1")) for _ in range(50)))
        assert await open_sessions(server_database) == 4
        await asyncio.sleep(50)
        await store.read(lambda tx: 1)  # keeps one session
        await asyncio.sleep(11)
        assert await settled(server_database, 2)
        await asyncio.sleep(61)
        assert await settled(server_database, 1)  # the writer, which holds the lock
        assert await store.read(lambda tx: tx.value("SELECT 1")) == 1
    assert await settled(server_database, 0)


def fault_of_a_full_server(engine):
    if engine == "postgresql":
        return asyncpg.TooManyConnectionsError("sorry, too many clients already")
    return asyncmy.errors.OperationalError(1040, "Too many connections")


async def test_a_full_server_is_reported_and_reading_resumes_when_there_is_room(server_database, clock):
    """A server that is really full would fail other tests, so its refusal is simulated."""
    async with open_store(server_database, clock, server=ServerOptions(retry_timeout=0.2)) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        engine = store._connector.engine

        def full(*_):
            raise fault_of_a_full_server(server_address(server_database).engine)

        engine.connect = full
        with pytest.raises(NotReady, match="accepts no more connections") as refused:
            await store.read(lambda tx: kv.get(tx, "a"))
        assert "STEWARD_DB_CONNECTIONS" in str(refused.value)
        await store.write(lambda tx: kv.put(tx, "a", "2"))  # its connection is open
        del engine.connect
        assert await store.read(lambda tx: kv.get(tx, "a")) == "2"


async def test_a_read_that_ends_while_the_store_closes_leaves_no_session(server_database, clock):
    begun = threading.Barrier(3, timeout=10)
    may_end = [threading.Event(), threading.Event()]

    def read(number):
        begun.wait()
        assert may_end[number].wait(10)

    async with AsyncExitStack() as opened:
        options = ServerOptions(connections=3, idle=0)
        store = await opened.enter_async_context(open_store(server_database, clock, server=options))
        reads = [asyncio.create_task(store.read(lambda tx, number=number: read(number))) for number in range(2)]
        await asyncio.to_thread(begun.wait)
        closing = asyncio.create_task(opened.aclose())
        may_end[0].set()
        await reads[0]
        await asyncio.to_thread(lambda: None)  # time for what closes sessions that nobody uses
        may_end[1].set()
        await asyncio.gather(reads[1], closing)
    assert await settled(server_database, 0)
