"""What becomes of a rule when its series has moved to another day or hour."""

from datetime import datetime, timedelta
from itertools import islice, pairwise

import pytest

from steward.bots.events.recurrence.planning import moved
from steward.text.recurrence.parts import BadRule
from steward.text.recurrence.rule import RecurrenceRule

TUESDAY = datetime.fromisoformat("2026-11-24 19:00")  # the fourth and the last of its month
A_DAY = timedelta(days=1)


def walls(rule, number=30):
    return list(islice(rule.occurrences(rule.start - A_DAY, number), number))


@pytest.mark.parametrize(
    ("text", "start", "to", "after"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24 19:00", "2026-11-25 20:00", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY", "2026-11-24 19:00", "2026-11-25 20:00", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-11-24 19:00", "2026-11-25 19:00", "FREQ=WEEKLY;BYDAY=WE,FR"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU",
            "2026-11-29 19:00",
            "2026-11-30 19:00",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;WKST=TU",
        ),
        ("FREQ=DAILY;INTERVAL=3;COUNT=9", "2026-11-24 19:00", "2026-11-25 20:00", "FREQ=DAILY;INTERVAL=3;COUNT=9"),
        ("FREQ=MONTHLY;BYMONTHDAY=24", "2026-11-24 19:00", "2026-11-26 19:00", "FREQ=MONTHLY;BYMONTHDAY=26"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=24",
            "2026-11-24 19:00",
            "2026-11-30 19:00",
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        ),
        ("FREQ=MONTHLY;BYDAY=4TU", "2026-11-24 19:00", "2026-11-19 20:00", "FREQ=MONTHLY;BYDAY=3TH"),
        ("FREQ=MONTHLY;BYDAY=-1TU", "2026-11-24 19:00", "2026-11-25 20:00", "FREQ=MONTHLY;BYDAY=-1WE"),
        (
            "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24",
            "2026-11-24 19:00",
            "2026-12-01 19:00",
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15;UNTIL=20271231",
            "2026-12-01 19:00",
            "2026-12-01 21:30",
            "FREQ=MONTHLY;BYMONTHDAY=1,15;UNTIL=20271231",
        ),
    ],
)
def test_a_rule_moves_with_its_first_time_and_back_again(text, start, to, after):
    start, to = datetime.fromisoformat(start), datetime.fromisoformat(to)
    rule = RecurrenceRule.parse(text, start)
    there = moved(rule, to)
    assert there.text == after
    assert walls(there)[0] == to
    assert len(walls(there)) == len(walls(rule))
    assert moved(there, start) == rule


@pytest.mark.parametrize("text", ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,WE,SA,SU"])
@pytest.mark.parametrize("days", range(-13, 14))
def test_weekdays_keep_their_distances_wherever_the_series_is_moved(text, days):
    start = walls(RecurrenceRule.parse(text, TUESDAY))[0]
    rule = RecurrenceRule.parse(text, start)
    there = moved(rule, start + days * A_DAY)
    gaps = [[later - earlier for earlier, later in pairwise(walls(one))] for one in (rule, there)]
    assert gaps[0] == gaps[1]


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=19,22", TUESDAY + timedelta(hours=1)),
        ("FREQ=MONTHLY;BYMONTHDAY=10,24", TUESDAY + A_DAY),
        ("FREQ=MONTHLY;BYMONTHDAY=-7", TUESDAY + A_DAY),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", TUESDAY + A_DAY),
        ("FREQ=MONTHLY;BYDAY=4TU", TUESDAY + 6 * A_DAY),  # the fifth Monday
    ],
)
def test_where_the_days_cannot_be_told_it_is_said(text, to):
    with pytest.raises(BadRule, match=r"I can't tell which days and hours.*`/event edit`, with `rule`"):
        moved(RecurrenceRule.parse(text, TUESDAY), to)


def test_the_last_weekday_of_the_month_moves_to_another_last_one_only():
    with pytest.raises(BadRule):
        moved(RecurrenceRule.parse("FREQ=MONTHLY;BYDAY=-1TU", TUESDAY), TUESDAY - A_DAY)


def test_a_rule_goes_on_from_one_of_its_times_as_it_was():
    for text in ("FREQ=DAILY;COUNT=20", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=20", "FREQ=MONTHLY;UNTIL=20290101"):
        rule = RecurrenceRule.parse(text, TUESDAY)
        every = walls(rule, 50)
        assert walls(rule.since(every[5]), 50) == every[5:]
