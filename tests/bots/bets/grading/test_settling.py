"""Each worked case ends as published: outcome, exact return, and whole points."""

from fractions import Fraction

import pytest

from steward.bots.bets.grading.grader import ParlayLeg, grade, grade_parlay
from steward.bots.bets.grading.grades import (
    LOST,
    PUSHED,
    VOIDED,
    WON,
    BetGrade,
    BetOutcome,
    halves,
)
from steward.bots.bets.grading.markets import require_pick
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import EntrantResult, GameResult, GameStatus, Ungradable, of_sets
from steward.bots.bets.grading.rules import VARIANTS, rule_for
from steward.bots.bets.odds.prices import OddsFormat, read_odds
from tests.bots.bets.grading.paid import SingleBet, settle
from tests.bots.bets.grading.worked import odds_of, pick_of, result_of
from tests.bots.bets.oracle import cases

HALF_WON, HALF_LOST = halves(WON, PUSHED), halves(LOST, PUSHED)
OUTCOMES = {found.outcome: found for found in (WON, LOST, PUSHED, VOIDED, HALF_WON, HALF_LOST)}


@pytest.mark.parametrize("case", cases("cases"), indirect=True)
def test_a_single_ends_as_published(case):
    pick, odds = pick_of(case), odds_of(case)
    require_pick(pick)
    found = grade(pick, result_of(case), rule_for(case["sport"], pick.market))
    assert found.outcome == case["outcome"]
    multiplier = Fraction(*found.multiplier(*odds.ratio))
    assert case["stake"] * multiplier == Fraction(case["return_exact"])
    assert found.payout(case["stake"], *odds.ratio) == case["payout"]
    if "share" in case:
        assert Fraction(found.won, found.parts) == Fraction(case["share"])
    bet = SingleBet(pick, case["stake"], *odds.ratio)
    assert settle(case["sport"], result_of(case), [bet]) == [(found, case["payout"])]


def leg(case, told):
    share = Fraction(told.get("share", 1))
    found = OUTCOMES.get(told["outcome"]) or BetGrade(BetOutcome.DEAD_HEAT, share.numerator, 0, share.denominator)
    return ParlayLeg(found, *read_odds(told["odds"], OddsFormat(case["odds_format"])).ratio)


@pytest.mark.parametrize("case", cases("parlays"), indirect=True)
def test_a_parlay_ends_as_published(case):
    found = grade_parlay(leg(case, told) for told in case["legs"])
    single = found.outcome is BetOutcome.WIN and found.live == 1
    assert ("single" if single else found.outcome) == case["outcome"]
    assert case["stake"] * Fraction(*found.multiplier) == Fraction(case["return_exact"])
    assert found.payout(case["stake"]) == case["payout"]


def test_a_parlay_with_an_open_leg_stays_open_at_the_odds_that_are_left():
    legs = [ParlayLeg(WON, 3, 2), ParlayLeg(None, 2, 1), ParlayLeg(VOIDED, 9, 1)]
    assert grade_parlay(legs) == (None, 2, (3, 1))
    assert grade_parlay([*legs, ParlayLeg(LOST, 2, 1)]).outcome is BetOutcome.LOSE


def test_some_books_void_a_parlay_with_one_leg_left():
    legs = [ParlayLeg(WON, 3, 2), ParlayLeg(PUSHED, 2, 1)]
    assert grade_parlay(legs, single_stands=False).payout(100) == 100
    assert grade_parlay(legs).payout(100) == 150


def test_many_bets_on_a_game_are_settled_in_their_order():
    picks = [BetPick("moneyline", side) for side in ("home", "away")] + [BetPick("total", "over", 4 * 40)]
    bets = [SingleBet(pick, 10, 21, 10) for pick in picks] * 100
    settled = settle("nfl", GameResult(regulation=(20, 20), overtime=(3, 0)), bets)
    assert settled == [(WON, 21), (LOST, 0), (WON, 21)] * 100


CALLED = GameResult(regulation=(9, 6), progress=12)
AWARDED = GameResult(GameStatus.AWARDED, regulation=(3, 0))
RETIRED = of_sets([(3, 1)], "home", GameStatus.RETIRED)


@pytest.mark.parametrize(
    ("variant", "sport", "pick", "result", "found"),
    [
        ("soccer_awarded", "soccer", BetPick("1x2", "home"), AWARDED, WON),
        (
            "baseball_undecided",
            "mlb",
            BetPick("total", "over", 10),
            CALLED,
            VOIDED,
        ),
        ("baseball_undecided", "mlb", BetPick("btts", "yes"), CALLED, VOIDED),
        ("tennis_one_ball", "tennis", BetPick("moneyline", "home"), RETIRED, WON),
        ("draw_offered", "mma", BetPick("moneyline", "home"), GameResult(winner="draw"), LOST),
    ],
)
def test_a_guild_may_settle_as_other_books_do(variant, sport, pick, result, found):
    assert grade(pick, result, rule_for(sport, pick.market, VARIANTS[variant])) is found
    assert grade(pick, result, rule_for(sport, pick.market)) is not found


def test_a_prop_stands_by_default_for_a_player_who_came_on_later():
    pick, late = BetPick("prop", "over", 2, subject="P"), EntrantResult(began=False, value=1)
    result = GameResult(regulation=(1, 0), entrants={"P": late})
    assert grade(pick, result, rule_for("mlb", "prop")) is WON
    assert grade(pick, result, rule_for("mlb", "prop", VARIANTS["baseball_starters"])) is VOIDED


def test_shootout_goals_never_enter_a_ninety_minute_market():
    final = GameResult(regulation=(1, 1), overtime=(1, 1), shootout="home", qualified="home")
    grades = [
        grade(pick, final, rule_for("soccer", pick.market))
        for pick in (BetPick("1x2", "draw"), BetPick("total", "under", 10), BetPick("to_qualify", "home"))
    ]
    assert grades == [WON, WON, WON]


@pytest.mark.parametrize(
    ("pick", "result"),
    [
        (BetPick("1x2", "home"), GameResult()),
        (BetPick("1x2", "home", period="h1"), GameResult(regulation=(1, 0))),
        (BetPick("to_qualify", "home"), GameResult(regulation=(1, 0))),
        (BetPick("method", "home:ko"), GameResult(winner="home")),
        (BetPick("rounds_total", "over", 6), GameResult(winner="home")),
        (BetPick("prop", "over", 2, subject="P"), GameResult(regulation=(1, 0))),
        (BetPick("prop", "over", 2, subject="P"), GameResult(regulation=(1, 0), entrants={"P": EntrantResult()})),
        (BetPick("outright", "P"), GameResult()),
    ],
)
def test_a_result_that_does_not_say_enough_waits_for_a_person(pick, result):
    with pytest.raises(Ungradable):
        grade(pick, result, rule_for("soccer", pick.market))


def test_baseball_that_is_level_in_the_middle_of_the_fifth_is_void():
    level = GameResult(GameStatus.ABANDONED, regulation=(2, 2), progress=9)
    assert grade(BetPick("moneyline", "home"), level, rule_for("mlb", "moneyline")) is VOIDED


def test_a_golfer_who_withdraws_after_teeing_off_has_lost():
    result = GameResult(entrants={"P": EntrantResult(position=None, out=True)})
    assert grade(BetPick("outright", "P"), result, rule_for("golf", "outright")) is LOST


@pytest.mark.parametrize(
    ("score", "done"), [((7, 6), 1), ((7, 5), 1), ((6, 4), 1), ((6, 5), 0), ((6, 6), 0), ((5, 3), 0)]
)
def test_the_last_set_before_a_retirement_counts_if_it_was_completed(score, done):
    result = of_sets([score], "home", GameStatus.RETIRED)
    assert (result.progress, result.sets, list(result.periods)) == (done, (done, 0), ["set1"] * done)
    assert of_sets([score], "home").sets == (1 if score[0] > score[1] else 0, 0)


@pytest.mark.parametrize("sport", ["nba", "ncaab", "ncaaf", "nhl", "mlb"])
def test_a_final_that_is_level_waits_where_the_game_goes_on_until_one_side_wins(sport):
    pick, level = BetPick("moneyline", "home"), GameResult(regulation=(3, 3))
    with pytest.raises(Ungradable, match="level"):
        grade(pick, level, rule_for(sport, "moneyline"))
    assert grade(pick, level, rule_for("nfl", "moneyline")) is PUSHED
    assert grade(BetPick("1x2", "draw"), level, rule_for(sport, "1x2")) is WON


@pytest.mark.parametrize("status", [GameStatus.CANCELLED, GameStatus.NO_CONTEST, GameStatus.AWARDED])
def test_every_market_of_a_game_that_was_not_played_is_void(status):
    assert (
        grade(BetPick("total", "over", 2), GameResult(status, regulation=(3, 0)), rule_for("soccer", "total")) is VOIDED
    )


def test_a_game_stopped_before_its_first_goal_is_told_of_no_score_and_void():
    for pick in (BetPick("1x2", "home"), BetPick("total", "over", 2), BetPick("1x2", "home", period="h1")):
        assert grade(pick, GameResult(GameStatus.ABANDONED), rule_for("soccer", pick.market)) is VOIDED
