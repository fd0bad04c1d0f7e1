"""Errors that a real server raises, and their messages."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from os import getpid

import pytest

from steward.errors import NotReady
from steward.store import ServerOptions, kv, open_store
from steward.store.server.address import server_address
from steward.store.server.engine import server_engine
from steward.store.server.session import SessionLimits
from tests.databases import SERVERS, administration

FULL = {
    "postgresql": "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'No space left on device'; END $$",
    "mysql": "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'",
}
SCARCE = {
    "postgresql": ("CREATE ROLE {name} LOGIN CREATEDB", "ALTER ROLE {name} CONNECTION LIMIT 1", "DROP ROLE {name}"),
    "mysql": (
        "CREATE USER {name}@'%' WITH MAX_USER_CONNECTIONS 1",
        "GRANT ALL ON *.* TO {name}@'%'",
        "DROP USER {name}@'%'",
    ),
}

EXISTING = {"postgresql": "postgres", "mysql": "mysql"}
"""A database that each server has."""


async def test_f44_a_full_disk_at_the_server_is_reported_the_work_is_rolled_back_and_writing_resumes(
    server_database, clock
):
    """The server itself raises the error of a full disk."""
    engine = server_database.partition(":")[0]

    def work(tx):
        kv.put(tx, "half", "done")
        tx.execute(FULL[engine])

    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "before", "kept"))
        with pytest.raises(NotReady, match="The disk is full at the database server"):
            await store.write(work)
        await store.write(lambda tx: kv.put(tx, "after", "kept"))
        assert await store.read(lambda tx: [kv.get(tx, key) for key in ("before", "half", "after")]) == [
            "kept",
            None,
            "kept",
        ]


@pytest.fixture(params=SERVERS)
def lonely(request, databases, tmp_path):
    """The URL of a database for a user with one connection at a time."""
    name = f"steward_test_{getpid()}_lonely"
    with ExitStack() as after:
        url = after.enter_context(databases.fresh(request.param, tmp_path))
        make, limit, gone = (sql.format(name=name) for sql in SCARCE[request.param])
        with administration(request.param) as session:
            session.execute(make)
            session.execute(limit)
        scheme, _, place = url.partition("://")
        yield f"{scheme}://{name}@{place.partition('@')[2]}"
        after.close()  # the user's database is dropped first
        with administration(request.param) as session:
            session.execute(gone)


async def test_a_full_pool_of_connections_is_reported(lonely, clock):
    """The writer has the only connection, so that nobody can read."""
    async with open_store(lonely, clock, server=ServerOptions(retry_timeout=1)) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        with pytest.raises(NotReady, match="accepts no more connections"):
            await store.read(lambda tx: kv.get(tx, "a"))
        await store.write(lambda tx: kv.put(tx, "a", "2"))


async def test_a_database_is_created_once_the_only_connection_is_free(lonely, clock, monkeypatch):
    """A server ends a session some time after it was closed: also that which found no database."""
    address = server_address(lonely)
    engine = server_engine(address.engine)
    create, tries = type(engine).create_database, []

    def create_beside_another(self, address, limits):
        tries.append(address)
        if len(tries) > 1:
            return create(self, address, limits)
        other = engine.connect(replace(address, database=EXISTING[address.engine]), SessionLimits())
        try:
            return create(self, address, limits)
        finally:
            other.close()

    monkeypatch.setattr(type(engine), "create_database", create_beside_another)
    async with open_store(lonely, clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
    assert len(tries) > 1
