"""Parsing of a time of day."""

from datetime import time

import pytest

from steward.text.bad_time import BadTime
from steward.text.clock_times import time_of_day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("20:00", time(20)), ("08:05", time(8, 5)), ("8pm", time(20)), ("8:30 p.m.", time(20, 30)),
        ("20 Uhr", time(20)), ("20h30", time(20, 30)), ("noon", time(12)), ("midnight", time(0)), ("à 20h", time(20)),
        ("a las 21:00", time(21)), ("20.15 Uhr", time(20, 15)), ("20時", time(20)), ("00:00", time(0)),
    ],
)  # fmt: skip
def test_common_notations_are_parsed(text, at):
    assert time_of_day(text) == at


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("25:00", "I couldn't read “25:00” as a time of day."),
        ("friday 8pm", "I couldn't read “friday 8pm” as a time of day."),
        ("in 2 hours", "I couldn't read “in 2 hours” as a time of day."),
        ("8pm-10pm", "I couldn't read “8pm-10pm” as a time of day."),
        ("", "I couldn't read “” as a time of day."),
        ("at 8", "“at 8” may be 20:00 or 08:00."),
    ],
)
def test_invalid_and_ambiguous_times_are_refused(text, sentence):
    with pytest.raises(BadTime) as refused:
        time_of_day(text)
    assert refused.value.sentence == sentence
