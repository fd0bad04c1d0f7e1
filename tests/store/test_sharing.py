"""Real processes on one database, killed and stopped: each occurrence once, no confirmed write lost (X2, F50)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from steward.runtime.clock import SystemClock
from steward.store import ServerOptions, open_store
from steward.store.server.address import server_address
from steward.store.sqlite.file_lock import DatabaseInUse
from tests.databases import administration
from tests.store.sharing_process import JOBS, LEASE, PROCESSES

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(900)]

OCCURRENCES = 20  # of each job
TOTAL = OCCURRENCES * len(JOBS)
KILLS = 8
PATIENCE = 180.0
"""Seconds after which a missing result is a failure; on a machine under load correct work is slow, too."""

HELD = "SELECT job FROM job_occurrences WHERE state = 'claimed' AND owner = 'stopped'"

OPEN = {
    "postgresql": "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND state <> 'idle'",
    "mysql": "SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist"
    " ON id = trx_mysql_thread_id WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}
"""Counts the transactions of others: one stopped inside a transaction would hold its locks for ever."""


class Recorder:
    """A channel that merges messages with the same nonce, as Discord does."""

    def __init__(self):
        self.keys = {}
        self.tries = 0
        self.port = 0

    @asynccontextmanager
    async def listening(self):
        async with await asyncio.start_server(self._take, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield

    async def _take(self, reader, writer):
        if line := await reader.readline():
            nonce, key = json.loads(line)
            self.tries += 1
            self.keys.setdefault(nonce, key)
            writer.write(b"%d\n" % self.tries)
        writer.close()


class Process:
    """One of the processes that share the database; its output is read as it is printed."""

    def __init__(self, name, child):
        self.name = name
        self.child = child
        self.kept = set()
        self.ready = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, started, url, name, recorder, slowest=0.15):
        """Start a process that is killed when `started`, an AsyncExitStack, is closed."""
        words = [sys.executable, "-m", "tests.store.sharing_process", url, name, str(recorder.port), str(slowest)]
        root = Path(__file__).parents[2]
        child = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, cwd=root)
        process = cls(name, child)
        started.push_async_callback(process.end)
        return process

    async def _listen(self):
        async for line in self.child.stdout:
            if not line.endswith(b"\n"):
                break  # killed in the middle of a line
            kind, _, rest = line.decode().strip().partition(" ")
            if kind == "ready":
                self.ready.set()
            elif kind == "kept":
                self.kept.add(rest)

    async def end(self):
        """Kill it, and return the writes confirmed to it."""
        if self.child.returncode is None:
            self.child.kill()
        await self.child.wait()
        await self._listening
        return self.kept


async def ask(url, sql):
    """Read beside the processes, without a store."""
    return await asyncio.to_thread(_ask, url, sql)


def _ask(url, sql):
    address = server_address(url)
    if address is None:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return [tuple(row) for row in connection.execute(sql).fetchall()]
    with administration(address.engine, address.database) as session:
        return [tuple(row) for row in session.execute(sql).fetchall()]


async def seed(url, occurrences=OCCURRENCES):
    """Insert so many due occurrences of each job, and a table for their effects without constraints."""
    due = int((datetime.now(UTC) - timedelta(hours=1)).timestamp() * 1000)

    def work(tx):
        for job in JOBS:
            tx.execute("INSERT INTO jobs (name, since, schedule) VALUES (?, ?, 'Ended()')", (job, due))
        sql = "INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES (?, ?, ?, 'due')"
        tx.executemany(sql, [(job, f"{n:03}", due + n) for job in JOBS for n in range(occurrences)])

    async with open_store(url, SystemClock()) as store:
        await store.write(work)
    await ask(url, "CREATE TABLE effects (job VARCHAR(60), occurrence VARCHAR(60), owner VARCHAR(60))")


async def all_is_done(url):
    ((number,),) = await ask(url, "SELECT COUNT(*) FROM job_occurrences WHERE state <> 'done' AND occurrence <> 'end'")
    return number == 0


async def all_is_sent(url):
    return await ask(url, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'") == [(0,)]


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.2)


async def assert_each_once(url, recorder):
    effects = [(job, occurrence) for job, occurrence in await ask(url, "SELECT job, occurrence FROM effects")]
    assert len(effects) == len(set(effects)), "an effect was repeated"
    assert set(effects) == {(job, f"{n:03}") for job in JOBS for n in range(OCCURRENCES)}
    messages = list(recorder.keys.values())
    assert sorted(messages) == sorted(f"{job}:{occurrence}" for job, occurrence in effects)


async def test_x2_processes_killed_and_stopped_at_random_do_each_occurrence_once_and_lose_no_confirmed_write(
    new_database,
):
    """On servers both work at once; the second process gets an SQLite file as soon as the first is dead."""
    await seed(new_database)
    random, recorder, confirmed = Random(6), Recorder(), set()
    shared = server_address(new_database) is not None
    async with recorder.listening(), AsyncExitStack() as started:
        processes = [await Process.start(started, new_database, f"first {n}", recorder) for n in range(2)]
        for turn in range(KILLS):
            working = processes if shared else [await first_ready(processes)]
            for process in working:
                async with asyncio.timeout(PATIENCE):
                    await process.ready.wait()
            await asyncio.sleep(random.uniform(0.1, 0.5))
            if turn % 3 == 2:  # one is stopped beyond its leases while the others continue
                sleeper = random.choice(working)
                sleeper.child.send_signal(signal.SIGSTOP)
                await asyncio.sleep(LEASE.total_seconds() + 1)
                sleeper.child.send_signal(signal.SIGCONT)
                await asyncio.sleep(random.uniform(0.1, 0.5))
            victim = random.choice(working)
            processes.remove(victim)
            confirmed |= await victim.end()
            processes.append(await Process.start(started, new_database, f"turn {turn}", recorder))
        await until(lambda: all_is_done(new_database))
        await until(lambda: all_is_sent(new_database))
        for process in processes:
            confirmed |= await process.end()
    await assert_each_once(new_database, recorder)
    assert {key for (key,) in await ask(new_database, 'SELECT "key" FROM kv')} >= confirmed
    assert len(confirmed) > 100, "hardly anything was written: this proves nothing"
    ((taken_over,),) = await ask(new_database, "SELECT COUNT(*) FROM job_occurrences WHERE attempts > 1")
    assert taken_over > 0, "nobody was killed or stopped at work: this proves nothing"


async def first_ready(processes):
    waiting = {asyncio.create_task(process.ready.wait()): process for process in processes}
    async with asyncio.timeout(PATIENCE):
        done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    return waiting[done.pop()]


async def test_a_process_stopped_beyond_its_lease_does_not_commit_its_effect(server_database):
    await seed(server_database, occurrences=1)
    recorder = Recorder()
    async with recorder.listening(), AsyncExitStack() as started:
        stopped = await Process.start(started, server_database, "stopped", recorder, slowest=0.9)
        async with asyncio.timeout(PATIENCE):
            await stopped.ready.wait()
        async with asyncio.timeout(PATIENCE):
            while not (held := await stop_and_look(stopped, server_database)):
                os.kill(stopped.child.pid, signal.SIGCONT)
                await asyncio.sleep(0.1)
        other = await Process.start(started, server_database, "other", recorder, slowest=0.0)
        await until(lambda: all_is_done(server_database))
        os.kill(stopped.child.pid, signal.SIGCONT)
        kept = len(stopped.kept)
        async with asyncio.timeout(PATIENCE):
            while len(stopped.kept) < kept + 20:  # it continues
                await asyncio.sleep(0.1)
        await until(lambda: all_is_sent(server_database))
        await stopped.end()
        await other.end()
    effects = await ask(server_database, "SELECT job, owner FROM effects")
    assert sorted(job for job, _ in effects) == sorted(JOBS)
    assert held
    assert all((job, "other") in effects for (job,) in held)
    assert len(recorder.keys) == len(JOBS)


async def stop_and_look(process, url):
    """Stop a process and return its claimed jobs; none while one of its transactions is open."""
    os.kill(process.child.pid, signal.SIGSTOP)
    await asyncio.sleep(0.3)  # let a commit under way arrive
    ((open_transactions,),) = await ask(url, OPEN[server_address(url).engine])
    return [] if open_transactions else await ask(url, HELD)


async def test_f50_a_waiting_process_gets_the_database_as_soon_as_the_first_is_dead(new_database):
    await seed(new_database, occurrences=1)
    recorder = Recorder()
    options = ServerOptions(lock_wait=2 * PATIENCE)
    async with recorder.listening(), AsyncExitStack() as started:
        first = await Process.start(started, new_database, "first", recorder)
        async with asyncio.timeout(PATIENCE):
            await first.ready.wait()
        opened = asyncio.Event()

        async def wait_for_it():
            async with open_store(new_database, SystemClock(), wait=2 * PATIENCE, server=options) as store:
                opened.set()
                return await store.read(lambda tx: {row[0] for row in tx.all('SELECT "key" FROM kv')})

        second = asyncio.create_task(wait_for_it())
        await asyncio.sleep(1)
        assert not opened.is_set()
        confirmed = await first.end()
        async with asyncio.timeout(PATIENCE):
            assert await second >= confirmed
        assert confirmed


async def test_f50_no_more_processes_than_allowed_share_a_database_and_none_joins_an_exclusive_one(
    server_database, clock
):
    shared = ServerOptions(processes=2, lock_wait=0)
    alone = ServerOptions(lock_wait=0)
    async with open_store(server_database, clock, server=shared) as one:
        async with open_store(server_database, clock, server=shared) as two:
            assert one.shared
            with pytest.raises(DatabaseInUse, match="2 processes are using the database"):
                async with open_store(server_database, clock, server=shared):
                    pass
            await asyncio.gather(*(store.write(lambda tx: None) for store in (one, two)))
        with pytest.raises(DatabaseInUse, match="Another Steward is using the database"):
            async with open_store(server_database, clock, server=alone):
                pass
    patient = ServerOptions(processes=2)  # a server ends a session some time after us
    async with AsyncExitStack() as later:
        async with open_store(server_database, clock, server=patient):
            second = await later.enter_async_context(open_store(server_database, clock, server=shared))
        with pytest.raises(DatabaseInUse):  # although the first slot is free
            async with open_store(server_database, clock, server=alone):
                pass
        await second.write(lambda tx: None)
    async with open_store(server_database, clock) as store:
        await store.write(lambda tx: None)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM store_writer")) == 1


async def test_no_process_joins_an_exclusive_one_through_another_slot(server_database, clock):
    shared = ServerOptions(processes=3, lock_wait=0)
    async with open_store(server_database, clock, server=ServerOptions(lock_wait=0)) as alone:
        with pytest.raises(DatabaseInUse, match="uses it exclusively"):
            async with open_store(server_database, clock, server=shared):
                pass
        await alone.write(lambda tx: None)
    # Patiently: the server may need a moment to notice that the former session has ended.
    async with open_store(server_database, clock, server=ServerOptions(processes=3)) as store:
        await store.write(lambda tx: None)


def test_the_processes_of_these_tests_are_allowed():
    assert PROCESSES > 2
