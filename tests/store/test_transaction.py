from __future__ import annotations

import pytest

from steward.bots.installed import MIGRATIONS
from steward.store import open_store


async def test_rows_are_read_by_name_and_by_position(database, clock):
    async with open_store(database, clock) as store:
        row = await store.read(lambda tx: tx.one("SELECT 1 AS one, 'x' AS letter"))
        assert (row["one"], row[1], list(row), row.keys()) == (1, "x", [1, "x"], ["one", "letter"])
        assert await store.read(lambda tx: tx.value("SELECT value FROM kv")) is None
        assert await store.read(lambda tx: tx.one("SELECT value FROM kv")) is None
        assert await store.read(lambda tx: [tuple(row) for row in tx.all("VALUES (1), (2)")]) == [(1,), (2,)]


async def test_insert_new_says_whether_it_inserted_and_upsert_replaces(database, clock):
    async with open_store(database, clock) as store:

        def work(tx):
            first = tx.insert_new("kv", {"key": "a", "value": "1"})
            second = tx.insert_new("kv", {"key": "a", "value": "2"})
            kept = tx.value("SELECT value FROM kv")
            tx.upsert("kv", key={"key": "a"}, values={"value": "3"})
            return first, second, kept, tx.value("SELECT value FROM kv")

        assert await store.write(work) == (True, False, "1", "3")


async def test_a_new_row_tells_its_number_and_one_that_was_there_none(database, clock):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        def work(tx):
            row = {"guild_id": 1, "league": 2, "day": 3}
            numbers = [tx.insert_numbered("bet_boards", row | {"day": day}) for day in (3, 4, 3)]
            return numbers, [number for (number,) in tx.all("SELECT id FROM bet_boards ORDER BY day")]

        (first, second, none), kept = await store.write(work)
        assert (none, [first, second]) == (None, kept)


async def test_execute_and_executemany_count_the_rows_they_changed(database, clock):
    async with open_store(database, clock) as store:
        rows = [("a", "1"), ("b", "2"), ("c", "3")]
        assert await store.write(lambda tx: tx.executemany("INSERT INTO kv VALUES (?, ?)", rows)) == 3
        assert await store.write(lambda tx: tx.execute("DELETE FROM kv WHERE value > ?", ("1",))) == 2


async def test_a_transaction_carries_the_clocks_time(database, clock):
    async with open_store(database, clock) as store:
        assert await store.write(lambda tx: tx.now) == clock.now()
        assert await store.read(lambda tx: tx.now_ms) == int(clock.now().timestamp() * 1000)


async def test_a_transaction_kept_after_its_work_is_refused(database, clock):
    async with open_store(database, clock) as store:
        kept = await store.write(lambda tx: tx)
        with pytest.raises(RuntimeError, match="is over"):
            kept.execute("DELETE FROM kv")


async def test_listeners_wake_after_a_commit_and_not_after_a_rollback(database, clock):
    async with open_store(database, clock) as store:

        def fails(tx):
            tx.notify("news")
            raise LookupError

        with store.listening("news") as woken:
            with pytest.raises(LookupError):
                await store.write(fails)
            assert not woken.is_set()
            await store.write(lambda tx: tx.notify("news"))
            assert woken.is_set()
