from __future__ import annotations

from enum import IntEnum, StrEnum

import pytest

from steward.store import open_store


class Level(IntEnum):
    DAY = 2


class Kind(StrEnum):
    JOIN = "join"


NASTY = "it's 100 % \\ \" ? %s $1 :x; -- \n\r\t \x1a ☃ 🐧"


TABLES = (
    "CREATE TABLE v (number BIGINT, text TEXT, real_number DOUBLE PRECISION);\n"
    "CREATE TABLE tide (day BIGINT PRIMARY KEY, waves BIGINT, high BIGINT);\n"
)


@pytest.fixture
def bot(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "V1__tables.sql").write_text(TABLES)
    return [("bot", folder)]


async def test_values_are_stored_unchanged(new_database, clock, bot):
    rows = [
        (2**63 - 1, NASTY, 1.5),
        (-(2**63), "", -0.1),
        (True, Kind.JOIN, 3.0),
        (Level.DAY, "%s ?", 1e300),
        (None, None, None),
    ]
    async with open_store(new_database, clock, migrations=bot) as store:

        def work(tx):
            for row in rows:
                tx.execute("INSERT INTO v VALUES (?, ?, ?)", row)
            tx.executemany("INSERT INTO v VALUES (?, ?, ?)", rows)
            return [tuple(row) for row in tx.all("SELECT * FROM v")]

        kept = [rows[0], rows[1], (1, "join", 3.0), (2, "%s ?", 1e300), (None, None, None)]
        assert await store.write(work) == kept * 2


async def test_text_is_compared_byte_by_byte(database, clock):
    """As in SQLite, whatever the server's locale: keys that differ in case are two."""
    async with open_store(database, clock) as store:

        def work(tx):
            for key in ("b", "B", "a", "A", "é", "e", "_"):
                tx.insert_new("kv", {"key": key, "value": ""})
            return [row[0] for row in tx.all('SELECT "key" FROM kv ORDER BY "key"')]

        assert await store.write(work) == ["A", "B", "_", "a", "b", "e", "é"]


async def test_bytes_and_long_texts_are_stored_unchanged(database, clock):
    content, text = bytes(range(256)) * 1000, "🐧" * 100_000
    async with open_store(database, clock) as store:

        def work(tx):
            row = {"message_key": "k", "position": 0, "name": "n", "content": content}
            tx.insert_new("outbox_files", row)
            tx.insert_new("kv", {"key": "long", "value": text})
            return bytes(tx.value("SELECT content FROM outbox_files")), tx.value("SELECT value FROM kv")

        assert await store.write(work) == (content, text)


async def test_sums_of_whole_numbers_are_whole_numbers(database, clock):
    async with open_store(database, clock) as store:
        await store.write(lambda tx: tx.executemany("INSERT INTO identifies (at) VALUES (?)", [(2**40,), (2**41,)]))
        row = await store.read(
            lambda tx: tx.one("SELECT SUM(at), MAX(at) - 3600000 FROM identifies WHERE at > ?", (5,))
        )
    assert tuple(row) == (2**40 + 2**41, 2**41 - 3600000)
    assert [type(value) for value in row] == [int, int]


async def test_an_update_counts_matched_rows_even_if_nothing_changed(database, clock):
    async with open_store(database, clock) as store:
        await store.write(lambda tx: tx.insert_new("kv", {"key": "a", "value": "1"}))
        assert await store.write(lambda tx: tx.execute("UPDATE kv SET value = ? WHERE value = ?", ("1", "1"))) == 1
        assert await store.write(lambda tx: tx.insert_new("kv", {"key": "a", "value": "1"})) is False


async def test_counters_are_added_to_and_peaks_kept(new_database, clock, bot):
    async with open_store(new_database, clock, migrations=bot) as store:
        sql = store.dialect.upsert("kv", key=("key",), replace=("value",))
        once = store.dialect.upsert("kv", key=("key",))
        tide = store.dialect.upsert("tide", key=("day",), add=("waves",), peak=("high",))

        def work(tx):
            tx.execute(sql, ("a", "1"))
            tx.execute(sql, ("a", "2"))
            seen = []
            for waves, high in ((1, None), (1, 4), (1, 3), (1, None), (1, 5)):
                tx.execute(tide, (1, waves, high))
                seen.append(tx.value("SELECT high FROM tide"))
            return tx.value("SELECT value FROM kv"), seen, tx.value("SELECT waves FROM tide")

        assert "?" in once
        assert await store.write(work) == ("2", [None, 4, 4, 4, 5], 5)
