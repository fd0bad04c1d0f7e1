"""Reasons why a database on a server cannot be opened, and their messages."""

from __future__ import annotations

import asyncio
import builtins
import socket
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from structlog.testing import capture_logs

from steward.errors import NeedsOperator, NotReady
from steward.store import ServerOptions, kv, open_store
from steward.store.server.address import server_address
from steward.store.server.engine import server_engine
from steward.store.server.session import SessionLimits
from tests.databases import administration, drop

IMPATIENT = ServerOptions(retry_timeout=0.2, lock_wait=0.2)


async def refusal(url, clock, **options):
    with pytest.raises((NotReady, NeedsOperator)) as refused:
        async with open_store(url, clock, server=ServerOptions(**{"retry_timeout": 0.2, "lock_wait": 0.2} | options)):
            pass
    assert "hunter2" not in str(refused.value)
    return refused.value


async def test_a_missing_database_is_created_and_kept(server_database, clock):
    async with open_store(server_database, clock) as store:
        assert store.location == server_database.replace("postgres@", "").replace("root@", "")
        assert store.size_bytes > 10_000
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        assert await store.integrity_check() == []
    async with open_store(server_database, clock) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) == "1"


async def test_a_cancelled_opening_releases_the_database(server_database, clock):
    opening = open_store(server_database, clock)
    entering = asyncio.ensure_future(opening.__aenter__())
    await asyncio.sleep(0)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        assert await store.integrity_check() == []


@contextmanager
def limited_user(engine, database):
    """Create a user that may log in and do nothing."""
    name = f"{database}_guest"[-30:]
    with administration(engine) as session:
        host = "" if engine == "postgresql" else "@'127.0.0.1'"
        session.execute(
            f"CREATE ROLE {name} LOGIN PASSWORD 'hunter2'"
            if engine == "postgresql"
            else f"CREATE USER {name}{host} IDENTIFIED BY 'hunter2'"
        )
    try:
        yield name
    finally:
        drop(engine, database)
        with administration(engine) as session:
            session.execute(f"DROP {'ROLE' if engine == 'postgresql' else 'USER'} {name}{host}")


async def test_a_missing_database_that_may_not_be_created_is_reported(server_database, clock):
    address = server_address(server_database)

    def guest():
        manager = limited_user(address.engine, address.database)
        return manager, manager.__enter__()

    manager, name = await asyncio.to_thread(guest)
    try:
        url = f"{address.engine}://{name}:hunter2@{address.host}:{address.port}/{address.database}"
        error = await refusal(url, clock)
        assert isinstance(error, NeedsOperator)
        assert "grant the user all rights" in str(error)
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


async def test_wrong_credentials_are_reported_without_the_password(server_database, clock):
    address = server_address(server_database)
    url = f"{address.engine}://nobody_here:hunter2@{address.host}:{address.port}/{address.database}"
    error = await refusal(url, clock)
    assert isinstance(error, NeedsOperator)
    assert "refuses" in str(error)
    assert "Correct user and password" in str(error)


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
async def test_an_unreachable_server_is_reported_and_can_be_retried(clock, scheme):
    error = await refusal(f"{scheme}://u:hunter2@127.0.0.1:1/d", clock)
    assert error.exit_code == 75
    assert f"{scheme}://127.0.0.1:1/d does not answer" in str(error)


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
async def test_a_silent_server_is_waited_for_no_longer_than_allowed(clock, scheme):
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        error = await refusal(f"{scheme}://u@127.0.0.1:{port}/d", clock, limits=SessionLimits(connect=0.2))
    assert isinstance(error, NotReady)
    assert "does not answer" in str(error)


async def test_an_unknown_host_name_is_reported(clock):
    error = await refusal("postgresql://u@no-such-host.invalid/d", clock)
    assert "does not answer" in str(error)


async def test_f50_a_second_process_waits_and_is_then_refused(server_database, clock):
    async with open_store(server_database, clock) as store:
        error = await refusal(server_database, clock)
        assert isinstance(error, NotReady)
        assert "Another Steward is using the database" in str(error)
        assert error.exit_code == 75
        await store.write(lambda tx: kv.put(tx, "a", "1"))
    async with open_store(server_database, clock, server=IMPATIENT):
        pass


async def test_a_second_process_takes_over_as_soon_as_the_first_has_ended(server_database, clock):
    async with open_store(server_database, clock) as first:
        second = asyncio.ensure_future(open_store(server_database, clock).__aenter__())
        await first.write(lambda tx: kv.put(tx, "a", "1"))
    store = await second
    assert await store.read(lambda tx: kv.get(tx, "a")) == "1"
    await store.close()


async def test_f50_a_process_that_lost_its_lock_without_noticing_commits_nothing(server_database, clock):
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "mine", "1"))

        def take_over():
            address = server_address(server_database)
            session = server_engine(address.engine).connect(address, SessionLimits())
            session.execute("UPDATE store_writer SET owner = ?", ("another",))
            session.close()

        await asyncio.to_thread(take_over)
        with pytest.raises(NotReady, match="Another Steward has taken over"):
            await store.write(lambda tx: kv.put(tx, "late", "1"))
        assert await store.read(lambda tx: set(kv.under(tx, ""))) == {"mine"}


@pytest.mark.parametrize(("scheme", "driver"), [("postgresql", "asyncpg"), ("mysql", "asyncmy")])
async def test_a_missing_driver_is_reported_with_the_way_to_install_it(clock, monkeypatch, scheme, driver):
    for name in [name for name in sys.modules if name.partition(".")[0] == driver or f"store.{scheme}." in name]:
        monkeypatch.delitem(sys.modules, name)
    usual = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == driver:
            raise ModuleNotFoundError(f"No module named {driver!r}", name=driver)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    error = await refusal(f"{scheme}://u@127.0.0.1/d", clock)
    assert f"driver {driver} is not installed" in str(error)
    assert f"pip install 'steward[{scheme}]'" in str(error)


async def test_a_server_that_is_too_old_is_refused(server_database, clock, monkeypatch):
    engine = type(server_engine(server_address(server_database).engine))
    monkeypatch.setattr(engine, "oldest", {"PostgreSQL": (99, 0), "MariaDB": (99, 0), "MySQL": (99, 0)})
    error = await refusal(server_database, clock)
    assert isinstance(error, NeedsOperator)
    assert "must be 99.0 or newer" in str(error)


async def test_a_server_without_durability_is_logged(server_database, clock, monkeypatch):
    engine = type(server_engine(server_address(server_database).engine))
    monkeypatch.setattr(engine, "durability_problem", lambda *_: "fsync is off")
    with capture_logs() as logs:
        async with open_store(server_database, clock):
            pass
    assert [line["why"] for line in logs if line["event"] == "database_not_durable"] == ["fsync is off"]


def test_a_store_on_a_file_loads_no_driver():
    code = "import sys, steward.store, steward.store.server.store; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "asyncpg" not in done.stdout
    assert "asyncmy" not in done.stdout
