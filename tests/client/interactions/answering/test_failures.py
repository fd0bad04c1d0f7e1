"""What members are told of a failure: never what is the operator's."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from steward.client.interactions.answering.failures import told_of
from steward.errors import NeedsOperator, StewardError
from steward.store.server import faults
from steward.store.sqlite.faults import damaged, explain
from steward.store.sqlite.file_lock import DatabaseInUse

PATH, LOCATION = Path("/var/lib/steward/steward.sqlite3"), "steward at db.example:5432"
CODES = [
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
]


def of_sqlite(code):
    error = sqlite3.OperationalError(f"cannot do it in {PATH}")
    error.sqlite_errorcode = code
    return explain(error, PATH)


def of_server(fault):
    return faults.explain(fault, OSError(f"no way to {LOCATION}"), LOCATION)


TROUBLES = [
    *map(of_sqlite, CODES),
    *filter(None, map(of_server, faults.ServerFault)),
    damaged(PATH, "page 7"),
    DatabaseInUse(f"Another Steward is using the database {PATH}."),
    faults.InDoubt(f"The database server of {LOCATION} was lost."),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: str(trouble)[:60])
def test_f72_no_trouble_of_the_database_tells_members_where_it_is(trouble):
    with capture_logs() as logged:
        said = told_of(SimpleNamespace(id=1), trouble).message["content"]
    assert "I" in said
    for secret in (str(PATH), LOCATION, "sqlite", "cannot do it"):
        assert secret not in said
    assert str(trouble) in {line["reason"] for line in logged}, "the operator has it in the log"


def test_other_sentences_are_told_as_they_are():
    error = NeedsOperator("You need Manage Server.", remedy="Ask somebody who has it.")
    assert (
        told_of(SimpleNamespace(id=1), error).message["content"] == "You need Manage Server. Ask somebody who has it."
    )
    assert StewardError("x").for_members == ""
