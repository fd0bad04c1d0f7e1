"""When bets on a game are open, and how large one may be."""

import pytest

from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.slips.limits import (
    BetLimits,
    MarketLocked,
    OverLimit,
    most_returned,
    require_open,
    require_within,
    was_late,
)
from tests.bots.bets.oracle import cases

NOW = 1_000_000


def millis(seconds):
    return None if seconds is None else round(seconds * 1000)


@pytest.mark.parametrize("case", cases("locks"), indirect=True)
def test_a_bet_is_taken_before_the_start_only_and_void_if_the_start_was_earlier(case):
    now, start = millis(case["confirm_at"]), millis(case["moved_start"] or case["listed_start"])
    if case["place"] == "refuse":
        with pytest.raises(MarketLocked):
            require_open(now, start, case["feed_status"], case["feed_age_s"])
    else:
        require_open(now, start, case["feed_status"], case["feed_age_s"])
        assert was_late(now, millis(case["actual_start"])) is (case["at_settlement"] == "void")


@pytest.mark.parametrize("status", ["1H", "HT", "FT", "PST", "CANC", "Canc", "ABD", "SUSP", ""])
def test_only_a_game_that_has_not_started_is_open(status):
    with pytest.raises(MarketLocked):
        require_open(NOW, NOW + 1, status, 0)


@pytest.mark.parametrize("status", ["NS", "TBD"])
def test_a_feed_is_believed_for_ten_minutes(status):
    require_open(NOW, NOW + 1, status, 600)
    with pytest.raises(MarketLocked, match="10 minutes"):
        require_open(NOW, NOW + 1, status, 601)


@pytest.mark.parametrize(("began", "late"), [(None, False), (NOW + 1, False), (NOW, True), (NOW - 1, True)])
def test_a_bet_placed_at_the_real_start_or_after_it_is_void(began, late):
    assert was_late(NOW, began) is late


def test_the_largest_stake_and_return_are_still_allowed():
    limits = BetLimits(stake=100, returned=210)
    returned = most_returned(100, [read_odds("2.10")])
    require_within(limits, 100, returned)
    with pytest.raises(OverLimit, match="100 points"):
        require_within(limits, 101, 101)
    with pytest.raises(OverLimit, match="441 points; the most here is 210"):
        require_within(limits, 100, most_returned(100, [read_odds("2.10")] * 2))
    require_within(BetLimits(), 10**12, 10**15)
