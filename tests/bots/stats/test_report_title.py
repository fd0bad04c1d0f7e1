"""The title of a report names the time that it covers, in any zone, at any hour, over changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.stats.setup.guild_settings import ReportKind
from steward.bots.stats.views.report import period, report_title
from steward.store import DailyAt, previous

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe",
    "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia",
]  # fmt: skip


def local(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("kind", "begin", "end", "covered"),
    [
        (ReportKind.DAY, (2026, 1, 4), (2026, 1, 5), "Sunday, 4 January 2026"),
        (ReportKind.DAY, (2026, 1, 4, 20), (2026, 1, 5, 20), "Sun 4 Jan 20:00 to Mon 5 Jan 2026 20:00"),
        (ReportKind.DAY, (2025, 12, 31, 9), (2026, 1, 1, 9), "Wed 31 Dec 2025 09:00 to Thu 1 Jan 2026 09:00"),
        (ReportKind.DAY, (2026, 1, 5), (2026, 1, 5, 9), "Monday, 5 January 2026"),  # so far
        (ReportKind.WEEK, (2026, 1, 5), (2026, 1, 12), "5 to 11 January 2026"),
        (ReportKind.WEEK, (2026, 1, 26), (2026, 2, 2), "26 January to 1 February 2026"),
        (ReportKind.WEEK, (2025, 12, 29), (2026, 1, 5), "29 December 2025 to 4 January 2026"),
        (ReportKind.WEEK, (2026, 1, 5, 20), (2026, 1, 12, 20), "Mon 5 Jan 20:00 to Mon 12 Jan 2026 20:00"),
        (ReportKind.MONTH, (2026, 1, 1), (2026, 2, 1), "January 2026"),
        (ReportKind.MONTH, (2026, 1, 1), (2026, 1, 9, 12), "January 2026"),
        (ReportKind.MONTH, (2026, 1, 1, 20), (2026, 2, 1, 20), "Thu 1 Jan 20:00 to Sun 1 Feb 2026 20:00"),
    ],
)
def test_a_report_is_titled_by_the_time_it_covers(kind, begin, end, covered):
    title = report_title(kind, local("Europe/Berlin", *begin), local("Europe/Berlin", *end))
    assert title.endswith(f"ly report: {covered}")


@given(
    st.sampled_from(ZONES),
    st.dates(date(2011, 12, 25), date(2027, 12, 31)),
    st.times().map(lambda at: at.replace(minute=0, second=0, microsecond=0)),
)
def test_a_daily_report_names_a_day_only_if_it_covers_that_day_and_no_other(zone, day, at):
    schedule = DailyAt(at, ZoneInfo(zone))
    end = schedule.on(day)
    if end is None:
        return  # a date that the zone skipped
    begin = previous(schedule, day).astimezone(ZoneInfo(zone))
    title = report_title(ReportKind.DAY, begin, end.astimezone(ZoneInfo(zone)))
    minutes = int((end - begin) / timedelta(minutes=15))
    dates = {
        (begin.astimezone(UTC) + timedelta(minutes=15 * n)).astimezone(ZoneInfo(zone)).date() for n in range(minutes)
    }
    if len(dates) == 1:
        (only,) = dates
        assert title == f"Daily report: {only:%A}, {only.day} {only:%B %Y}"
    else:
        ends = end.astimezone(ZoneInfo(zone))
        assert title.endswith(f" to {ends:%a} {ends.day} {ends:%b %Y} {ends:%H:%M}")
        assert f"{begin:%a} {begin.day} {begin:%b}" in title


@pytest.mark.parametrize(("zone", "day"), [("America/Santiago", date(2025, 9, 7)), ("Africa/Cairo", date(2025, 4, 25))])
def test_where_midnight_is_skipped_the_day_is_named_all_the_same(zone, day):
    schedule = DailyAt(time(0), ZoneInfo(zone))
    begin, end = (schedule.on(day + timedelta(days=step)).astimezone(ZoneInfo(zone)) for step in (0, 1))
    assert begin.hour == 1
    assert report_title(ReportKind.DAY, begin, end) == f"Daily report: {day:%A}, {day.day} {day:%B %Y}"
    before = schedule.on(day - timedelta(days=1)).astimezone(ZoneInfo(zone))
    eve = day - timedelta(days=1)
    assert report_title(ReportKind.DAY, before, begin) == f"Daily report: {eve:%A}, {eve.day} {eve:%B %Y}"


def test_a_period_in_which_the_clock_changes_tells_both_zones():
    begin, end = local("Europe/Berlin", 2026, 3, 28, 20), local("Europe/Berlin", 2026, 3, 29, 20)
    assert period(begin, end) == "28 Mar 20:00 CET to 29 Mar 20:00 CEST"
    assert period(end, end + timedelta(days=1)) == "29 Mar 20:00 to 30 Mar 20:00 CEST"
