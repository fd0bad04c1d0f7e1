"""Outcomes as members write them."""

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.markets.written import read_line, read_outcomes
from steward.bots.bets.odds.prices import BadOdds, Odds


def test_outcomes_stand_one_a_line():
    found = read_outcomes("  Yes \n\n No,  never\n")
    assert [(one.number, one.label, one.odds) for one in found] == [(1, "Yes", None), (2, "No, never", None)]


def test_odds_stand_behind_an_at_in_any_format():
    found = read_outcomes("Yes @ 2.50\nNo @-110\nDraw @ 6/4")
    assert [(one.label, one.odds) for one in found] == [
        ("Yes", Odds(5, 2)),
        ("No", Odds(21, 11)),
        ("Draw", Odds(5, 2)),
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Yes", "You wrote 1 outcome"),
        ("", "You wrote 0 outcomes"),
        ("\n".join(map(str, range(11))), "You wrote 11 outcomes"),
        ("Yes\nyes", "are the same"),
        ("Yes @ 2.50\nNo", "Only some"),
        ("x" * 61 + "\nNo", "too long"),
    ],
)
def test_what_makes_no_market_is_refused_with_a_sentence(typed, told):
    with pytest.raises(BetsError, match=told):
        read_outcomes(typed)


@pytest.mark.parametrize("odds", ["1.00", "0", "-50", "evens!", "9" * 50])
def test_what_is_no_odds_is_refused(odds):
    with pytest.raises(BadOdds):
        read_outcomes(f"Yes @ {odds}\nNo @ 2")


def test_a_question_is_one_line_that_says_something():
    assert read_line(" Who\n wins? ", "The question", "Write it.") == "Who wins?"
    with pytest.raises(BetsError, match="The question is empty"):
        read_line(" \n ", "The question", "Write it.")
