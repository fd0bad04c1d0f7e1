from __future__ import annotations

import pytest

from steward.errors import Broken, NeedsOperator
from steward.store.migrate import load_schema


def folder(tmp_path, *names):
    for name in names:
        (tmp_path / name).write_text("-- Reason: a test\nSELECT 1;\n")
    return tmp_path


def test_the_core_comes_first_then_each_bot_in_the_order_of_numbers(tmp_path):
    files = folder(
        tmp_path, "V2__b.sql", "V10__j.sql", "V1__a.sql", *(f"V{n}__x.sql" for n in range(3, 10)), "notes.txt"
    )
    steps = load_schema([("bot", files)]).migrations
    assert steps[0].part == "core"
    assert [step.version for step in steps if step.part == "bot"] == list(range(1, 11))


def test_only_migrations_not_yet_applied_are_pending(tmp_path):
    schema = load_schema([("bot", folder(tmp_path, "V1__a.sql", "V2__b.sql"))])
    assert [str(step) for step in schema.pending({"core": 10, "bot": 1})] == ["bot V2"]


def test_a_database_of_a_newer_program_is_refused_with_a_remedy(tmp_path):
    with pytest.raises(NeedsOperator, match=r"newer Steward: its core tables have version 99.*backup"):
        load_schema().pending({"core": 99})


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["V1__a.sql", "V3__c.sql"], "without a gap"),
        (["V1__a.sql", "V01__b.sql"], "have the number 1"),
        (["first.sql"], "must be named like"),
    ],
)
def test_faulty_file_names_are_a_bug_of_the_program(tmp_path, names, sentence):
    with pytest.raises(Broken, match=sentence):
        load_schema([("bot", folder(tmp_path, *names))])


def test_every_shipped_migration_says_its_reason():
    for step in load_schema().migrations:
        assert "-- Reason:" in step.sql, step.file
