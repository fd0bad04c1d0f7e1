"""Whole seasons of real matches at their closing prices come out to the point, and as no float would have it."""

import pytest

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.odds.prices import read_odds
from tests.bots.bets.grading.paid import SingleBet, settle
from tests.bots.bets.oracle import cases
from tests.bots.bets.seasons import rows

COLUMNS = {
    "home_close": ("home_close", BetPick("1x2", "home")),
    "draw_close": ("draw_close", BetPick("1x2", "draw")),
    "away_close": ("away_close", BetPick("1x2", "away")),
    "home_open": ("home_open", BetPick("1x2", "home")),
    "over25_close": ("over_2.5_close", BetPick("total", "over", 10)),
    "under25_close": ("under_2.5_close", BetPick("total", "under", 10)),
    "btts_yes_close": ("bts_yes_close", BetPick("btts", "yes")),
    "btts_no_close": ("bts_no_close", BetPick("btts", "no")),
}


def settled(matches, column, pick, stake):
    for match in matches:
        if match[column]:
            result = GameResult(regulation=(int(match["FTHG"]), int(match["FTAG"])))
            bet = SingleBet(pick, stake, *read_odds(match[column]).ratio)
            yield from settle("soccer", result, [bet])


@pytest.mark.parametrize("case", cases("seasons"), indirect=True)
def test_a_season_returns_what_exact_odds_return(case, shared_data):
    matches = [row for row in rows(shared_data / "football" / case["file"]) if row["Season"] == case["season"]]
    assert len(matches) == case["matches"]
    markets = case.keys() & COLUMNS.keys()
    assert markets == case.keys() - {"file", "season", "matches"}
    for market in markets:
        said, (column, pick) = case[market], COLUMNS[market]
        bets = list(settled(matches, column, pick, 100))
        returned = sum(paid for _, paid in bets)
        assert (len(bets), 100 * len(bets)) == (said["bets"], said["staked_100"])
        assert len(matches) - len(bets) == said["skipped_no_odds"]
        assert sum(paid > 0 for _, paid in bets) == said["wins"]
        assert returned == said["returned_100"], market
        assert sum(paid for _, paid in settled(matches, column, pick, 33)) == said["returned_33_floor_each"]
        assert returned >= said["returned_100_float_int_bug"]
    bug = sum(case[market]["returned_100_float_int_bug"] for market in markets)
    assert sum(case[market]["returned_100"] for market in markets) > bug
