from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.statsbot.file import LISTS, PROBLEMS_SHOWN, StatsBotFile, StatsBotFileError

GUILD = 613425648685547541
NOW = datetime(2026, 1, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
USER = 1109436285405368373


def passage(text: str, zone: ZoneInfo = BERLIN) -> StatsBotFile:
    return StatsBotFile(io.StringIO(text), guild_id=GUILD, zone=zone, now=NOW)


def entry(**changed: object) -> dict[str, object]:
    return {"id": USER, "username": "nora", "timestamp": "2025-07-15T21:54:14.758212-04:00"} | changed


def one(zone: ZoneInfo = BERLIN, **changed: object) -> tuple[MemberEvent, StatsBotFile]:
    file = passage(json.dumps({"2025-07-15": {"joins": [entry(**changed)]}}), zone)
    (event,) = file
    return event, file


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(StatsBotFileError) as refused:
        list(passage(text))
    return [(problem.line, problem.place) for problem in refused.value.problems]


# st.datetimes takes its bounds without a zone.
TIMES = st.datetimes(datetime(2016, 1, 1), datetime(2025, 12, 31), timezones=st.sampled_from([None, UTC, BERLIN]))  # noqa: DTZ001
ENTRIES = st.fixed_dictionaries(
    {
        "id": st.integers(10**16, 2**63 - 1).flatmap(lambda number: st.sampled_from([number, str(number)])),
        "timestamp": TIMES.map(datetime.isoformat),
    },
    optional={"username": st.none() | st.text(st.characters(exclude_categories=["Cs"])), "avatar": st.just({"x": [1]})},
)
DAYS = st.dates(date(2016, 1, 1), date(2025, 12, 31)).map(str)
FILES = st.dictionaries(DAYS, st.dictionaries(st.sampled_from([*LISTS]), st.lists(ENTRIES, max_size=4)), max_size=4)


@given(content=FILES, indent=st.sampled_from([None, 0, 4]))
def test_each_entry_of_a_file_is_an_event(content, indent):
    """However it is laid out; in its order, with its member, its kind and, where it tells its zone, its instant."""
    told = [(LISTS[name], entry) for lists in content.values() for name, found in lists.items() for entry in found]
    file = passage(json.dumps(content, indent=indent, ensure_ascii=bool(indent)))
    events = list(file)
    assert [(event.kind, event.user_id) for event in events] == [(kind, int(entry["id"])) for kind, entry in told]
    for event, (_, entry) in zip(events, told, strict=True):
        written = datetime.fromisoformat(entry["timestamp"])
        assert event.at == (written if written.tzinfo else written.replace(tzinfo=BERLIN)).astimezone(UTC)
        assert len(event.origin) <= 96
    assert file.reading.days == len(content)


WRONG: dict[str, list[object]] = {
    "id": [None, True, 1.1e18, "nora", 12, -USER, 2**63, [], "1109436285405368373 "],
    "username": [5, ["nora"], "\ud83d"],
    "timestamp": [None, False, "", "yesterday", "2025-07-15", "2014-12-31T00:00:00Z", "2027-01-01T00:00:00", 1e30, 0],
}


def lines_of(content: Any) -> Iterator[tuple[int, str]]:
    return enumerate(json.dumps(content, indent=1).splitlines(), 1)


@given(data=st.data(), content=FILES)
def test_a_wrong_value_is_told_with_its_line_and_place(data, content):
    content["2025-07-15"] = {"joins": [entry(), entry()], "bans": [entry()]}
    name, index = data.draw(st.sampled_from([("joins", 0), ("joins", 1), ("bans", 0)]))
    member = data.draw(st.sampled_from([*WRONG]))
    found = content["2025-07-15"][name][index]
    found[member] = "MARK"
    ((line, _),) = [(number, text) for number, text in lines_of(content) if f'"{member}": "MARK"' in text]
    found[member] = data.draw(st.sampled_from(WRONG[member]))
    assert problems(json.dumps(content, indent=1)) == [(line, f"2025-07-15 {name}[{index}].{member}")]


@given(data=st.data())
def test_a_missing_character_is_told_near_its_line(data):
    """What is missing shows on the line where it was, or at the next thing that follows."""
    text = json.dumps({"2025-07-15": {"joins": [entry(), entry()], "leaves": [entry()], "bans": []}}, indent=1)
    structure = [at for at, char in enumerate(text) if char in '{}[],:"']
    at = data.draw(st.sampled_from([at for at in structure if not _inside_text(text, at)]))
    rest = text[:at] + text[at + 1 :]
    line = min(text.count("\n", 0, at), rest.rstrip().count("\n")) + 1
    assert line <= problems(rest)[0][0] <= line + 1


def _inside_text(text: str, at: int) -> bool:
    return text[at] != '"' and text.count('"', 0, at) % 2 == 1


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_file_that_was_cut_off_is_told_at_its_end(cut):
    text = json.dumps({"2025-07-15": {"joins": [entry(), entry(), entry()], "leaves": [entry()]}}, indent=1)[:cut]
    (found,) = problems(text)
    assert found == (text.rstrip().count("\n") + 1, "the file")


def test_every_problem_is_told_at_once():
    text = """{
      "2025-07-15": {"join": [], "leaves": 5, "bans": [7,
         {"id": 1,
          "timestamp": "x"}]},
      "15.07.2025": {"joins": [{}]},
      "2025-07-16": [],
      "2025-07-17": {"joins": [{}]}
    }"""
    assert problems(text) == [
        (2, "2025-07-15 'join'"),
        (2, "2025-07-15 leaves"),
        (2, "2025-07-15 bans[0]"),
        (3, "2025-07-15 bans[1].id"),
        (4, "2025-07-15 bans[1].timestamp"),
        (5, "'15.07.2025'"),
        (6, "2025-07-16"),
        (7, "2025-07-17 joins[0].id"),
        (7, "2025-07-17 joins[0].timestamp"),
    ]


def test_of_very_many_problems_the_first_are_shown_and_the_rest_counted():
    with pytest.raises(StatsBotFileError) as refused:
        list(passage(json.dumps({"2025-07-15": {"joins": [7] * 5000}})))
    assert len(refused.value.problems) == PROBLEMS_SHOWN
    assert "5,000 places need" in str(refused.value)
    assert "... and 4,980 more" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{} {}", "PK\x03\x04", "\udcff\udcfe{", "{" * 9, '{"a":' + "[" * 100_000, '{"a": ' + "9" * 5000],
)
def test_what_is_no_such_file_is_a_sentence(text):
    assert problems(text)[-1] == (1, "the file")


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("2025-07-15T21:54:14.758212-04:00", "2025-07-16T01:54:14.758212+00:00"),
        ("2025-07-15T21:54:14Z", "2025-07-15T21:54:14+00:00"),
        ("2025-07-15 21:54:14", "2025-07-15T19:54:14+00:00"),
        ("2025-01-15T21:54:14.5", "2025-01-15T20:54:14.500000+00:00"),
        (1752616454, "2025-07-15T21:54:14+00:00"),
        (1752616454.5, "2025-07-15T21:54:14.500000+00:00"),
        (1752616454500, "2025-07-15T21:54:14.500000+00:00"),
    ],
)
def test_times_are_read_in_each_form_found(timestamp, at):
    event, _ = one(timestamp=timestamp)
    assert event.at.isoformat() == at


def test_the_hours_that_a_clock_change_doubles_or_leaves_out_are_counted():
    """Of the doubled hour the first is taken; what stands in the hour left out is moved behind it."""
    twice, file = one(timestamp="2025-10-26T02:30:00")
    assert (twice.at, file.reading.ambiguous) == (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), 1)
    never, file = one(timestamp="2025-03-30T02:30:00")
    assert (never.at, file.reading.nonexistent) == (datetime(2025, 3, 30, 1, 30, tzinfo=UTC), 1)
    assert file.reading.without_zone == 1


def test_the_same_entry_has_the_same_origin_whatever_zone_is_assumed():
    assert (
        one(BERLIN, timestamp="2025-07-15T10:00:00")[0].origin
        == one(ZoneInfo("UTC"), timestamp="2025-07-15T10:00:00")[0].origin
    )
    assert one(timestamp="2025-07-15T10:00:00-04:00")[0].origin == one(timestamp="2025-07-15T14:00:00Z")[0].origin


def test_a_time_on_another_date_than_its_day_is_taken_and_counted():
    event, file = one(timestamp="2025-07-16T00:00:00-04:00")
    assert (event.kind, file.reading.other_day) == (EventKind.JOIN, 1)


def test_a_member_without_a_name_is_called_by_the_id():
    assert one(username=None)[0].name == str(USER)


@pytest.mark.slow
def test_the_length_of_the_file_does_not_show_in_memory():
    """A reading of 5 MB takes less than 2 MB; one entry on a line, and all on one line."""
    moment = datetime(2025, 7, 15, 12, tzinfo=UTC)

    class Endless(io.TextIOBase):
        def __init__(self, gap: str) -> None:
            self.left, self.gap, self.begun = 2400, gap, False

        def read(self, size: int | None = -1, /) -> str:
            if not self.begun:
                self.begun = True
                return '{"2025-07-15": {"joins": [' + json.dumps(entry())
            self.left -= 1
            if self.left <= 0:
                return "]}}" if self.left == 0 else ""
            one = json.dumps(entry(timestamp=(moment + timedelta(seconds=self.left)).isoformat()))
            return f",{self.gap}{one}" * 20

    for gap in ("\n", ""):
        tracemalloc.start()
        file = StatsBotFile(Endless(gap), guild_id=GUILD, zone=BERLIN, now=NOW)
        assert sum(1 for _ in file) == 1 + 2399 * 20
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000
