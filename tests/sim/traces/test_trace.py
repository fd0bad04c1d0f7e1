"""Reading of traces."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from steward.sim.traces.trace import BadTrace, Trace, TraceLine

GOOD = b"""
{"t":"23:59","kind":"join","user":"alice"}
{"t":"23:59","kind":"message","user":"alice","text":"hi"}

{"t":"00:01","kind":"rename","user":"alice","to":"al"}
"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_trace_is_read_plain_or_gzipped_and_continues_after_midnight(tmp_path: Path, pack):
    path = tmp_path / "day.jsonl"
    path.write_bytes(pack(GOOD))
    assert Trace.load(path).lines == (
        TraceLine(1439, "join", "alice"),
        TraceLine(1439, "message", "alice", "hi"),
        TraceLine(1441, "rename", "alice", "al"),
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (b"{", "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b'{"t":"9:05","kind":"join","user":"a"}', '"t" must be a time such as "09:05"'),
        (b'{"t":"24:00","kind":"join","user":"a"}', '"t" must be a time'),
        (b'{"t":"09:05","kind":"fly","user":"a"}', '"kind" must be one of join, leave'),
        (b'{"t":"09:05","kind":"join","user":""}', '"user" must be a name'),
        (b'{"t":"09:05","kind":"message","user":"a"}', 'a message needs "text"'),
        (b'{"t":"09:05","kind":"rename","user":"a","to":5}', 'a rename needs "to"'),
    ],
)
def test_an_invalid_line_is_reported_with_its_number(tmp_path: Path, row: bytes, why: str):
    path = tmp_path / "day.jsonl"
    path.write_bytes(b'{"t":"09:00","kind":"join","user":"a"}\n' + row)
    with pytest.raises(BadTrace) as caught:
        Trace.load(path)
    assert f"{path}, line 2: {why}" in str(caught.value)
    assert "Correct or remove the line." in str(caught.value)


def test_a_missing_or_broken_file_is_reported(tmp_path: Path):
    with pytest.raises(BadTrace, match=r"nowhere.jsonl cannot be read"):
        Trace.load(tmp_path / "nowhere.jsonl")
    (tmp_path / "broken.gz").write_bytes(gzip.compress(GOOD)[:30])
    with pytest.raises(BadTrace, match=r"broken.gz cannot be read"):
        Trace.load(tmp_path / "broken.gz")


def test_small_steps_back_count_as_the_same_minute():
    rows = [b'{"t":"10:05","kind":"join","user":"a"}', b'{"t":"10:04","kind":"join","user":"b"}']
    assert [line.minute for line in Trace.read(rows).lines] == [605, 605]


def test_twelve_hour_clocks_continue_after_noon():
    times = ("11:59", "12:30", "01:00", "01:01", "11:59", "00:05")
    rows = [b'{"t":"%s","kind":"join","user":"a"}' % time.encode() for time in times]
    assert [line.minute for line in Trace.read(rows).lines] == [719, 750, 780, 781, 1439, 1445]


def test_real_days_of_a_community_are_read(shared_data: Path):
    days = sorted((shared_data / "community").glob("*.jsonl.gz"))
    assert days
    for day in days:
        trace = Trace.load(day)
        assert trace.kinds["message"] > 100
        assert trace.lines[-1].minute - trace.lines[0].minute <= 24 * 60
