"""The time axis: local hours, days, Mondays and months, also across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from steward.charts.plot import ticks
from tests.charts.drawings import begins, zones

BERLIN, BEIRUT = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Beirut")


def labels(begin: datetime, end: datetime, zone=BERLIN, most=8) -> list[str]:
    return [tick.label for tick in ticks(begin, end, zone, most)]


def test_a_day_has_its_hours():
    begin = datetime(2026, 3, 3, tzinfo=BERLIN)
    expected = ["3 Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]
    assert labels(begin, begin.replace(hour=23)) == expected


def test_an_hour_has_its_quarters():
    begin = datetime(2026, 3, 3, 11, 50, tzinfo=BERLIN)
    assert labels(begin, begin + timedelta(minutes=58)) == ["12:00", "12:15", "12:30", "12:45"]


def test_the_hour_that_clocks_skip_has_no_tick():
    """29 March 2026 in Berlin goes from 01:59 to 03:00."""
    begin = datetime(2026, 3, 29, tzinfo=BERLIN)
    assert labels(begin, begin.replace(hour=5)) == ["29 Mar", "01:00", "03:00", "04:00", "05:00"]


def test_the_hour_that_clocks_repeat_has_one_tick():
    """25 October 2026 in Berlin has 02:00 twice, so 03:00 stands two hours after it."""
    begin = datetime(2026, 10, 25, tzinfo=BERLIN)
    found = ticks(begin, begin.replace(hour=5), BERLIN, 8)
    assert [tick.label for tick in found] == ["25 Oct", "01:00", "02:00", "03:00", "04:00", "05:00"]
    assert found[3].at - found[2].at == timedelta(hours=2)


def test_days_begin_at_local_midnight_before_and_after_a_change():
    begin = datetime(2026, 3, 27, tzinfo=BERLIN)
    found = ticks(begin, datetime(2026, 4, 1, tzinfo=BERLIN), BERLIN, 8)
    assert [tick.label for tick in found] == ["27 Mar", "28 Mar", "29 Mar", "30 Mar", "31 Mar", "1 Apr"]
    assert {tick.at.astimezone(BERLIN).hour for tick in found} == {0}


def test_a_day_whose_midnight_is_skipped_begins_at_its_first_instant():
    """In Lebanon 29 March 2026 begins at 01:00."""
    found = ticks(datetime(2026, 3, 27, tzinfo=BEIRUT), datetime(2026, 3, 31, tzinfo=BEIRUT), BEIRUT, 8)
    day = next(tick for tick in found if tick.label == "29 Mar")
    assert day.at.astimezone(BEIRUT) == datetime(2026, 3, 29, 1, tzinfo=BEIRUT)


def test_a_month_has_its_mondays():
    begin = datetime(2026, 3, 1, tzinfo=BERLIN)
    assert labels(begin, begin.replace(day=31)) == ["2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]


def test_a_year_has_its_months_and_names_the_new_year():
    begin = datetime(2026, 3, 1, tzinfo=BERLIN)
    assert labels(begin, begin + timedelta(days=365)) == ["Mar", "May", "Jul", "Sep", "Nov", "2027", "Mar"]


@given(begin=begins, seconds=st.integers(1, 40 * 365 * 86400), zone=zones, most=st.integers(2, 9))
def test_ticks_ascend_within_the_span_and_are_not_too_many(begin, seconds, zone, most):
    end = begin + timedelta(seconds=seconds)
    found = ticks(begin, end, zone, most)
    assert len(found) <= most
    assert all(begin <= tick.at <= end and tick.at.tzinfo is UTC for tick in found)
    assert all(one.at < other.at for one, other in pairwise(found))
