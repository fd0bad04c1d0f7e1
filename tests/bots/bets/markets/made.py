"""Markets for tests: one made, bet in and answered in a few words."""

from __future__ import annotations

from datetime import timedelta

from steward.bots.bets.ledger.accounts import ISSUANCE, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.markets import staking
from steward.bots.bets.markets.making import make_market
from steward.bots.bets.markets.market import MemberMarket
from steward.bots.bets.markets.written import read_outcomes
from steward.bots.bets.section import BetsSection
from steward.store import to_millis
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA

MARKET, HALL = 500, 70
SECTION = BetsSection()
POOL, ODDS = "Yes\nNo", "Yes @ 2.50\nNo @ 1.50"


def a_market(tx, outcomes=POOL, takeout_bps=0, number=MARKET):
    """Have Olga make a market that closes in an hour; Ada, Ben and Carla have 100 points each."""
    closes = to_millis(tx.now + timedelta(hours=1))
    made = MemberMarket(
        *(number, GUILD, HALL, OLGA, "Who wins?", "The scorer", takeout_bps, closes, read_outcomes(outcomes)),
        deadline_ms=closes,
    )
    make_market(tx, made, SECTION)
    grants = [Movement(f"grant:{user}", "grant", {ISSUANCE: -100, wallet(user): 100}) for user in (ADA, BEN, CARLA)]
    post(tx, GUILD, grants)


def bet(tx, user, outcome, amount, press, section=SECTION, number=MARKET):
    return staking.stake(tx, GUILD, user, number, outcome, str(amount), section, stake_id=1000 + press, press=press)
