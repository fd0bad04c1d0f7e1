from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.errors import Broken, NeedsOperator
from steward.store.sqlite.faults import explain, explain_at_opening
from steward.store.unavailable import StoreUnavailable

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
        (sqlite3.SQLITE_CORRUPT, NeedsOperator, "is damaged"),
        (sqlite3.SQLITE_NOTADB, NeedsOperator, "is damaged"),
    ],
)
def test_a_fault_of_the_machine_has_a_sentence_with_the_file_and_a_remedy(code, kind, sentence):
    explained = explain(error(code), PATH)
    assert type(explained) is kind
    assert sentence in explained.sentence
    assert str(PATH) in explained.sentence
    assert explained.remedy


def test_wrong_sql_is_no_fault_of_the_machine():
    with closing(sqlite3.connect(":memory:")) as database, pytest.raises(sqlite3.OperationalError) as wrong:
        database.execute("SELECT nonsense")
    assert explain(wrong.value, PATH) is None


def test_at_opening_what_is_unwritable_needs_a_person_and_what_is_held_may_be_tried_later():
    assert type(explain_at_opening(error(sqlite3.SQLITE_CANTOPEN), PATH)) is NeedsOperator
    assert type(explain_at_opening(error(sqlite3.SQLITE_BUSY), PATH)) is StoreUnavailable
    assert type(explain_at_opening(error(sqlite3.SQLITE_MISUSE), PATH)) is Broken
