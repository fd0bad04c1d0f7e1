"""Parsing work is bounded, counted in Python function calls."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from steward.errors import StewardError
from steward.text.clock_times import time_of_day
from steward.text.durations import minutes_of
from steward.text.phrases.lexicon import lexicon
from steward.text.times import LONGEST
from tests.text.phrase_table import rows, said

MAX_CALLS = 6000
"""Texts that took 15 ms called some 20,000; with what it does in C, a call takes 0.4 µs or so."""

WORDS = sorted(lexicon().senses)
PHRASES = [row.text for row in rows()]
LOOK_ALIKES = [  # a Cyrillic a, full-width letters and figures, hidden signs, marks, other figures
    *("\u0430", "\uff46\uff52\uff49", "8\u200bpm", "fr\u0131", "f\u0301r\u0301i\u0301"),
    *("\uff12\uff10\uff1a\uff10\uff10", "\u0662\u0660", "\u2177", "x" * 40),
]
NUMBERS = ["1", "12", "20", "1/2", "½", "3/4", "2026", "20:00", "8-10", "12.12.", "1h30", "twenty one", "1796061600"]
SEPARATORS = [" ", ", ", "-", " - ", "/", ".", ":", ";", " and ", " to ", "(", ")", "+", "|", "<t:", "\u3000", "'"]
SHORT_WORDS = [word for word in WORDS if len(word) <= 3]
UNITS = st.one_of(*map(st.sampled_from, (WORDS, SHORT_WORDS, PHRASES, LOOK_ALIKES, NUMBERS)))


def repeated(row: list[tuple[str, str]]) -> str:
    """Return texts with what stands between them, again and again until the text is as long as may be."""
    once = "".join(unit + separator for unit, separator in row)
    return (once * LONGEST)[:LONGEST]


TEXTS = st.lists(st.tuples(UNITS, st.sampled_from(SEPARATORS)), min_size=1, max_size=12).map(repeated)


@pytest.fixture(scope="module", autouse=True)
def _tables():
    """Read the tables, which is done once in a process and not counted."""
    for text in PHRASES:
        said(text)


def calls(work: Callable[[], Any]) -> int:
    """Count the Python functions that some work calls."""
    count = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        del frame, argument
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@given(TEXTS)
@example(repeated([("a", " ")]))
@example(repeated([("a las 20 horas", "(")]))
@example(repeated([("a las nueve menos cuarto de la noche", "(")]))
@example(repeated([("2h30", " - ")]))
@example(repeated([("to", " ")]))
@example(repeated([("这周", " ")]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_work_for_any_text_is_bounded(text):
    assert calls(lambda: said(text)) <= MAX_CALLS


@given(TEXTS)
@example(repeated([("a", " ")]))
@example(repeated([("1h30", "+")]))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_work_for_durations_and_times_of_day_is_bounded(text):
    def read() -> None:
        for reader in (time_of_day, lambda text: minutes_of(text, "It")):
            with suppress(StewardError):
                reader(text[:50])

    assert calls(read) <= MAX_CALLS


@pytest.mark.parametrize("text", ["a " * 10, "twenty one " * 4, "2h30 - " * 6])
def test_work_grows_linearly_with_words(text):
    assert calls(lambda: said(text * 2)) <= 3 * calls(lambda: said(text))


def test_realistic_text_takes_a_fraction_of_the_work():
    counted = [calls(lambda text=text: said(text)) for text in PHRASES]
    assert sum(counted) / len(counted) <= MAX_CALLS / 4
    assert max(counted) <= MAX_CALLS / 2
