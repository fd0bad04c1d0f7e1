"""Phrases in all languages of Discord: parsed, asked about or refused, never wrong."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from steward.text.times import BadTime, understand
from tests.text.phrase_table import BERLIN, GAP, NOT_TIMES, REFUSED, rows, said, table

DOCS = Path(__file__).resolve().parents[2] / "docs" / "times.md"
ROWS = list(rows())
# Since these were judged, a time may say how long it takes and how it repeats.
SINCE_READ = {"every friday at 8pm", "every other tuesday", "2pm-4pm friday"}


@pytest.mark.parametrize("section", dict.fromkeys(row.section for row in ROWS))
def test_f74_phrases_are_read_as_they_are_meant(section):
    wanted = {row.text: row.expected.replace(GAP, REFUSED) for row in ROWS if row.section == section}
    assert {text: said(text) for text in wanted} == wanted


def test_at_most_one_in_a_hundred_common_phrases_is_refused():
    usual = [row for row in ROWS if row.section != NOT_TIMES]
    assert sum(row.expected == GAP for row in usual) <= len(usual) / 100
    assert len(ROWS) >= 300


def test_the_table_in_the_docs_is_up_to_date():
    assert table() in DOCS.read_text()


def test_f74_the_times_of_public_issues_are_read_or_asked_about_and_none_is_wrong(shared_data):
    table = shared_data.parent / "cases" / "times.tsv"
    if not table.is_file():
        pytest.skip(f"no table of times here: {table} does not exist")
    lines = [line.split("\t") for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    judged = [(text, _judge(text, zone, expected)) for text, zone, expected, *_ in lines[1:]]
    assert [text for text, verdict in judged if verdict == "wrong"] == []
    counts = Counter(verdict for _, verdict in judged)
    assert counts["refused"] <= len(judged) / 10
    assert f"{counts['right']} are read as expected, {counts['asked']} asked about" in DOCS.read_text()


def _judge(text: str, zone: str, expected: str) -> str:
    """Judge a phrase by what others found right: alternatives; ASK with a reading among those that are asked about."""
    wanted = [one.removeprefix("ASK ") for one in expected.split("|") if one not in (REFUSED[:-1], "ASK")]
    try:
        moment = understand(text.replace("(NNBSP)", "\u202f"), _now(wanted), ZoneInfo(zone))
    except BadTime:
        return "right" if "REFUSE" in expected else "refused"
    if text in SINCE_READ:
        return "right" if moment.rule or moment.length else "wrong"
    got = [f"{one.wall:%Y-%m-%d %H:%M}" for one in (moment, *moment.alternatives)]
    if not set(got) & set(wanted):
        return "wrong"
    asks = all(one.startswith("ASK") for one in expected.split("|") if one != "REFUSE")
    if len(got) == 1 and asks:
        return "wrong"  # a guess in silence
    return "asked" if len(got) > 1 and not asks else "right"


def _now(wanted: list[str]) -> datetime:
    """Return the present of a row: 25 November 2026 at noon, or shortly before a time of another month."""
    first = next((datetime.fromisoformat(one) for one in wanted), None)
    present = {
        (2026, 7): datetime(2026, 7, 1, 12, tzinfo=BERLIN),
        (2026, 6): datetime(2026, 5, 31, 12, tzinfo=BERLIN),
        (2024, 11): datetime(2024, 10, 30, 12, tzinfo=BERLIN),
        (2019, 6): datetime(2019, 6, 1, 20, tzinfo=BERLIN),
    }
    usual = datetime(2026, 11, 25, 12, tzinfo=BERLIN)
    return usual if first is None else present.get((first.year, first.month), usual)
