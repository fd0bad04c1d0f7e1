"""A daily time in every zone there is (F36): one run a local date, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from steward.store.jobs.schedule import DailyAt

BEGIN, DAYS = date(2020, 1, 1), 3653
MIDNIGHT, MIDST_OF_CHANGES = time(0), time(2, 30)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
FARTHEST = timedelta(hours=15)  # no zone is farther from UTC


def expected(day, at, zone):
    """Find, by going through the hours and then the minutes, the first at which the wall clock shows that or more."""
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=UTC) - FARTHEST
    for step in (QUARTER, MINUTE):
        while instant.astimezone(zone).replace(tzinfo=None) < wall:
            instant += step
        instant -= QUARTER if step is QUARTER else timedelta()
    return instant


@pytest.mark.slow
def test_f36_every_zone_runs_a_daily_time_once_a_date_for_ten_years():
    """Looked at around each change of a zone's clock: between two, a day is as the day before."""
    changes = 0
    for name in available_timezones():
        zone = ZoneInfo(name)
        offsets = [datetime.combine(BEGIN + timedelta(days), time(12), zone).utcoffset() for days in range(DAYS)]
        for change in (days for days in range(1, DAYS) if offsets[days] != offsets[days - 1]):
            changes += 1
            first = BEGIN + timedelta(change - 1)
            for at in (MIDNIGHT, MIDST_OF_CHANGES):
                daily = DailyAt(at, zone)
                due = daily.after(expected(first, at, zone) - timedelta(microseconds=1))
                for day in (first, first + timedelta(1), first + timedelta(2)):
                    assert (due.occurrence, due.at) == (day.isoformat(), expected(day, at, zone)), name
                    due = daily.after(due.at)
    assert changes > 2000
