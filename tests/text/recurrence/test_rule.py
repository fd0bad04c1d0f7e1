"""Recurrence: what a rule means, what it refuses, and that it holds for every zone and from any moment on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steward.store import instant_of
from steward.text.recurrence.parts import WEEKDAYS, BadRule
from steward.text.recurrence.rule import HORIZON_YEARS, RecurrenceRule

at = datetime.fromisoformat
START = at("2026-11-26 19:00")  # the fourth and last Thursday of its month
ZONES = sorted(available_timezones())
ALL = 100_000
WHOLE = 2000
LATEST = at("9999-12-31 23:59")


def days(rule: RecurrenceRule, limit: int, after: datetime = START - timedelta(days=1)) -> list[str]:
    return [f"{wall:%Y-%m-%d}" for wall in rule.occurrences(after, limit)]


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("FREQ=DAILY", ["2026-11-26", "2026-11-27"], "every day"),
        ("FREQ=DAILY;INTERVAL=3", ["2026-11-26", "2026-11-29"], "every 3 days"),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231",
            ["2026-11-30", "2026-12-02"],
            "every week on Monday and Wednesday until 31 December 2026",
        ),
        ("FREQ=WEEKLY", ["2026-11-26", "2026-12-03"], "every week on Thursday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", ["2026-11-26", "2026-12-08"], "every 2 weeks on Tuesday and Thursday"),
        (
            "FREQ=MONTHLY;BYDAY=2TU;COUNT=12",
            ["2026-12-08", "2027-01-12"],
            "every month on the second Tuesday, 12 times",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2026-11-27", "2026-12-25"], "every month on the last Friday"),
        ("FREQ=MONTHLY", ["2026-11-26", "2026-12-26"], "every month on the 26th"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", ["2026-11-30", "2026-12-15"], "every month on the 15th and last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", ["2027-08-13"], "every month on the 13th if that is a Friday"),
        ("FREQ=MONTHLY;BYDAY=SA", ["2026-11-28", "2026-12-05"], "every month on each Saturday"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ["2026-11-30", "2026-12-31"],
            "every month on each Monday, Tuesday, Wednesday, Thursday and Friday but only the last of these",
        ),
        ("FREQ=YEARLY", ["2026-11-26", "2027-11-26"], "every year on 26 November"),
        ("FREQ=YEARLY;BYMONTH=6,12", ["2026-12-26", "2027-06-26"], "every year on the 26th in June and December"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26"], "every year on the fourth Thursday of November"),
        ("FREQ=YEARLY;BYWEEKNO=20", ["2027-05-20", "2028-05-18"], "every year on Thursday in week 20"),
        ("FREQ=YEARLY;BYYEARDAY=100,-1", ["2026-12-31"], "every year on the last and 100th day of the year"),
        ("FREQ=DAILY;BYHOUR=10,18", ["2026-11-27", "2026-11-27"], "every day at 10:00 and 18:00"),
        ("FREQ=DAILY;COUNT=1", ["2026-11-26"], "every day, once"),
        (
            "FREQ=DAILY;UNTIL=20261127T180000",
            ["2026-11-26"],
            "every day until 27 November 2026, 18:00",
        ),
        ("rrule:freq=weekly; byday=th;", ["2026-11-26"], "every week on Thursday"),
    ],
)
def test_a_rule_means_what_rfc_5545_says_and_says_it_in_words(text, first, words):
    rule = RecurrenceRule.parse(text, START)
    assert days(rule, len(first), START - timedelta(hours=10)) == first
    assert rule.describe() == words


@pytest.mark.parametrize(
    ("positions", "first"),
    [
        ("1", ["2026-11-30", "2026-12-07", "2026-12-14"]),  # the Monday before the start is the first of that week
        ("2", ["2026-12-02", "2026-12-09", "2026-12-16"]),
        ("3", ["2026-11-26", "2026-12-03", "2026-12-10"]),
        ("-1", ["2026-11-27", "2026-12-04", "2026-12-11"]),
    ],
)
def test_a_position_within_a_week_counts_from_the_first_day_of_that_week(positions, first):
    """RFC 5545, 3.3.10: BYSETPOS is of all occurrences within one interval; those before the start are left out."""
    rule = RecurrenceRule.parse(f"FREQ=WEEKLY;BYDAY=MO,WE,TH,FR;BYSETPOS={positions}", START)
    assert days(rule, 3) == first
    one = START - timedelta(days=1)
    for wall in first:
        (one,) = rule.occurrences(one, 1)
        assert f"{one:%Y-%m-%d}" == wall
    assert days(rule.since(one), 1, one - timedelta(days=1)) == first[-1:]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "isn't part of a recurrence rule"),
        ("every week", "isn't part of a recurrence rule"),
        ("FREQ", "isn't part"),
        ("FREQ=", "isn't part"),
        ("INTERVAL=2", "FREQ is missing"),
        ("FREQ=FORTNIGHTLY", "FREQ cannot be FORTNIGHTLY"),
        ("FREQ=HOURLY", "cannot repeat hourly"),
        ("FREQ=SECONDLY;COUNT=2", "cannot repeat secondly"),
        ("FREQ=DAILY;FREQ=WEEKLY", "says FREQ twice"),
        ("FREQ=DAILY;BYEASTER=1", "has no part BYEASTER"),
        ("DTSTART:20261126T190000\nRRULE:FREQ=DAILY", "has no part DTSTART"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL cannot be 0"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL cannot be 1001"),
        ("FREQ=DAILY;COUNT=1001", "COUNT cannot be 1001"),
        ("FREQ=DAILY;COUNT=²", "COUNT cannot be ²"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "cannot both end a rule"),
        ("FREQ=DAILY;UNTIL=20261125", "before it starts"),
        ("FREQ=DAILY;UNTIL=20270101T180000Z", "is in UTC"),
        ("FREQ=DAILY;UNTIL=20270230", "UNTIL cannot be 20270230"),
        ("FREQ=DAILY;UNTIL=2027-01-01", "UNTIL cannot be"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY cannot be 0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY cannot be 32"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH cannot be -1"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY cannot be XX"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY cannot be 0MO"),
        ("FREQ=WEEKLY;BYDAY=2MO", "needs FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYDAY=MO,2TU", "either all days have a number"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=2MO", "cannot stand beside BYWEEKNO"),
        ("FREQ=MONTHLY;BYWEEKNO=20", "needs FREQ=YEARLY"),
        ("FREQ=DAILY;BYYEARDAY=20", "needs FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=20", "cannot be in a weekly rule"),
        ("FREQ=WEEKLY;BYSETPOS=1", "needs another BY part"),
        ("FREQ=WEEKLY;WKST=XX", "WKST cannot be XX"),
        ("FREQ=DAILY;BYMINUTE=0,30", "at least an hour apart"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never takes place"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never takes place"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "never takes place"),
        ("FREQ=MONTHLY;BYDAY=6MO", "never takes place"),
        ("FREQ=MONTHLY;BYDAY=53FR", "never takes place"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=53FR,-53FR", "never takes place"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261127", "never takes place"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 200), "longer than 300"),
    ],
)
def test_a_bad_rule_is_a_sentence_with_how_rules_are_written(text, complaint):
    with pytest.raises(BadRule, match=complaint) as refused:
        RecurrenceRule.parse(text, START)
    assert refused.value.remedy


def test_a_date_as_the_end_includes_its_whole_day():
    assert days(RecurrenceRule.parse("FREQ=DAILY;UNTIL=20261127", START), 9) == ["2026-11-26", "2026-11-27"]


def test_what_a_command_offers_are_rules_counted_from_the_start():
    fifth, last_day = at("2026-10-29 20:00"), at("2026-12-31 20:00")
    made = {
        RecurrenceRule.daily(START): "FREQ=DAILY",
        RecurrenceRule.weekly(START): "FREQ=WEEKLY;BYDAY=TH",
        RecurrenceRule.weekly(START, 2): "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        RecurrenceRule.monthly_by_date(START): "FREQ=MONTHLY;BYMONTHDAY=26",
        RecurrenceRule.monthly_by_date(last_day): "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        RecurrenceRule.monthly_by_weekday(START): "FREQ=MONTHLY;BYDAY=4TH",
        RecurrenceRule.monthly_by_weekday(START, last=True): "FREQ=MONTHLY;BYDAY=-1TH",
        RecurrenceRule.monthly_by_weekday(fifth): "FREQ=MONTHLY;BYDAY=-1TH",
    }
    assert [rule.text for rule in made] == list(made.values())
    for rule in made:
        assert rule.start in list(rule.occurrences(rule.start - timedelta(days=1), 1)) or rule.parts.days == (
            (0, 0),
            (0, 4),
        )


def test_the_31st_is_the_last_day_where_a_month_is_shorter():
    rule = RecurrenceRule.monthly_by_date(at("2026-12-31 20:00"))
    assert days(rule, 4) == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    assert rule.describe() == "every month on the 31st or, where it is shorter, the last day"


def test_the_last_weekday_is_refused_where_the_start_is_not_it():
    with pytest.raises(BadRule, match="2026-11-19 is not the last Thursday"):
        RecurrenceRule.monthly_by_weekday(at("2026-11-19 19:00"), last=True)


@pytest.mark.parametrize("start", [START.replace(tzinfo=ZoneInfo("UTC")), START.replace(microsecond=1)])
def test_a_start_with_a_zone_or_parts_of_a_second_is_refused(start):
    with pytest.raises(ValueError, match="without a zone"):
        RecurrenceRule.daily(start)


def test_a_series_ends_before_a_wall_time_and_not_at_all_if_nothing_is_left():
    rule = RecurrenceRule.parse("FREQ=DAILY;COUNT=5", START)
    ended = rule.ending(START + timedelta(days=2))
    assert ended is not None
    assert days(ended, 9) == ["2026-11-26", "2026-11-27"]
    assert RecurrenceRule.parse(ended.text, START) == ended
    assert rule.ending(START + timedelta(days=9)) == rule
    assert rule.ending(START) is None
    assert rule.ending(START - timedelta(days=9)) is None
    assert rule.ending(START + timedelta(microseconds=1)) == RecurrenceRule.parse(
        "FREQ=DAILY;UNTIL=20261126T190000", START
    )


def test_a_daily_rule_whose_hour_has_passed_at_the_start_begins_the_next_day():
    assert days(RecurrenceRule.parse("FREQ=DAILY;BYHOUR=18;COUNT=1", START), 9) == ["2026-11-27"]
    assert days(RecurrenceRule.parse("FREQ=DAILY;BYHOUR=18;UNTIL=20261127", START), 9) == ["2026-11-27"]
    assert days(RecurrenceRule.parse("FREQ=DAILY;BYMONTH=11;BYHOUR=18;UNTIL=20261127", START), 9) == ["2026-11-27"]


def test_a_rule_is_followed_for_a_century():
    (last,) = list(RecurrenceRule.parse("FREQ=YEARLY", START).occurrences(START, ALL))[-1:]
    assert last == START.replace(year=2026 + HORIZON_YEARS)
    assert list(RecurrenceRule.daily(START).occurrences(last, 3)) == []
    assert list(RecurrenceRule.daily(START).occurrences(LATEST, 3)) == []


NUMBERS = {
    "BYMONTH": st.integers(1, 12),
    "BYMONTHDAY": st.integers(-31, 31).filter(bool),
    "BYHOUR": st.integers(0, 23),
    "BYSETPOS": st.integers(-3, 3).filter(bool),
}
OF_A_YEAR = {
    "BYWEEKNO": st.integers(-53, 53).filter(bool),
    "BYYEARDAY": st.integers(-366, 366).filter(bool),
}
STARTS = st.datetimes(at("2020-01-01 00:00"), at("2035-12-31 00:00")).map(lambda wall: wall.replace(microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> RecurrenceRule:
    """Any rule that `parse` accepts, with a start."""
    start = draw(STARTS)
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    text = f"FREQ={frequency};INTERVAL={draw(st.integers(1, 5))}"
    for name, numbers in (NUMBERS | (OF_A_YEAR if frequency == "YEARLY" else {})).items():
        if draw(st.integers(0, 3)) == 0:
            text += f";{name}=" + ",".join(map(str, draw(st.lists(numbers, min_size=1, max_size=3))))
    if draw(st.booleans()):
        nth = draw(st.sampled_from(["", "", "1", "-1", "3"]))
        text += ";BYDAY=" + ",".join(nth + day for day in draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1)))
    if draw(st.booleans()):
        text += f";WKST={draw(st.sampled_from(WEEKDAYS))}"
    text += draw(
        st.one_of(
            st.just(""),
            st.integers(1, 40).map(lambda count: f";COUNT={count}"),
            st.integers(0, 4000).map(lambda days: f";UNTIL={start + timedelta(days=days):%Y%m%d}"),
        )
    )
    try:
        return RecurrenceRule.parse(text, start)
    except BadRule:
        assume(False)
        raise


@given(rules())
def test_a_rule_reads_back_what_it_writes(rule):
    assert RecurrenceRule.parse(rule.text, rule.start) == rule
    assert RecurrenceRule.parse(rule.text, rule.start).text == rule.text
    assert rule.describe().startswith("every ")


@given(rules())
@settings(max_examples=300)
def test_a_rule_has_the_times_that_dateutil_finds_period_by_period(rule):
    """Positions within a week aside: its first week begins at the start."""
    assume(not (rule.parts.frequency == "WEEKLY" and rule.parts.positions))
    parts, end = replace(rule.parts, count=None, until=None), rule.start + timedelta(days=4000)
    found = RecurrenceRule(rule.start, parts)._walk(rule.start)
    expected = rrule.rrulestr(replace(rule._filled(), count=None, until=end).text, dtstart=rule.start)
    assert list(takewhile(lambda wall: wall <= end, found)) == list(expected)


@given(rules(), st.integers(0, 60_000))
def test_what_comes_after_a_moment_is_the_rest_of_the_whole_list_and_strictly_later(rule, hours):
    after = rule.start + timedelta(hours=hours)
    whole = list(islice(rule._walk(rule.start), WHOLE))
    assert all(earlier < later for earlier, later in pairwise(whole))
    expected = [wall for wall in whole if wall > after]
    assert list(rule.occurrences(after, len(expected))) == expected
    assert len(whole) == WHOLE or len(list(rule.occurrences(after, ALL))) == len(expected)


@given(rules(), st.integers(-1, 2000))
def test_an_ended_series_is_the_part_of_it_before(rule, days):
    before = rule.start + timedelta(days=days)
    expected = [wall for wall in rule.occurrences(rule.start - timedelta(days=1), WHOLE) if wall < before]
    ended = rule.ending(before)
    assert (list(ended.occurrences(rule.start - timedelta(days=1), WHOLE)) if ended else []) == expected


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_evening_stays_at_its_hour_in_every_zone(weekday):
    """Each zone of the world on one weekday or another: 52 or 53 instants a year, at 19:00 or the first after a gap."""
    start = at("2026-01-01 19:00") + timedelta(days=weekday)
    walls = [start, *RecurrenceRule.parse("FREQ=WEEKLY;UNTIL=20261231", start).occurrences(start, ALL)]
    assert len(walls) in (52, 53)
    for name in ZONES:
        zone = ZoneInfo(name)
        instants = [instant_of(wall, zone) for wall in walls]
        assert all(earlier < later for earlier, later in pairwise(instants))
        assert {instant.astimezone(zone).time() for instant in instants} == {time(19)}


@given(st.sampled_from(ZONES), STARTS)
@settings(max_examples=300)
def test_a_weekly_rule_has_52_or_53_instants_a_year_at_its_time_or_the_first_after_a_gap(name, start):
    zone = ZoneInfo(name)
    end = start + timedelta(days=365)
    walls = [wall for wall in RecurrenceRule.weekly(start).occurrences(start - timedelta(days=1), 60) if wall <= end]
    assert len(walls) in (52, 53)
    instants = [instant_of(wall, zone) for wall in walls]
    assert all(earlier < later for earlier, later in pairwise(instants))
    for wall, instant in zip(walls, instants, strict=True):
        shown = instant.astimezone(zone).replace(tzinfo=None)
        just_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert shown == wall or (shown > wall > just_before)


RARE = (
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=1000",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=1;BYSETPOS=2",
    "FREQ=DAILY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU;BYMONTH=2;BYSETPOS=2",
    "FREQ=WEEKLY;BYDAY=MO;BYMONTH=2;COUNT=1000",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTH=2;BYDAY=MO;BYSETPOS=5",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=MONTHLY;BYMONTHDAY=-31;BYDAY=5SU;BYSETPOS=1",
    "FREQ=MONTHLY;BYMONTHDAY=1,2;BYDAY=MO;BYSETPOS=1;COUNT=1000",
    "FREQ=YEARLY;BYMONTHDAY=-30;BYYEARDAY=1",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=12;BYMONTHDAY=28;COUNT=1000",
    "FREQ=DAILY;INTERVAL=12;BYMONTH=6,11;BYMONTHDAY=31",
    "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO;BYMONTH=2;COUNT=1000",
)


@pytest.mark.parametrize("text", RARE)
def test_a_rule_that_takes_place_seldom_or_never_asks_dateutil_for_one_period_of_each_kind(text, monkeypatch):
    """At the most 28 kinds each of the five times: a century has 1,200 months and 36,525 days."""
    steps = [0]

    def counted(find):
        def found(self, *args):
            steps[0] += 1
            return find(self, *args)

        return found

    for name in ("ydayset", "mdayset", "wdayset", "ddayset"):
        monkeypatch.setattr(rrule._iterinfo, name, counted(getattr(rrule._iterinfo, name)))
    with suppress(BadRule):
        rule = RecurrenceRule.parse(text, at("2026-03-02 19:00"))
        for near in ("2026-05-01", "2050-05-01", "2090-05-01"):
            list(rule.occurrences(at(near), 5))
    assert steps[0] <= 5 * 28
