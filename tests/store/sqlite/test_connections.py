from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.errors import NeedsOperator
from steward.store.sqlite import connections
from steward.store.sqlite.connections import open_reader, open_writer, problems

FULL = 2


def test_commits_are_synced_to_a_write_ahead_log(tmp_path):
    with closing(open_writer(tmp_path / "a.db")) as writer:
        assert writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert writer.execute("PRAGMA synchronous").fetchone()[0] == FULL
        assert writer.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_reader_cannot_write(tmp_path):
    with closing(open_writer(tmp_path / "a.db")) as writer, closing(open_reader(tmp_path / "a.db")) as reader:
        writer.execute("CREATE TABLE t (n)")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("INSERT INTO t VALUES (1)")


def test_a_file_system_without_a_write_ahead_log_is_refused():
    with pytest.raises(NeedsOperator, match="write-ahead log"):
        open_writer(":memory:")


@pytest.mark.parametrize("open_", [open_writer, open_reader])
def test_a_file_that_is_no_database_is_closed(tmp_path, open_):
    path = tmp_path / "a.db"
    path.write_text("I am a letter, not a database. " * 100)
    with pytest.raises(sqlite3.DatabaseError) as refused:
        open_(path)
    assert refused.value.__traceback__ is not None  # it would keep an unclosed connection alive
    assert path not in {descriptor.resolve() for descriptor in Path("/proc/self/fd").iterdir()}


def test_damage_is_found_in_files_small_enough_to_be_read_through(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    with closing(open_writer(path)) as writer:
        writer.execute("CREATE TABLE t (n)")
        writer.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
        assert problems(writer, path) == []
    contents = bytearray(path.read_bytes())
    contents[-20_000:-12_000] = b"\xff" * 8000
    path.write_bytes(contents)
    with closing(open_writer(path)) as writer:
        found = problems(writer, path)
        assert found
        assert not any("\n" in line or "***" in line for line in found)
        monkeypatch.setattr(connections, "_CHECKED_AT_OPENING_BYTES", 1000)
        assert problems(writer, path) == []
