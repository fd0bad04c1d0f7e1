from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.settings import time_kinds
from steward.settings.problems import BadValue


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("300", 300), ("1.5", 1.5), ("5m", 300), ("1h30m", 5400), ("1h 30min", 5400), ("2D", 172800), ("500ms", 0.5)],
)
def test_durations_are_parsed_in_seconds(text, seconds):
    assert time_kinds.duration(0, 1e6).read(text) == seconds


def test_a_bare_number_has_the_unit_of_its_name():
    assert time_kinds.duration(0, 1e6, unit=60).read("15") == 900
    assert time_kinds.duration(0, 1e6, unit=60).read("15s") == 15


@pytest.mark.parametrize("text", ["five", "5 parsecs", "m5", "", "-5", "5m!"])
def test_other_text_is_no_duration(text):
    with pytest.raises(BadValue, match="not a duration"):
        time_kinds.duration(0, 1e6).read(text)


@pytest.mark.parametrize(("text", "why"), [("9", "shorter than 10s"), ("2d", "longer than 1d")])
def test_durations_out_of_range_are_refused_with_the_bound(text, why):
    with pytest.raises(BadValue, match=why):
        time_kinds.duration(10, 86400).read(text)


@given(st.integers(1, 10_000_000))
def test_the_notation_is_parsed_to_the_same_duration(seconds):
    assert time_kinds.duration(0, 1e9).read(time_kinds.notation(seconds)) == seconds


@pytest.mark.parametrize(("text", "at"), [("00:00", time(0, 0)), ("9:05", time(9, 5)), ("23:59:00", time(23, 59))])
def test_times_of_day_are_read(text, at):
    assert time_kinds.clock_time().read(text) == at


@pytest.mark.parametrize(("text", "fix"), [("24:00", "00:00 for midnight"), ("25:00", "23:59"), ("9am", "09:00")])
def test_invalid_times_are_refused_with_the_right_form(text, fix):
    with pytest.raises(BadValue, match=fix):
        time_kinds.clock_time().read(text)


def test_a_zone_is_read():
    assert time_kinds.zone().read("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("UTC+2", "offset doesn't follow summer time"),
        ("America", "Write "),
        ("../../etc/passwd", "Europe/Berlin"),
        ("qqqqqqqqqq", "Europe/Berlin"),
        ("x" * 5000, "Europe/Berlin"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest(text, fix):
    with pytest.raises(BadValue) as caught:
        time_kinds.zone().read(text)
    assert fix in caught.value.fix


@given(st.text(min_size=1, max_size=40))
def test_no_text_crashes_a_kind(text):
    for kind in (time_kinds.duration(1, 9), time_kinds.clock_time()):
        try:
            kind.read(text)
        except BadValue as bad:
            assert bad.why
            assert bad.fix
