"""Placed and settled bets for the tests of what is made of them."""

from steward.bots.bets.boards.closing import note_closing
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.placing.bets import BetLeg, find_bets, place
from steward.bots.bets.section import BetsMode

GUILD, ADA, BEN, CARLA = 1, 11, 12, 13


def on(game, selection="home", odds="2.50", market="1x2", line=None):
    return BetLeg(game.id, BetPick(market, selection, line), read_odds(odds), game.listed_ms)


def placed(tx, user_id, *legs, stake=100, mode=BetsMode.UNITS, guild_id=GUILD):
    number = tx.value("SELECT COUNT(*) FROM bet_bets")
    return place(tx, guild_id, user_id, stake, legs, mode=mode, key=f"test:{number}")[0]


def settled(tx, bet, outcome, payout, at_ms=None):
    """Settle a bet as settlement does, but for the money."""
    at_ms = tx.now_ms if at_ms is None else at_ms
    tx.execute(
        "UPDATE bet_bets SET status = 'settled', outcome = ?, payout = ?, settlements = settlements + 1,"
        " changed_at = ?, settled_at = COALESCE(settled_at, ?) WHERE id = ?",
        (outcome, payout, at_ms, at_ms, bet.id),
    )
    note_closing(tx, find_bets(tx, [bet.id]).values())


def done(tx, user_id, outcome, payout, leg, *, stake=100, at_ms=None, mode=BetsMode.UNITS):
    """Place a bet and settle it."""
    settled(tx, placed(tx, user_id, leg, stake=stake, mode=mode), outcome, payout, at_ms)
