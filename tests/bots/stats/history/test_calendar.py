"""Hours, days, weeks and months on a guild's own clock, over every kind of zone."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.history.calendar import DAY_MS, HOUR_MS, Calendars, Level, LocalCalendar
from steward.store import from_millis, to_millis

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",  # until 2011 the clock changed at one minute past midnight
    "America/Havana",
    "America/Sao_Paulo",  # had midnights that did not exist
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Apia",  # skipped 2011-12-30
    "Pacific/Chatham",
    "Africa/Monrovia",  # until 1972 44.5 minutes behind
    "Africa/Casablanca",
)
KEPT = (Level.HOUR, Level.DAY, Level.WEEK, Level.MONTH)

zones = st.sampled_from(ZONES).map(lambda name: LocalCalendar(ZoneInfo(name)))
instants = st.integers(to_millis(datetime(1970, 1, 10, tzinfo=UTC)), to_millis(datetime(2037, 12, 1, tzinfo=UTC)))


def changes(zone: ZoneInfo, begin: datetime, days: int) -> list[int]:
    """Return hours around which the zone's offset changes: where arithmetic goes wrong if it does."""

    def changes_within(at: datetime, span: timedelta) -> bool:
        return at.astimezone(zone).utcoffset() != (at + span).astimezone(zone).utcoffset()

    starts = (begin + timedelta(days=day) for day in range(days))
    changing = [start for start in starts if changes_within(start, timedelta(days=1))]  # few: the hours of all take 1 s
    hours = [start + timedelta(hours=hour) for start in changing for hour in range(24)]
    return [to_millis(hour) for hour in hours if changes_within(hour, timedelta(hours=1))]


CHANGES = [
    (LocalCalendar(ZoneInfo(name)), at)
    for name in ZONES
    for at in changes(ZoneInfo(name), datetime(2010, 1, 1, tzinfo=UTC), 3 * 366)
]
near_a_change = st.tuples(st.sampled_from(CHANGES), st.integers(-2 * DAY_MS, 2 * DAY_MS)).map(
    lambda chosen: (chosen[0][0], chosen[0][1] + chosen[1])
)
anywhere = st.one_of(near_a_change, st.tuples(zones, instants))


@given(anywhere, st.sampled_from(KEPT))
def test_an_instant_lies_in_its_bucket_and_the_next_bucket_begins_where_it_ends(where, level):
    calendar, at = where
    bucket = calendar.bucket(level, at)
    assert bucket.begin <= at < bucket.end
    for other in (bucket.begin, bucket.end - 1):
        assert LocalCalendar(calendar.zone).bucket(level, other) == bucket
    assert LocalCalendar(calendar.zone).bucket(level, bucket.end).begin == bucket.end


@given(anywhere)
def test_a_day_is_made_of_whole_hours(where):
    calendar, at = where
    day = calendar.bucket(Level.DAY, at)
    hours = list(calendar.buckets(Level.HOUR, *day))
    assert hours[0].begin == day.begin
    assert hours[-1].end == day.end
    assert all(one.end == other.begin for one, other in pairwise(hours))
    assert hours == [LocalCalendar(calendar.zone).bucket(Level.HOUR, hour.begin) for hour in hours]


@given(anywhere, st.sampled_from((Level.WEEK, Level.MONTH)))
def test_weeks_and_months_are_made_of_whole_days(where, level):
    calendar, at = where
    whole = calendar.bucket(level, at)
    days = list(calendar.buckets(Level.DAY, *whole))
    assert (days[0].begin, days[-1].end) == whole


@given(anywhere, st.sampled_from(KEPT), st.integers(0, 9 * DAY_MS))
def test_the_buckets_of_a_span_are_those_of_its_instants(where, level, length):
    calendar, at = where
    found = list(calendar.buckets(level, at, at + length))
    assert bool(found) == bool(length)
    if found:
        assert found[0] == calendar.bucket(level, at)
        assert found[-1] == calendar.bucket(level, at + length - 1)
        begins = [bucket.begin for bucket in found]
        for share in range(8):
            inside = at + length * share // 8
            assert found[bisect_right(begins, inside) - 1] == calendar.bucket(level, inside)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_a_day_has_the_hours_that_its_clock_shows(zone, day, hours):
    calendar = LocalCalendar(ZoneInfo(zone))
    noon = to_millis(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)))
    bucket = calendar.bucket(Level.DAY, noon)
    assert bucket.end - bucket.begin == hours * HOUR_MS
    assert len(list(calendar.buckets(Level.HOUR, *bucket))) == hours
    assert from_millis(bucket.begin).astimezone(calendar.zone).date() == day


def test_hours_of_a_half_hour_zone_begin_on_its_own_full_hours():
    calendar = LocalCalendar(ZoneInfo("Asia/Kolkata"))
    bucket = calendar.bucket(Level.HOUR, to_millis(datetime(2026, 5, 1, 12, 10, tzinfo=UTC)))
    assert from_millis(bucket.begin) == datetime(2026, 5, 1, 11, 30, tzinfo=UTC)


def test_a_date_that_the_zone_skipped_is_not_listed():
    calendar = LocalCalendar(ZoneInfo("Pacific/Apia"))
    begin = to_millis(datetime(2011, 12, 28, tzinfo=calendar.zone))
    end = to_millis(datetime(2012, 1, 2, tzinfo=calendar.zone))
    dates = [calendar.local_date(bucket.begin).day for bucket in calendar.buckets(Level.DAY, begin, end)]
    assert dates == [28, 29, 31, 1]


def test_guilds_of_one_zone_share_a_calendar_and_a_changed_zone_takes_effect():
    zones_of = {1: ZoneInfo("UTC"), 2: ZoneInfo("UTC")}
    calendars = Calendars(lambda guild_id: zones_of[guild_id])
    assert calendars.of(1) is calendars.of(2)
    zones_of[1] = ZoneInfo("Asia/Tokyo")
    assert calendars.of(1).zone.key == "Asia/Tokyo"
