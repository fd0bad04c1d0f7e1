from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from steward.errors import Broken, NeedsOperator, NotReady
from steward.runtime.clock import SystemClock
from steward.runtime.process.disk import unwritable
from steward.store.sqlite import faults
from steward.store.sqlite.faults import SqliteFaults, explain, explain_at_opening
from steward.store.unavailable import StoreNeedsOperator, StoreUnavailable
from tests.store.settable_clock import SettableClock

PATH = Path("/data/a.db")


def error(code):
    fault = sqlite3.OperationalError("as SQLite says")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (sqlite3.SQLITE_FULL, StoreUnavailable, "disk is full"),
        (sqlite3.SQLITE_BUSY, StoreUnavailable, "Another program is holding"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreUnavailable, "Another program is holding"),
        (sqlite3.SQLITE_IOERR_WRITE, StoreUnavailable, "cannot be read or written now"),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnavailable, "was deleted or moved away"),
        (sqlite3.SQLITE_CORRUPT, StoreNeedsOperator, "is damaged"),
        (sqlite3.SQLITE_NOTADB, StoreNeedsOperator, "is damaged"),
    ],
)
def test_a_fault_of_the_machine_has_a_sentence_with_the_file_and_a_remedy(code, kind, sentence):
    explained = explain(error(code), PATH)
    assert type(explained) is kind
    assert sentence in explained.sentence
    assert str(PATH) in explained.sentence
    assert explained.remedy


def test_wrong_sql_is_not_a_fault_of_the_machine():
    with closing(sqlite3.connect(":memory:")) as database, pytest.raises(sqlite3.OperationalError) as wrong:
        database.execute("SELECT nonsense")
    assert explain(wrong.value, PATH) is None


def test_at_opening_an_unwritable_database_needs_the_operator_and_a_held_one_can_be_retried():
    assert type(explain_at_opening(error(sqlite3.SQLITE_CANTOPEN), PATH)) is NeedsOperator
    assert type(explain_at_opening(error(sqlite3.SQLITE_BUSY), PATH)) is StoreUnavailable
    assert type(explain_at_opening(error(sqlite3.SQLITE_MISUSE), PATH)) is Broken


def test_f70_a_file_that_looks_damaged_and_passes_a_second_check_does_not_stop_the_bot(tmp_path):
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.commit()
    explained = explain(error(sqlite3.SQLITE_CORRUPT), path)
    assert type(explained) is StoreUnavailable
    assert "a second check found it intact" in explained.sentence
    path.write_bytes(path.read_bytes()[:4096] + bytes(4096))
    assert type(explain(error(sqlite3.SQLITE_CORRUPT), path)) is StoreNeedsOperator


@pytest.mark.parametrize(
    ("number", "exit_code", "said"),
    [(errno.EIO, 75, "error"), (errno.ENOSPC, 75, "disk is full"), (errno.EACCES, 78, "denied")],
)
def test_f70_an_io_error_at_the_start_and_a_full_disk_can_be_retried(tmp_path, monkeypatch, number, exit_code, said):
    fault = OSError(number, os.strerror(number))
    monkeypatch.setattr(faults, "write_fault", lambda _: fault)
    for explained in (
        explain_at_opening(error(sqlite3.SQLITE_CANTOPEN), tmp_path / "a.db"),
        unwritable("The log file cannot be written", tmp_path, fault, remedy="Choose another."),
    ):
        assert explained.exit_code == exit_code
        assert said in explained.sentence
        assert isinstance(explained, NotReady if exit_code == 75 else NeedsOperator)


def test_f70_damage_is_verified_at_most_once_a_minute(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(faults, "_check_again", lambda path, error: looked.append(path) or ["a page is wrong"])
    clock = SettableClock(SystemClock())
    of_this = SqliteFaults(tmp_path / "a.db", clock)
    for seconds in (0, 30, 29, 2):
        clock.stall(timedelta(seconds=seconds))
        assert "a page is wrong" in str(of_this.explain(error(sqlite3.SQLITE_CORRUPT)))
    assert len(looked) == 2
    assert "disk is full" in str(of_this.explain(error(sqlite3.SQLITE_FULL)))
    assert len(looked) == 2
