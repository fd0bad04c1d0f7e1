"""When bets on a game are open, and how large one may be."""

import pytest

from steward.bots.bets.odds.prices import most_returned, read_odds
from steward.bots.bets.slips.checks import (
    BetBefore,
    BetLimits,
    MarketLocked,
    OverLimit,
    require_open,
    require_within,
    was_late,
    why_locked,
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
        actual = start if case["actual_start"] is None else millis(case["actual_start"])
        assert was_late(now, actual) is (case["at_settlement"] == "void")


@pytest.mark.parametrize("status", ["1H", "HT", "FT", "PST", "CANC", "Canc", "ABD", "SUSP", ""])
def test_only_a_game_that_has_not_started_is_open(status):
    with pytest.raises(MarketLocked):
        require_open(NOW, NOW + 1, status, 0)


@pytest.mark.parametrize(
    ("start", "status", "locked"),
    [
        (NOW + 1, "NS", False),
        (NOW + 1, "PST", False),
        (NOW, "NS", True),
        (NOW + 1, "1H", True),
        (NOW + 1, "CANC", True),
    ],
)
def test_a_bet_locks_with_the_start_of_its_game(start, status, locked):
    assert bool(why_locked(NOW, start, status)) is locked


@pytest.mark.parametrize("status", ["NS", "TBD"])
def test_a_feed_is_believed_for_ten_minutes(status):
    require_open(NOW, NOW + 1, status, 600)
    with pytest.raises(MarketLocked, match="10 minutes"):
        require_open(NOW, NOW + 1, status, 601)


@pytest.mark.parametrize(("began", "late"), [(NOW + 1, False), (NOW, True), (NOW - 1, True)])
def test_a_bet_placed_at_the_real_start_or_after_it_is_void(began, late):
    assert was_late(NOW, began) is late


def test_the_largest_stake_and_return_are_still_allowed():
    limits = BetLimits(stake=100, returned=210)
    returned = most_returned(100, [read_odds("2.10")])
    require_within(limits, 100, returned)
    with pytest.raises(OverLimit, match="largest stake here is 100 pence"):
        require_within(limits, 101, 101, shown="{:,} pence".format)
    with pytest.raises(OverLimit, match="441 pence, and the most here is 210 pence"):
        require_within(limits, 100, most_returned(100, [read_odds("2.10")] * 2), shown="{:,} pence".format)
    require_within(BetLimits(), 10**12, 10**15)


@pytest.mark.parametrize(
    ("limits", "before"),
    [
        (BetLimits(game=100), BetBefore(on_game=60)),
        (BetLimits(day=100), BetBefore(today=60)),
    ],
)
def test_what_was_bet_before_counts_towards_the_limits_of_a_game_and_of_a_day(limits, before):
    require_within(limits, 40, 80, before)
    with pytest.raises(OverLimit, match=r"You can bet 100 .* here\. Left: 40\."):
        require_within(limits, 41, 82, before)
    with pytest.raises(OverLimit, match=r"Left: 0\."):
        require_within(limits, 1, 2, BetBefore(500, 500))
