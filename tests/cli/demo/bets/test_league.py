"""The demo's league: what its file says when, and what its games pay."""

import csv
from datetime import timedelta

from steward.bots.bets.feeds.csv_files import read_lines
from steward.cli.demo.bets.bettors import ConfirmedBet, DemoLeg, SeenMarket
from steward.cli.demo.bets.league import AWAY, DRAW, HOME, OVER, PLAYED, UNDER, DemoLeague
from tests.runtime.hand_clock import HandClock


def made(folder):
    """Return a league of which the weekend is two days ahead, and its clock."""
    clock = HandClock(0)
    return DemoLeague(folder / "league", clock.now() + timedelta(days=2), clock), clock


def rows(league):
    with (league.folder / "games.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_bot_reads_every_game_with_its_prices(tmp_path):
    league, _ = made(tmp_path)
    (told,) = read_lines(rows(league)).values()
    assert (len(told.fixtures), told.skipped) == (len(league.games), 0)
    assert all(len(fixture.markets) == 2 and fixture.result is None for fixture in told.fixtures)
    assert [path.name for path in league.folder.iterdir()] == ["games.csv"]


def test_a_result_is_told_once_its_game_is_over_and_a_game_that_was_put_off_is_later(tmp_path):
    league, clock = made(tmp_path)
    league.frozen.put_off_to = league.frozen.starts + timedelta(days=21)
    clock.seconds = (league.derby.starts + PLAYED - clock.now()).total_seconds() - 1
    league.write()
    assert {row["FTHG"] for row in rows(league)} == {""}
    clock.forward(1)
    league.write()
    told = {row["HomeTeam"]: row for row in reversed(rows(league))}
    assert (told["Iceberg Rovers"]["FTHG"], told["Iceberg Rovers"]["FTAG"]) == ("2", "1")
    assert told["Glacier Town"]["Date"] == f"{league.frozen.put_off_to:%d/%m/%Y}"
    assert told["Glacier Town"]["FTHG"] == ""


def test_bets_are_reckoned_by_the_last_score_and_void_legs_are_left_out(tmp_path):
    league, _ = made(tmp_path)
    home, over = DemoLeg(league.derby, HOME, 210), DemoLeg(league.derby, OVER, 191)
    assert ConfirmedBet(1, 33, 69, (home,)).payout() == 69
    league.derby.scores += ((2, 2),)
    assert (ConfirmedBet(1, 33, 69, (home,)).payout(0), ConfirmedBet(1, 33, 69, (home,)).payout()) == (69, 0)
    assert ConfirmedBet(1, 33, 63, (over,)).payout() == 63
    assert [league.derby.has_won(pick) for pick in (HOME, DRAW, AWAY, OVER, UNDER)] == [False, True, False, True, False]
    assert league.derby.titles == ["Iceberg Rovers v Fjord United 2-1", "Corrected: Iceberg Rovers v Fjord United 2-2"]
    league.frozen.put_off_to = league.frozen.starts + timedelta(days=21)
    frozen = DemoLeg(league.frozen, HOME, 180)
    assert ConfirmedBet(1, 50, 90, (frozen,)).payout() == 50
    assert ConfirmedBet(1, 33, 113, (frozen, over)).payout() == 63
    assert league.frozen.titles == ["Glacier Town v Drift Albion: void"]


def test_the_right_share_what_the_others_staked_rounded_down():
    market = SeenMarket(None, {1: ("Yes", 40), 2: ("Yes", 30), 3: ("No", 50)}, "Yes")
    assert [market.payout(user) for user in (1, 2, 3)] == [40 + 28, 30 + 21, 0]
