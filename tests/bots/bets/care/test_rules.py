"""A member's own limits: tightened at once, loosened after 24 hours, and never lost beyond."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.care.rules import (
    LOOSENS_AFTER_MS,
    LimitKind,
    LimitPeriod,
    OnBreak,
    OverOwnLimit,
    OwnLimit,
    Wagered,
    require_no_break,
    require_room,
    room,
    span_of,
)
from steward.bots.bets.section import BetsSection

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)
NONE = OwnLimit(LimitKind.STAKE, LimitPeriod.DAY)
HUNDRED = NONE._replace(amount=100)
amounts = st.none() | st.integers(1, 1000)


def required(limit, wagered, stake):
    require_room(limit, wagered, stake, NOW, BetsSection().points)


def test_the_first_limit_and_a_lower_one_hold_at_once():
    assert NONE.changed(100, 0) == HUNDRED
    assert HUNDRED.changed(50, 0) == HUNDRED._replace(amount=50)


@pytest.mark.parametrize("looser", [101, None])
def test_a_higher_limit_or_none_holds_24_hours_later(looser):
    asked = HUNDRED.changed(looser, 5)
    assert asked.at(5 + LOOSENS_AFTER_MS - 1).amount == 100
    assert asked.at(5 + LOOSENS_AFTER_MS) == HUNDRED._replace(amount=looser)


def test_asking_again_for_a_higher_limit_begins_the_24_hours_anew():
    asked = HUNDRED.changed(200, 0).changed(300, 1000)
    assert (asked.amount, asked.next_amount, asked.next_ms) == (100, 300, 1000 + LOOSENS_AFTER_MS)


def test_a_lower_limit_or_the_same_takes_a_wish_for_a_higher_one_back():
    assert HUNDRED.changed(200, 0).changed(100, 1) == HUNDRED
    assert HUNDRED.changed(None, 0).changed(40, 1).amount == 40
    assert NONE.changed(None, 0) == NONE


@given(st.lists(st.tuples(amounts, st.integers(0, 2 * LOOSENS_AFTER_MS)), min_size=1))
def test_whatever_is_asked_no_limit_loosens_within_24_hours_of_the_asking(asked):
    limit, now = NONE, 0
    for amount, later in asked:
        before = limit.at(now).amount
        limit = limit.changed(amount, now)
        soon = limit.at(now + min(later, LOOSENS_AFTER_MS - 1)).amount
        assert before is None or (soon is not None and soon <= before)
        assert limit.at(now + LOOSENS_AFTER_MS).amount == amount
        now += later


def test_what_is_left_counts_stakes_for_the_one_and_losses_with_open_bets_for_the_other():
    losses = HUNDRED._replace(kind=LimitKind.LOSS)
    assert room(HUNDRED, Wagered(staked=30, lost=99, at_stake=99)) == 70
    assert room(losses, Wagered(staked=999, lost=30, at_stake=50)) == 20
    assert room(losses, Wagered(lost=-500, at_stake=50)) == 50  # who is ahead risks no more at once
    assert room(losses, Wagered(lost=300)) == 0
    assert room(NONE, Wagered(staked=10**9)) is None


def test_a_stake_beyond_a_limit_is_refused_with_what_is_left():
    required(HUNDRED, Wagered(staked=70), 30)
    with pytest.raises(OverOwnLimit, match="is 100 points staked a day, and you've staked 70 points") as refused:
        required(HUNDRED, Wagered(staked=70), 31)
    assert refused.value.remedy == "Stake up to 30 points."
    losses = HUNDRED._replace(kind=LimitKind.LOSS, period=LimitPeriod.WEEK)
    with pytest.raises(OverOwnLimit, match="lost a week: you've lost 60 points, and have 40 points on open") as refused:
        required(losses, Wagered(lost=60, at_stake=40), 1)
    assert refused.value.remedy == f"Wait for your open bets, or for the next week, <t:{int(NOW.timestamp())}:R>."


@given(st.integers(1, 500), st.data())
def test_nobody_loses_more_in_a_day_than_their_limit_however_their_bets_end(most, data):
    limit = OwnLimit(LimitKind.LOSS, LimitPeriod.DAY, most)
    open_bets, lost = [], 0
    for _ in range(data.draw(st.integers(1, 40))):
        step = data.draw(st.sampled_from(["bet", "bet", "settle", "day"]))
        if step == "bet":
            stake = data.draw(st.integers(1, 300))
            try:
                required(limit, Wagered(lost=lost, at_stake=sum(open_bets)), stake)
            except OverOwnLimit:
                continue
            open_bets.append(stake)
        elif step == "settle" and open_bets:
            stake = open_bets.pop(data.draw(st.integers(0, len(open_bets) - 1)))
            lost += stake - data.draw(st.sampled_from([0, 0, stake // 2, stake, 3 * stake]))
        elif step == "day":
            lost = 0
        assert lost <= most


def test_a_break_refuses_until_its_end():
    require_no_break(None)
    with pytest.raises(OnBreak, match=f"until <t:{int(NOW.timestamp())}:f>"):
        require_no_break(NOW)


def test_days_and_weeks_begin_at_the_midnight_of_the_guild():
    auckland = ZoneInfo("Pacific/Auckland")  # there it is Thursday, 01:00
    day, week = (span_of(period, NOW, auckland) for period in LimitPeriod)
    assert day == (NOW - timedelta(hours=1), NOW + timedelta(hours=23))
    assert week[0].astimezone(auckland).strftime("%A %H:%M") == "Monday 00:00"
    assert week[1] - week[0] == timedelta(days=7)
    assert week[0] <= NOW < week[1]
