"""Putting a backup in the place of a file that was left in the middle of a write."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from steward.errors import NotReady
from steward.store import open_store
from steward.store.migrate import load_schema
from steward.store.sqlite.connections import check, open_reader
from steward.store.sqlite.copying import copy_database
from steward.store.sqlite.restoring import restore

ROWS = 2000


async def filled(path, clock, text):
    async with open_store(path, clock) as store:
        rows = [(f"row {number}", text * 50) for number in range(ROWS)]
        await store.write(lambda tx: tx.executemany('INSERT INTO kv ("key", value) VALUES (?, ?)', rows))


async def test_a_copy_that_has_no_place_is_a_sentence(clock, tmp_path):
    await filled(tmp_path / "source.sqlite3", clock, "new")
    (tmp_path / "file").write_text("in the way")
    with closing(open_reader(tmp_path / "source.sqlite3")) as connection, pytest.raises(NotReady, match="be written"):
        copy_database(connection, tmp_path / "file" / "copy.sqlite3")


@pytest.mark.parametrize("journal", ["delete", "wal"])
async def test_what_a_killed_writer_left_beside_the_file_is_kept_with_it_and_does_not_touch_what_is_restored(
    clock, tmp_path, journal
):
    source, working, database = (tmp_path / f"{name}.sqlite3" for name in ("source", "working", "steward"))
    await filled(source, clock, "new")
    await filled(working, clock, "former")
    backup = tmp_path / "backup.sqlite3"
    with closing(open_reader(source)) as connection:
        copy_database(connection, backup)
    with closing(sqlite3.connect(working, isolation_level=None)) as writer:
        writer.execute(f"PRAGMA journal_mode = {journal}")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("PRAGMA cache_size = 10")  # so that the file is written before the commit
        writer.execute("BEGIN")
        writer.execute("UPDATE kv SET value = value || 'half'")
        if journal == "wal":
            writer.execute("COMMIT")
        for suffix in ("", "-journal", "-wal"):
            left = working.with_name(working.name + suffix)
            if left.exists():
                shutil.copyfile(left, database.with_name(database.name + suffix))
    kept = restore(backup, database, load_schema())
    with closing(open_reader(database)) as connection:
        assert check(connection, "integrity_check", limit=3) == []
        assert connection.execute("SELECT COUNT(*), MAX(value) FROM kv").fetchone()[:] == (ROWS, "new" * 50)
    with closing(open_reader(kept)) as connection:
        assert check(connection, "integrity_check", limit=3) == []
        value = "former" * 50 + ("half" if journal == "wal" else "")
        assert connection.execute("SELECT COUNT(*), MAX(value) FROM kv").fetchone()[:] == (ROWS, value)
