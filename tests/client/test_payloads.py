"""Payloads are read within their ranges, in one place (F61)."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import steward
from steward.client import payloads
from steward.client.payloads import AHEAD, EPOCH, LARGEST_ID, LAST, Unreadable

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE = Path(steward.__file__).parent
ODD: list[object] = [None, True, 1.5, "", "x", "1.0", " 1", "1_0", "٣", "-1", "9" * 5000, [], {}, "a\x00b"]


@pytest.mark.parametrize(("told", "read"), [("1", 1), (1, 1), (str(LARGEST_ID), LARGEST_ID), ("007", 7)])
def test_f61_an_id_is_a_number_from_1_to_2_to_the_63(told, read):
    assert payloads.snowflake(told) == read


@pytest.mark.parametrize("told", [*ODD, 0, -1, LARGEST_ID + 1, str(LARGEST_ID + 1), str(2**64), 10**30])
def test_f61_what_is_no_id_is_not_read_as_one(told):
    with pytest.raises(Unreadable):
        payloads.snowflake(told)


def test_f61_an_instant_lies_between_discords_epoch_and_that_of_the_largest_id():
    assert payloads.instant(EPOCH.isoformat()) == EPOCH
    largest = EPOCH + timedelta(milliseconds=payloads.created_ms(LARGEST_ID) - payloads.EPOCH_MS)
    assert LAST - largest == timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "told", [*ODD, "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2014-12-31T23:59:59+00:00", "2026-03-01"]
)
def test_f61_what_is_no_instant_is_not_read_as_one(told):
    with pytest.raises(ValueError):
        payloads.instant(told)


@pytest.mark.parametrize("told", [None, (NOW + AHEAD + timedelta(days=9000)).isoformat()])
def test_f61_a_join_without_a_moment_of_the_past_is_of_the_moment_at_which_it_was_heard(told):
    """Guests who were invited to voice have none."""
    assert payloads.joined_at({"joined_at": told}, NOW) == NOW


def test_a_join_has_its_own_moment_where_the_machines_clock_is_some_hours_behind():
    at = NOW + timedelta(hours=12)
    assert payloads.joined_at({"joined_at": at.isoformat()}, NOW) == at


@pytest.mark.parametrize("told", [*ODD, -1, 2**31, 10**30])
def test_f61_what_is_no_number_of_things_is_not_read_as_one(told):
    with pytest.raises(Unreadable):
        payloads.count(told)


def test_f61_a_text_has_no_zero_bytes_no_lone_surrogates_and_an_end():
    assert payloads.text("a\x00b\ud800c\udfff💩") == "abc💩"
    assert len(payloads.text("x" * 5000)) == payloads.LONGEST
    for odd in (None, 1, [], {}):
        with pytest.raises(Unreadable):
            payloads.text(odd)


def test_f61_a_list_of_objects_is_nothing_else():
    assert payloads.records([{}]) == [{}]
    for odd in (None, {}, "ab", [1], [None]):
        with pytest.raises(Unreadable):
            payloads.records(odd)


def test_f61_nobody_who_hears_of_events_reads_a_number_or_a_time_past_these_ranges():
    """In every module that listens to the gateway: no `int(...)` and no `fromisoformat(...)` of its own."""
    found = []
    for path in SOURCE.rglob("*.py"):
        text = path.read_text()
        if "on_gateway(" not in text or path.name == "lean.py":
            continue
        found += [
            f"{path.relative_to(SOURCE)}:{node.lineno}: {ast.unparse(node)}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and reads_past(node)
        ]
    assert not found


def reads_past(call):
    name, given = ast.unparse(call.func), "".join(map(ast.unparse, call.args))
    return name == "datetime.fromisoformat" or (name == "int" and ("[" in given or ".get(" in given))
