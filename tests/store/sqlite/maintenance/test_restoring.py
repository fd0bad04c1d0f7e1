"""Restoring a backup over a file whose writer was killed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from steward.bots.installed import MIGRATIONS
from steward.errors import NeedsOperator, NotReady
from steward.store import open_store
from steward.store.dialect import SqliteDialect
from steward.store.migrate import VERSIONS_TABLE, load_schema
from steward.store.sqlite.connections import check, open_reader
from steward.store.sqlite.maintenance.backups import copy_database
from steward.store.sqlite.maintenance.restoring import restore
from steward.store.sqlite.maintenance.upgrade import apply

ROWS = 2000


async def filled(path, clock, text):
    async with open_store(path, clock) as store:
        rows = [(f"row {number}", text * 50) for number in range(ROWS)]
        await store.write(lambda tx: tx.executemany('INSERT INTO kv ("key", value) VALUES (?, ?)', rows))


async def test_a_copy_without_space_is_an_error_with_a_message(clock, tmp_path):
    await filled(tmp_path / "source.sqlite3", clock, "new")
    (tmp_path / "file").write_text("in the way")
    with closing(open_reader(tmp_path / "source.sqlite3")) as connection, pytest.raises(NotReady, match="be written"):
        copy_database(connection, tmp_path / "file" / "copy.sqlite3")


@pytest.mark.parametrize("journal", ["delete", "wal"])
async def test_the_log_of_a_killed_writer_is_kept_with_its_file_and_not_applied_to_the_restored_one(
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


def forge(*statements):
    def change(path):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                connection.execute(statement)

    return change


HOSTILE = {
    "lacks the table outbox": forge("DROP TABLE outbox"),
    "lacks the index sqlite_autoindex_kv_1": forge("DROP TABLE kv", 'CREATE TABLE kv ("key" TEXT, value TEXT)'),
    "its table kv differs": forge("ALTER TABLE kv ADD COLUMN more TEXT"),
    "it has the trigger t": forge("CREATE TRIGGER t AFTER INSERT ON identifies BEGIN DELETE FROM kv; END"),
    "it has the view v": forge("CREATE VIEW v AS SELECT 1"),
    "it has the table v": forge("CREATE VIRTUAL TABLE v USING fts5(x)"),
    "it has the table more": forge("CREATE TABLE more (a)"),
    "it has the index i": forge("CREATE INDEX i ON kv (upper(value))"),
    "a row of job_occurrences refers to a missing row": forge(
        "INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES ('x', 'y', 1, 'due')"
    ),
    "tables that this program does not know": forge("INSERT INTO schema_versions VALUES ('elsewhere', 1, 'x', 1)"),
    "its versions make no sense": forge("INSERT INTO schema_versions VALUES ('elsewhere', 'one', 'x', 1)"),
    "is damaged": forge("UPDATE sqlite_master SET sql = 'CREATE TABLE kv (' WHERE name = 'kv'"),
}


async def test_f77_a_file_with_a_foreign_schema_is_not_restored(clock, tmp_path):
    source, database, bad = (tmp_path / f"{name}.sqlite3" for name in ("source", "steward", "bad"))
    await filled(source, clock, "new")
    await filled(database, clock, "present")
    content = database.read_bytes()
    for words, change in HOSTILE.items():
        shutil.copyfile(source, bad)
        change(bad)
        with pytest.raises(NeedsOperator, match=words):
            restore(bad, database, load_schema())
        assert database.read_bytes() == content
    assert {file.name for file in tmp_path.glob("steward*")} == {"steward.sqlite3", "steward.sqlite3.lock"}


async def test_a_backup_with_statistics_or_without_a_non_unique_index_is_restored(clock, tmp_path):
    source, database = tmp_path / "source.sqlite3", tmp_path / "steward.sqlite3"
    await filled(source, clock, "new")
    forge("ANALYZE", "DROP INDEX outbox_waiting")(source)
    restore(source, database, load_schema())
    async with open_store(database, clock) as store:
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM kv")) == ROWS


async def test_f77_a_database_of_earlier_versions_is_restored(clock, tmp_path):
    """Backups of each earlier version are compared with the schema of that version."""
    schema = load_schema(MIGRATIONS)
    newest = {step.part: step.version for step in schema.migrations}
    for number, version in enumerate(range(1, max(newest.values()) + 1)):
        versions = {part: min(version, last) for part, last in newest.items()}
        made = tmp_path / f"{number}.sqlite3"
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute(VERSIONS_TABLE)
            for step in schema.up_to(versions).migrations:
                apply(connection, made, step, SqliteDialect(), 0)
        restore(made, tmp_path / "steward.sqlite3", schema)
