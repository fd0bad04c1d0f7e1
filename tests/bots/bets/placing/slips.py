"""Slips for tests: on a game that a feed tells of, with an open wallet."""

from steward.bots.bets.ledger.accounts import ISSUANCE, wallet
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.slips.slip import BetSlip, QuotedLeg
from tests.bots.bets.fixtures.kept import DAY, one_x_two
from tests.bots.bets.ledger.book import ADA, GUILD
from tests.scenarios.bets.games import heard


async def derby(kept):
    """Have a feed tell of Arsenal v Chelsea in a day, and return the game."""
    await kept.tell(kept.fixture("derby", after=DAY, markets=(one_x_two("2.10", "3.40", "3.60"),)))
    await heard(kept)
    return await kept.game()


def on_home(game, number, now_ms, stake=100):
    leg = QuotedLeg(game, "1x2", "home", None, "", read_odds("2.10"))
    return BetSlip(number, (leg,), stake, quoted_ms=now_ms)


def granted(tx, points, user_id=ADA):
    entries = {ISSUANCE: -points, wallet(user_id): points}
    post(tx, GUILD, [Movement(f"grant:{points}", "grant", entries)])
