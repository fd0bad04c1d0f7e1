from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from steward.errors import NotReady
from steward.store.sqlite.maintenance.backups import copy_database


def test_a_copy_replaces_the_older_one_and_leaves_no_other_file(tmp_path):
    target = tmp_path / "backups" / "copy.db"
    with closing(sqlite3.connect(tmp_path / "a.db")) as source:
        source.executescript("CREATE TABLE t (n); INSERT INTO t VALUES (1)")
        copy_database(source, target)
        source.executescript("INSERT INTO t VALUES (2)")
        copy_database(source, target)
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT n FROM t").fetchall() == [(1,), (2,)]
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]


def test_a_copy_that_cannot_be_written_is_reported_and_the_older_one_stays(tmp_path):
    target = tmp_path / "copy.db"
    target.mkdir()
    (target / "older").touch()
    with closing(sqlite3.connect(tmp_path / "a.db")) as source, pytest.raises(NotReady, match="could not be written"):
        copy_database(source, target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db", "copy.db"]
    assert (target / "older").exists()
