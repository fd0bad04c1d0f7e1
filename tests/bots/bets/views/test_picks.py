"""What markets and picks are called."""

import pytest

from steward.bots.bets.grading.markets import MARKETS
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.rules import ROWS
from steward.bots.bets.views.picks import MARKET_NAMES, counted_score, period_name, pick_name, selection_name


def test_every_market_has_a_name():
    assert MARKET_NAMES.keys() == MARKETS.keys()


@pytest.mark.parametrize(
    ("pick", "said"),
    [
        (BetPick("1x2", "draw"), "Draw (Result after regular time)"),
        (BetPick("spread", "away", 6), "Chelsea +1.5 (Spread)"),
        (BetPick("asian_handicap", "home", -3), "Arsenal -0.75 (Asian handicap)"),
        (BetPick("asian_handicap", "home", 0), "Arsenal 0 (Asian handicap)"),
        (BetPick("total", "over", 10), "Over 2.5 (Total)"),
        (BetPick("total", "under", 9, "h1"), "Under 2.25 (Total, 1st half)"),
        (BetPick("team_total_away", "over", 6), "Over 1.5 (Total of Chelsea)"),
        (BetPick("double_chance", "x2"), "Chelsea or draw (Double chance)"),
        (BetPick("method", "home:ko"), "Arsenal by knockout (How it ends)"),
        (BetPick("set_betting", "away 2-1"), "Chelsea 2-1 (Score in sets)"),
        (BetPick("top_n", "Ada Palmer", 20), "Ada Palmer in the top 5 (Finishes in the top)"),
        (BetPick("prop", "over", 102, "", "B. Saka, shots"), "B. Saka, shots: Over 25.5 (Player)"),
    ],
)
def test_a_pick_is_called_as_members_call_it(pick, said):
    assert pick_name(pick, "Arsenal", "Chelsea") == said


@pytest.mark.parametrize(
    ("period", "said"), [("h2", "2nd half"), ("q4", "4th quarter"), ("set3", "set 3"), ("p1", "1st period"), ("?", "?")]
)
def test_a_part_of_a_game_has_a_name(period, said):
    assert period_name(period) == said


def test_braces_in_a_name_are_no_placeholders():
    assert selection_name(BetPick("double_chance", "1x"), "{away}", "B") == "{away} or draw"


@pytest.mark.parametrize(
    ("sport", "pick", "said"),
    [
        ("soccer", BetPick("total", "over", 10), "90 minutes plus stoppage time; extra time and penalties don't count"),
        ("soccer", BetPick("total", "over", 10, "h1"), "the 1st half only"),
        ("soccer", BetPick("to_qualify", "home"), "who goes through, including extra time and penalties"),
        ("nfl", BetPick("spread", "home", -14), "the final score, including overtime"),
        ("nhl", BetPick("moneyline", "home"), "the final score, including overtime; a shoot-out counts as one goal"),
        ("nhl", BetPick("1x2", "home"), "the score after regulation; overtime doesn't count"),
        ("mlb", BetPick("total", "over", 34), "the final score, including extra innings, whoever pitches"),
        ("tennis", BetPick("moneyline", "home"), "who is declared the winner"),
        ("tennis", BetPick("games_total", "over", 90), "all games played; a tie-break counts as one"),
    ],
)
def test_the_score_that_counts_is_that_of_the_rules(sport, pick, said):
    assert counted_score(pick, sport) == said


def test_every_rule_says_which_score_counts():
    for sport in {sport for sport, _ in ROWS} | {"curling"}:
        for market in MARKETS:
            assert counted_score(BetPick(market, "home"), sport)
