"""Places, streaks and returns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.settlement.grades import BetOutcome
from steward.bots.bets.settlement.standings import ranked, roi_bps, streaks
from tests.bots.bets.oracle import cases

MARKS = {"w": BetOutcome.WIN, "l": BetOutcome.LOSE, "p": BetOutcome.PUSH, "v": BetOutcome.VOID}
MARKS |= {"h": BetOutcome.HALF_WIN, "m": BetOutcome.HALF_LOSS, "d": BetOutcome.DEAD_HEAT}


@pytest.mark.parametrize("case", cases("ranking"), indirect=True)
def test_ties_share_a_place(case):
    assert [list(row) for row in ranked(map(tuple, case["rows"]))] == case["ranked"]


@pytest.mark.parametrize(
    ("bets", "streak"),
    [
        ("", (0, 0, 0)),
        ("www", (3, 3, 0)),
        ("wpvw", (2, 2, 0)),
        ("wwl", (-1, 2, 1)),
        ("lplvlw", (1, 1, 3)),
        ("pv", (0, 0, 0)),
        ("whd", (3, 3, 0)),
        ("lm", (-2, 0, 2)),
    ],
)
def test_a_streak_skips_push_and_void(bets, streak):
    assert streaks(MARKS[mark] for mark in bets) == streak


@given(st.text("wlpvhmd"))
def test_push_and_void_change_no_streak(bets):
    decided = bets.replace("p", "").replace("v", "")
    assert streaks(MARKS[mark] for mark in bets) == streaks(MARKS[mark] for mark in decided)


def test_a_return_on_nothing_is_none():
    assert roi_bps(0, 0) is None
    assert roi_bps(300, 301) == 33
    assert roi_bps(300, 299) == -34
