"""Legs that depend on each other are refused, by both presets."""

import pytest

from steward.bots.bets.grading.lines import read_line
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.section import ParlayPreset
from steward.bots.bets.slips.parlays import BadParlay, SlipLeg, are_correlated, require_parlay
from tests.bots.bets.oracle import cases

PRESETS = list(ParlayPreset)


def leg(sport, event, market, selection, line=None, entrants=(), period=""):
    pick = BetPick(market, selection, None if line is None else read_line(line), period)
    return SlipLeg(sport, event, pick, entrants)


@pytest.mark.parametrize("case", cases("correlation"), indirect=True)
@pytest.mark.parametrize("preset", PRESETS)
def test_legs_go_together_or_are_refused(case, preset):
    legs = [leg(**values) for values in case["legs"]]
    assert are_correlated(*legs, preset) is are_correlated(*reversed(legs), preset)
    if case[preset] == "refuse":
        with pytest.raises(BadParlay, match="depend on each other"):
            require_parlay(legs, preset)
    else:
        require_parlay(legs, preset)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_draw_and_few_goals_depend_on_each_other(preset):
    assert are_correlated(leg("soccer", "g", "1x2", "draw"), leg("soccer", "g", "total", "under", "2.5"), preset)


def test_a_half_and_the_whole_game_depend_on_each_other():
    half, whole = (leg("nfl", "g", "moneyline", "home", period=period) for period in ("h1", ""))
    total = leg("nfl", "g", "total", "over", "40")
    assert are_correlated(half, total, ParlayPreset.US_CLASSIC)
    assert not are_correlated(whole, total, ParlayPreset.US_CLASSIC)


@pytest.mark.parametrize("number", [0, 1, 11])
def test_a_parlay_has_two_to_ten_legs(number):
    legs = [leg("nfl", f"g{at}", "moneyline", "home") for at in range(number)]
    with pytest.raises(BadParlay, match="2 to 10 legs"):
        require_parlay(legs)


def test_ten_legs_are_compared_each_with_each():
    legs = [leg("nfl", f"g{at}", "moneyline", "home") for at in range(9)]
    require_parlay([*legs, leg("nfl", "g9", "moneyline", "home")])
    with pytest.raises(BadParlay, match="moneyline home and total over"):
        require_parlay([*legs, leg("nfl", "g4", "total", "over", "40")])
