from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.store.jobs.schedule import DailyAt, monthly, previous, weekly

ZONES = sorted(available_timezones())
TEN_YEARS = range(3653)
FIRST_DAY = date(2020, 1, 1)
MOMENTS = st.integers(1420070400, 1893456000).map(lambda at: datetime.fromtimestamp(at, UTC))  # 2015 to 2030


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected", "why"),
    [
        ("Europe/Berlin", time(9), date(2026, 7, 1), "2026-07-01T09:00+02:00", "an ordinary day"),
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29), "2026-03-29T03:00+02:00", "a gap: the first valid instant"),
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25), "2026-10-25T02:30+02:00", "a fold: the first of two"),
        ("Europe/Berlin", time(2, 30, fold=1), date(2026, 10, 25), "2026-10-25T02:30+02:00", "whatever fold it brings"),
        ("Africa/Cairo", time(0), date(2026, 4, 24), "2026-04-24T01:00+03:00", "a gap at midnight"),
        ("America/Nuuk", time(23, 30), date(2025, 3, 29), "2025-03-30T00:00-01:00", "a gap up to the next date"),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), "2026-10-04T02:30+11:00", "a gap of half an hour"),
        ("Pacific/Apia", time(9), date(2011, 12, 31), "2011-12-31T09:00+14:00", "the day after a skipped date"),
    ],
)
def test_a_wall_clock_time_follows_the_zones_clock_changes(zone, at, day, expected, why):
    assert DailyAt(at, ZoneInfo(zone)).on(day) == instant(expected), why


def test_a_date_that_a_zone_skipped_has_no_occurrence():
    daily = DailyAt(time(9), ZoneInfo("Pacific/Apia"))
    assert daily.on(date(2011, 12, 30)) is None
    assert daily.after(instant("2011-12-29T12:00-10:00")).occurrence == "2011-12-31"


def test_the_next_occurrence_is_strictly_later():
    daily = DailyAt(time(9), ZoneInfo("UTC"))
    assert daily.after(instant("2026-01-01T08:59:59.999+00:00")).occurrence == "2026-01-01"
    assert daily.after(instant("2026-01-01T09:00+00:00")).occurrence == "2026-01-02"


def test_a_time_with_a_zone_or_parts_of_a_second_is_refused():
    for wrong in (time(9, tzinfo=UTC), time(9, 0, 0, 1)):
        with pytest.raises(ValueError, match="plain time of day"):
            DailyAt(wrong, ZoneInfo("UTC"))


def _assert_one_occurrence_each_date(zone_name, at, days):
    """Every local date of the span has one occurrence, in order, at the time or just after the gap that skips it."""
    zone = ZoneInfo(zone_name)
    daily = DailyAt(at, zone)
    start = FIRST_DAY + timedelta(days=days.start)
    due = daily.after(daily.on(start) - timedelta(microseconds=1))
    for n in days:
        day = FIRST_DAY + timedelta(days=n)
        assert due.occurrence == day.isoformat(), (zone_name, at)
        local = due.at.astimezone(zone)
        wall = datetime.combine(day, at)
        if local.replace(tzinfo=None) != wall:
            just_before = (due.at - timedelta(seconds=1)).astimezone(zone)
            assert just_before.replace(tzinfo=None) < wall < local.replace(tzinfo=None), (zone_name, at, day)
        else:
            assert local.fold == 0, (zone_name, at, day)
        due = daily.after(due.at)


@settings(max_examples=40)
@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda moment: moment.replace(microsecond=0)),
    start=st.integers(min_value=0, max_value=3652 - 370),
)
def test_any_zone_has_one_occurrence_for_each_local_date_of_any_year(zone, at, start):
    _assert_one_occurrence_each_date(zone, at, range(start, start + 370))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_every_zone_has_one_occurrence_for_each_local_date_of_ten_years(part):
    """Computed at each change of the zone's offset; between two changes every day is like the one before."""
    for zone_name in ZONES[part::8]:
        zone = ZoneInfo(zone_name)
        offsets = [datetime.combine(FIRST_DAY + timedelta(days=n), time(12), zone).utcoffset() for n in TEN_YEARS]
        changes = [n for n in TEN_YEARS[1:] if offsets[n] != offsets[n - 1]]
        for change in changes:
            for at in (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(23, 59, 59)):
                _assert_one_occurrence_each_date(zone_name, at, range(max(0, change - 2), change + 2))


@given(st.sampled_from(ZONES), st.integers(0, 6), MOMENTS)
def test_a_weekly_schedule_falls_on_its_weekday_once_a_week(name, weekday, moment):
    zone = ZoneInfo(name)
    schedule = weekly(DailyAt(time(9), zone), weekday)
    first = schedule.after(moment)
    second = schedule.after(first.at)
    days = [date.fromisoformat(due.occurrence) for due in (first, second)]
    assert [day.weekday() for day in days] == [weekday, weekday]
    assert days[1] - days[0] in (timedelta(days=7), timedelta(days=14))  # a zone may skip a date
    assert previous(schedule, days[1]) == first.at


@given(st.sampled_from(ZONES), MOMENTS)
def test_a_monthly_schedule_falls_on_the_first_of_each_month(name, moment):
    schedule = monthly(DailyAt(time(0), ZoneInfo(name)))
    first = schedule.after(moment)
    second = schedule.after(first.at)
    assert first.occurrence.endswith("-01")
    assert second.occurrence.endswith("-01")
    assert timedelta(days=27) < second.at - first.at < timedelta(days=63)
    assert previous(schedule, date.fromisoformat(second.occurrence)) == first.at
