from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import threading
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.sim import time as accelerated
from steward.store import ServerOptions, kv, open_store
from steward.store.queries.cache import QueryCache

TABLES = ("qc_a", "qc_b", "qc_c")


def total(tx, *tables):
    return tuple(tx.value(f"SELECT n FROM {table}") for table in tables)


def branching(tx):
    """Read another table if the first says so: the tables used may differ from read to read."""
    (first,) = total(tx, "qc_a")
    return first, total(tx, "qc_b" if first % 2 else "qc_c")


def rows(tx, count):
    return tx.all("SELECT n FROM qc_a UNION ALL SELECT n + 1 FROM qc_b LIMIT ?", (count,))


def at(tx, _):
    return tx.now_ms


def fails(tx):
    raise LookupError("no such thing")


def add(table):
    return lambda tx: tx.execute(f"UPDATE {table} SET n = n + 1")


@asynccontextmanager
async def cached(database, clock, **options):
    """A store with three counters, and a cache of its reads."""
    with tempfile.TemporaryDirectory() as name:
        tables = ";\n".join(f"CREATE TABLE {table} (n BIGINT NOT NULL)" for table in TABLES)
        (Path(name) / "V1__counters.sql").write_text(f"-- Reason: counters to read and write.\n{tables};\n")
        async with open_store(database, clock, migrations=[("counters", Path(name))]) as store:
            await store.write(lambda tx: [tx.execute(f"INSERT INTO {table} (n) VALUES (0)") for table in TABLES])
            yield store, QueryCache(store, monotonic=clock.monotonic, **options)


async def test_a_result_is_cached_until_one_of_its_tables_is_written(new_database, clock):
    async with cached(new_database, clock) as (store, queries):
        assert await queries.read(total, "qc_a", "qc_b") == (0, 0)
        await store.write(add("qc_c"))
        before = store.watch.queries
        assert await queries.read(total, "qc_a", "qc_b") == (0, 0)
        assert store.watch.queries == before
        await store.write(add("qc_b"))
        assert len(queries.cache) == 0, "what is outdated takes no room"
        assert await queries.read(total, "qc_a", "qc_b") == (0, 1)
        assert queries.outdated == 1
        done = queries.cache.statistics["db_query"]
        assert (done.hits, done.misses, done.loads) == (1, 2, 2)


async def test_a_rolled_back_write_drops_nothing_and_leaves_nothing_stale(new_database, clock):
    async with cached(new_database, clock) as (store, queries):

        def undone(tx):
            add("qc_a")(tx)
            raise LookupError

        await queries.read(total, "qc_a")
        one, two, three = await asyncio.gather(
            store.write(undone), store.write(add("qc_c")), store.write(undone), return_exceptions=True
        )
        assert (type(one), two, type(three)) == (LookupError, 1, LookupError)
        assert len(queries.cache) == 1
        await store.write(add("qc_a"))
        assert await queries.read(total, "qc_a") == (1,)


async def test_a_commit_with_an_unknown_outcome_drops_everything(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (store, queries):
        commit = store._commits._commit

        def lost(works, now):
            commit(works, now)
            raise NotReady("The connection was lost.")

        assert await queries.read(total, "qc_a") == (0,)
        store._commits._commit = lost
        with pytest.raises(NotReady):
            await store.write(add("qc_a"))
        store._commits._commit = commit
        assert await queries.read(total, "qc_a") == (1,)


async def test_a_schema_change_drops_everything(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (store, queries):
        await queries.read(total, "qc_a")
        await store.write(lambda tx: tx.execute("CREATE TABLE qc_other (n INTEGER)"))
        assert len(queries.cache) == 0


class Held:
    """Reads that have seen the database and wait to be released."""

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __enter__(self):
        self.begun.clear()
        self.go_on.clear()
        return self

    def __exit__(self, *_):
        self.go_on.set()

    async def has_begun(self):
        while not self.begun.is_set():
            await asyncio.sleep(0)


HELD = Held()


def held(tx, key):
    found = kv.get(tx, key)
    HELD.begun.set()
    assert HELD.go_on.wait(10)
    return found


async def test_a_read_begun_before_a_commit_is_not_cached(new_database, clock):
    async with open_store(new_database, clock) as store:
        queries = QueryCache(store)
        with HELD:
            reading = asyncio.ensure_future(queries.read(held, "a"))
            await HELD.has_begun()
            await store.write(lambda tx: kv.put(tx, "a", "1"))
        assert await reading is None
        assert await queries.read(held, "a") == "1"


async def test_a_request_after_a_commit_does_not_share_an_older_read(new_database, clock):
    async with open_store(new_database, clock) as store:
        queries = QueryCache(store)
        with HELD:
            reading = asyncio.ensure_future(queries.read(held, "a"))
            await HELD.has_begun()
            together = asyncio.ensure_future(queries.read(held, "a"))
            await asyncio.sleep(0)
            await store.write(lambda tx: kv.put(tx, "a", "1"))
            after = asyncio.ensure_future(queries.read(held, "a"))
            await asyncio.sleep(0)
        assert (await reading, await together, await after) == (None, None, "1")
        assert await queries.read(held, "a") == "1"
        assert queries.cache.total.loads == 2


async def test_a_first_read_interrupted_by_a_commit_is_not_shared_with_later_requests(tmp_path, clock):
    """Its tables are not known yet."""
    async with cached(tmp_path / "a.db", clock) as (store, queries):
        first = asyncio.ensure_future(queries.read(total, "qc_a"))
        await store.write(add("qc_b"))
        await store.write(add("qc_a"))
        assert await queries.read(total, "qc_a") == (1,)
        assert await first in ((0,), (1,))
        assert await queries.read(total, "qc_a") == (1,)


async def test_concurrent_requests_share_one_read(new_database, clock):
    async with cached(new_database, clock) as (_, queries):
        answers = await asyncio.gather(*(queries.read(total, "qc_a") for _ in range(50)))
        assert answers == [(0,)] * 50
        assert queries.cache.total.loads == 1


async def test_a_result_that_depends_on_the_time_is_not_cached(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (_, queries):
        before = await queries.read(at, 1)
        await asyncio.sleep(5)
        assert await queries.read(at, 1) == before + 5000
        assert len(queries.cache) == 0


async def test_a_result_expires(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock, ttl=60.0) as (_, queries):
        await queries.read(total, "qc_a")
        await asyncio.sleep(59)
        await queries.read(total, "qc_a")
        assert queries.cache.total.loads == 1
        await asyncio.sleep(2)
        await queries.read(total, "qc_a")
        assert queries.cache.total.loads == 2


async def test_an_error_reaches_the_caller_and_is_not_cached(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (_, queries):
        for _ in range(2):
            with pytest.raises(LookupError, match="no such thing"):
                await queries.read(fails)
        assert queries.cache.total.failed_loads == 2


async def test_entries_and_bytes_are_bounded(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock, max_entries=10) as (_, queries):
        for count in range(100):
            await queries.read(rows, count)
        assert len(queries.cache) == 10
    async with cached(tmp_path / "b.db", clock, max_bytes=4000) as (_, queries):
        for count in range(100):
            await queries.read(rows, count)
        assert 0 < len(queries.cache) < 12
        assert queries.cache.bytes <= 4000


async def test_the_size_of_rows_includes_their_values(new_database, clock):
    async with cached(new_database, clock) as (store, queries):
        await store.write(lambda tx: kv.put(tx, "long", "x" * 10_000))
        await queries.read(all_of_kv)
        assert queries.cache.bytes > 10_000


def all_of_kv(tx):
    return tx.all("SELECT * FROM kv")


async def test_the_size_of_dictionaries_includes_their_values(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock, max_bytes=50_000) as (_, queries):
        await queries.read(dictionaries, 100, 10)
        light = queries.cache.bytes
        await queries.read(dictionaries, 10, 1000)
        assert queries.cache.bytes > light + 10_000


def dictionaries(tx, count, length):
    return [{"text": str(number) * length} for number in range(1, count + 1)]


async def test_without_entries_every_read_goes_to_the_database(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock, max_entries=0) as (store, queries):
        for _ in range(2):
            assert await queries.read(total, "qc_a") == (0,)
        assert store.watch.queries >= 2
        assert len(queries.cache) == 0


async def test_results_of_a_shared_store_are_not_cached(server_database, clock):
    async with open_store(server_database, clock, server=ServerOptions(processes=2)) as store:
        queries = QueryCache(store)
        assert await queries.read(kv.get, "a") is None
        async with open_store(server_database, clock, server=ServerOptions(processes=2)) as other:
            await other.write(lambda tx: kv.put(tx, "a", "1"))
        assert await queries.read(kv.get, "a") == "1"
        assert len(queries.cache) == 0


class Colour(Enum):
    RED = 1


class Span(NamedTuple):
    begin: int
    end: int


@dataclass(frozen=True)
class Whose:
    member: int = field(repr=False)


@dataclass(frozen=True)
class Pair:
    one: int
    other: int


async def test_results_are_cached_by_function_and_arguments(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (_, queries):
        for arguments in (
            (1,),
            ("1",),
            (None,),
            ((1, 2),),
            ([Pair(1, 2)],),
            ([Pair(1, 3)],),
            (Colour.RED,),
            (Span(3, 4),),
            (Whose(1),),
            (Whose(2),),
        ):
            await queries.read(ignores, *arguments)
        assert len(queries.cache) == 10


def ignores(tx, *_):
    return tx.value("SELECT n FROM qc_a")


@pytest.mark.parametrize("argument", [object(), [object()], {1: 2}, lambda: None])
async def test_an_argument_without_a_plain_value_is_refused(tmp_path, clock, argument):
    async with cached(tmp_path / "a.db", clock) as (_, queries):
        with pytest.raises(TypeError, match="not a plain value"):
            await queries.read(ignores, argument)


async def test_a_function_without_a_unique_name_is_refused(tmp_path, clock):
    async with cached(tmp_path / "a.db", clock) as (_, queries):
        for query in (lambda tx: 1, cached(None, None).__aenter__):
            with pytest.raises(TypeError, match="functions of a module"):
                await queries.read(query)


async def test_writes_of_another_program_are_noticed_at_the_next_commit(tmp_path, clock):
    path = tmp_path / "a.db"
    async with cached(path, clock) as (store, queries):
        assert await queries.read(total, "qc_a") == (0,)
        with closing(sqlite3.connect(path)) as outside:
            outside.execute("UPDATE qc_a SET n = 7")
            outside.commit()
        assert await queries.read(total, "qc_a") == (0,)
        await store.write(add("qc_c"))
        assert await queries.read(total, "qc_a") == (7,)
        await store.write(add("qc_c"))
        assert len(queries.cache) == 1, "it is noticed once"


class Steps:
    """Concurrent writers and readers; each reader knows what was confirmed before its request."""

    def __init__(self, store, queries):
        self.store, self.queries = store, queries
        self.confirmed = dict.fromkeys(TABLES, 0)
        self.begun = dict.fromkeys(TABLES, 0)

    async def write(self, tables):
        for table in tables:
            self.begun[table] += 1
        await self.store.write(lambda tx: [add(table)(tx) for table in tables])
        for table in tables:
            self.confirmed[table] += 1

    async def undone(self, tables):
        def work(tx):
            for table in tables:
                add(table)(tx)
            raise LookupError

        with pytest.raises(LookupError):
            await self.store.write(work)

    async def read(self, tables):
        least = [self.confirmed[table] for table in tables]
        found = await self.queries.read(total, *tables)
        assert all(low <= value <= self.begun[table] for low, value, table in zip(least, found, tables, strict=True)), (
            least,
            found,
        )

    async def branch(self, _):
        least = dict(self.confirmed)
        first, (second,) = await self.queries.read(branching)
        assert least["qc_a"] <= first
        assert least["qc_b" if first % 2 else "qc_c"] <= second

    async def settle(self):
        for table in TABLES:
            assert await self.queries.read(total, table) == await self.store.read(lambda tx, of=table: total(tx, of))
        assert await self.queries.read(branching) == await self.store.read(branching)


SOME = st.lists(st.sampled_from(TABLES), min_size=1, max_size=2, unique=True).map(sorted)
ACTS = st.lists(
    st.tuples(st.sampled_from(["write", "write", "read", "read", "read", "branch", "undone"]), SOME, st.integers(0, 6)),
    max_size=40,
)


@settings(max_examples=60)
@given(ACTS)
def test_any_interleaving_of_reads_and_writes_gives_the_databases_own_results(acts):
    async def main(_):
        with tempfile.TemporaryDirectory() as folder:
            async with cached(Path(folder) / "a.db", SystemClock()) as (store, queries):
                steps = Steps(store, queries)
                async with asyncio.TaskGroup() as group:
                    for act, tables, turns in acts:
                        group.create_task(getattr(steps, act)(tables))
                        for _ in range(turns):
                            await asyncio.sleep(0.0001 if turns > 4 else 0)
                await steps.settle()

    accelerated.run(main)


async def test_no_result_is_older_than_the_last_confirmed_write_under_load(new_database, clock):
    async with cached(new_database, clock) as (store, queries):
        steps = Steps(store, queries)

        async def writer(number):
            for turn in range(25):
                await steps.write([TABLES[(number + turn) % 2]])

        async def reader(number):
            for turn in range(60):
                await steps.read([TABLES[(number + turn) % 3], TABLES[(number + turn + 1) % 3]])
                await steps.branch(None)

        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(writer(number))
                group.create_task(reader(number))
        await steps.settle()
        assert queries.cache.total.hits > 0
