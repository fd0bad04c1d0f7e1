"""Lost servers: acknowledged writes are there, others are not, and one line reports it."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from functools import partial

import pytest
from structlog.testing import capture_logs

from steward.errors import NotReady
from steward.store import ServerOptions, kv, open_store
from steward.store.server.address import server_address
from steward.store.server.engine import server_engine
from steward.store.server.faults import InDoubt, ServerFault
from steward.store.server.session import SessionLimits
from steward.store.unavailable import StoreUnavailable
from tests.databases import administration, drop, end_sessions

IMPATIENT = ServerOptions(retry_timeout=0.3, lock_wait=0.3)


def count(tx):
    return tx.value("SELECT COUNT(*) FROM kv")


def events(logs):
    return [line["event"] for line in logs if line["event"].startswith("database_") and "migrated" not in line["event"]]


async def test_a_server_restart_is_logged_once_when_lost_and_once_when_back_and_no_caller_notices(
    server_database, clock
):
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "before", "1"))
        await store.read(count)
        with capture_logs() as logs:
            assert await asyncio.to_thread(end_sessions, server_database) >= 2
            await store.write(lambda tx: kv.put(tx, "after", "1"))
            assert await store.read(count) == 2
        assert events(logs) == ["database_lost", "database_back"]


async def test_a_connection_lost_in_the_middle_of_a_batch_does_each_work_once(server_database, clock):
    runs = []

    async with open_store(server_database, clock) as store:

        def work(tx):
            runs.append(1)
            tx.execute("INSERT INTO identifies (at) VALUES (1)")
            if len(runs) == 1:
                end_sessions(server_database)
            tx.execute("INSERT INTO identifies (at) VALUES (2)")
            return tx.value("SELECT COUNT(*) FROM identifies")

        results = await asyncio.gather(
            store.write(lambda tx: kv.put(tx, "a", "1")),
            store.write(work),
            store.write(lambda tx: tx.execute("INSERT INTO identifies (at) VALUES (3)")),
        )
        assert (results[1], len(runs)) == (2, 2)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM identifies")) == 3


async def test_a_work_that_swallows_the_loss_of_its_connection_is_not_committed(server_database, clock):
    runs = []

    async with open_store(server_database, clock) as store:

        def work(tx):
            runs.append(1)
            kv.put(tx, "first", "1")
            if len(runs) == 1:
                end_sessions(server_database)
                try:
                    kv.put(tx, "second", "1")
                except Exception:  # noqa: BLE001 - what a careless work might do
                    return "swallowed"
            return "done"

        assert await store.write(work) == "done"
        assert await store.read(lambda tx: set(kv.under(tx, ""))) == {"first"}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_commit_whose_response_is_lost_is_looked_up_and_not_repeated(
    server_database, clock, moment, monkeypatch
):
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "warm", "up"))
        session_type = type(store._batches._session)
        commit, cut = session_type.commit, []

        def cut_off(self):
            if cut:
                return commit(self)
            cut.append(1)
            if moment == "after":
                commit(self)
            end_sessions(server_database)
            return commit(self)

        monkeypatch.setattr(session_type, "commit", cut_off)
        runs = []
        await store.write(lambda tx: runs.append(1) or tx.execute("INSERT INTO identifies (at) VALUES (1)"))
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM identifies")) == 1
        assert len(runs) == (1 if moment == "after" else 2)


@contextmanager
def away(store):
    """Refuse new connections, as if nothing listened on the server's port."""
    engine = store._connector.engine
    gone = server_address("postgresql://u:hunter2@127.0.0.1:1/x")
    engine.connect = lambda _, limits: type(engine).connect(engine, gone, limits)
    try:
        yield
    finally:
        del engine.connect


async def test_while_the_server_is_down_writes_and_reads_fail_with_a_message_and_then_resume(server_database, clock):
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "promise", "kept"))
        await store.read(count)
        with capture_logs() as logs:
            with away(store):
                await asyncio.to_thread(end_sessions, server_database)
                for asked in (store.write(lambda tx: kv.put(tx, "lost", "1")), store.read(count)):
                    with pytest.raises(NotReady, match=r"does not answer.*Everything confirmed so far is safe") as said:
                        await asked
                    assert not isinstance(said.value, InDoubt)
                    assert "hunter2" not in str(said.value)
            await store.write(lambda tx: kv.put(tx, "next", "1"))
            assert await store.read(lambda tx: set(kv.under(tx, ""))) == {"promise", "next"}
        assert events(logs) == ["database_lost", "database_back"]


def allow_connections(url, allowed):
    """Open or close a PostgreSQL database to all, as an administrator does before a restore or a move."""
    with administration("postgresql") as session:
        session.execute(f"ALTER DATABASE {url.rpartition('/')[2]} ALLOW_CONNECTIONS {allowed}")
    end_sessions(url)


@pytest.mark.parametrize("server_database", ["postgresql"], indirect=True)
async def test_a_database_that_refuses_connections_for_a_while_counts_as_lost(server_database, clock):
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "promise", "kept"))
        with capture_logs() as logs:
            await asyncio.to_thread(allow_connections, server_database, False)
            for ask in (partial(store.write, lambda tx: kv.put(tx, "lost", "1")), partial(store.read, count)):
                with pytest.raises(NotReady, match="is not currently accepting connections"):
                    await ask()
            await asyncio.to_thread(allow_connections, server_database, True)
            await store.write(lambda tx: kv.put(tx, "next", "1"))
            assert await store.read(lambda tx: set(kv.under(tx, ""))) == {"promise", "next"}
        assert events(logs) == ["database_lost", "database_back"]


async def test_writes_wait_for_a_server_that_is_back_in_time(server_database, clock):
    async with open_store(server_database, clock) as store:
        gone = away(store)
        gone.__enter__()
        await asyncio.to_thread(end_sessions, server_database)
        waiting = asyncio.gather(*(store.write(lambda tx, n=n: kv.put(tx, f"k{n}", "v")) for n in range(5)))
        threading.Timer(0.3, gone.__exit__, (None, None, None)).start()
        await waiting
        assert await store.read(count) == 5


async def test_a_server_lost_during_a_commit_for_long_leaves_the_outcome_in_doubt(server_database, clock, monkeypatch):
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "warm", "up"))
        session_type = type(store._batches._session)
        commit = session_type.commit

        with away(store), monkeypatch.context() as patch:
            patch.setattr(session_type, "commit", lambda self: [end_sessions(server_database), commit(self)])
            with pytest.raises(InDoubt, match="it's unknown whether it was saved"):
                await store.write(lambda tx: kv.put(tx, "doubt", "1"))
        await store.write(lambda tx: kv.put(tx, "next", "1"))


def wait_until_blocked(engine):
    """Wait, in a thread, until some session of the server waits for a lock."""
    with administration(engine) as session:
        for _ in range(500):
            if engine == "postgresql":
                blocked = session.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone()[0]
            else:
                blocked = "LOCK WAIT" in session.execute("SHOW ENGINE INNODB STATUS").fetchone()["Status"]
            if blocked:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


async def test_a_deadlock_resolved_against_us_is_retried(server_database, clock):
    """We and another program each hold what the other needs; the server rolls one of the two back."""
    address = server_address(server_database)
    engine = server_engine(address.engine)
    runs = []
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: [kv.put(tx, key, "0") for key in ("a", "b")])
        other = await asyncio.to_thread(engine.connect, address, ServerOptions().limits)
        try:
            await asyncio.to_thread(other.begin, reading=False)
            await asyncio.to_thread(other.execute, 'UPDATE kv SET value = ? WHERE "key" = ?', ("other", "b"))
            ended: list[str] = []

            def crossing():
                try:
                    other.execute('UPDATE kv SET value = ? WHERE "key" = ?', ("other", "a"))
                    other.commit()
                    ended.append("other won")
                except Exception:  # noqa: BLE001 - the server chose the other one
                    other.rollback()
                    ended.append("we won")

            crossed = threading.Thread(target=crossing)

            def work(tx):
                runs.append(1)
                kv.put(tx, "a", "ours")
                if len(runs) == 1:
                    crossed.start()
                    wait_until_blocked(address.engine)
                kv.put(tx, "b", "ours")

            await store.write(work)
            values = await store.read(lambda tx: kv.under(tx, ""))
            await asyncio.to_thread(crossed.join)
        finally:
            await asyncio.to_thread(other.close)
    assert values == {"a": "ours", "b": "ours"}
    # Where the other won and has not committed yet when we begin anew, PostgreSQL has us begin once more.
    assert ended == (["we won"] if len(runs) == 1 else ["other won"])


async def test_a_commit_in_doubt_whose_slot_another_process_has_taken_is_reported_as_in_doubt(
    server_database, clock, monkeypatch
):
    address = server_address(server_database)
    engine = server_engine(address.engine)
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "warm", "up"))
        session_type = type(store._batches._session)
        commit, others = session_type.commit, []

        def cut_off(self):
            end_sessions(server_database)
            other = engine.connect(address, ServerOptions().limits)
            assert engine.try_lock(other, store._batches._guard._name, 1)
            others.append(other)
            return commit(self)

        with monkeypatch.context() as patch:
            patch.setattr(session_type, "commit", cut_off)
            with pytest.raises(InDoubt):
                await store.write(lambda tx: kv.put(tx, "doubt", "1"))
        with pytest.raises(NotReady, match="Another Steward is using"):
            await store.write(lambda tx: kv.put(tx, "next", "1"))
        await asyncio.to_thread(others[0].close)
        await store.write(lambda tx: kv.put(tx, "next", "1"))


@pytest.mark.parametrize("ends", ["in time", "too late"])
async def test_a_commit_still_running_on_the_server_is_waited_for_even_if_another_slot_is_free(
    server_database, clock, monkeypatch, ends
):
    """Like a commit that took longer than a statement may: the connection is dropped, the server continues."""
    options = ServerOptions(processes=2, retry_timeout=1.0, limits=SessionLimits(lock=1))
    async with open_store(server_database, clock, server=options) as store:
        await store.write(lambda tx: kv.put(tx, "warm", "up"))
        session_type = type(store._batches._session)
        commit, close, given_up = session_type.commit, session_type.close, []

        def finish():
            session = given_up[0]
            session.broken = None
            commit(session)
            close(session)

        late = threading.Timer(0.3, finish)

        def give_up(self):
            if given_up:
                return commit(self)
            given_up.append(self)
            error = TimeoutError()
            self._last, self.broken = (error, ServerFault.LOST), ServerFault.LOST
            if ends == "in time":
                late.start()
            raise error

        monkeypatch.setattr(session_type, "commit", give_up)
        monkeypatch.setattr(session_type, "close", lambda self: None if self in given_up else close(self))
        writing = store.write(lambda tx: tx.execute("INSERT INTO identifies (at) VALUES (1)"))
        if ends == "in time":
            await writing
            await asyncio.to_thread(late.join)
        else:
            with pytest.raises(InDoubt):
                await writing
            await asyncio.to_thread(finish)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM identifies")) == 1


def make_again(url):
    address = server_address(url)
    server_engine(address.engine).create_database(address, SessionLimits())


def tables(url):
    address = server_address(url)
    with administration(address.engine, address.database) as session:
        return server_engine(address.engine).tables(session)


def drop_tables(url):
    address = server_address(url)
    with administration(address.engine, address.database) as session:
        if address.engine == "mysql":
            session.execute("SET foreign_key_checks = 0")
        for table in server_engine(address.engine).tables(session):
            session.execute(f"DROP TABLE {table}{' CASCADE' if address.engine == 'postgresql' else ''}")


async def refused(store):
    for call in (store.write(lambda tx: kv.put(tx, "lost", "1")), store.read(count)):
        with pytest.raises(StoreUnavailable, match="was dropped or emptied"):
            await call
    assert "steward db restore" in str(store.trouble)


async def test_f64_a_dropped_or_recreated_database_confirms_nothing_more_and_is_not_changed(
    server_database, clock, tmp_path
):
    address = server_address(server_database)
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "before", "1"))
        assert await store.read(count) == 1
        await asyncio.to_thread(drop, address.engine, address.database)
        await refused(store)
        await asyncio.to_thread(make_again, server_database)
        await refused(store)
        assert await asyncio.to_thread(tables, server_database) == set()
    (tmp_path / f"{address.database}-20260101-000000.jsonl.gz").write_bytes(b"a backup")
    backups = ServerOptions(backups=tmp_path)
    async with open_store(server_database, clock, server=backups) as store:  # only a restart by a person starts empty
        assert f"steward db restore {tmp_path}" in store.notice
        assert await store.read(count) == 0
    async with open_store(server_database, clock, server=backups) as store:
        assert store.notice is None


async def test_f64_tables_dropped_under_open_connections_are_noticed_at_once(server_database, clock):
    async with open_store(server_database, clock, server=IMPATIENT) as store:
        await store.write(lambda tx: kv.put(tx, "before", "1"))
        with pytest.raises(Exception, match="nowhere"):  # wrong SQL does not count as a loss
            await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM nowhere"))
        assert store.trouble is None
        await asyncio.to_thread(drop_tables, server_database)
        await refused(store)
