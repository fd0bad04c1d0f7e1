"""How good the odds of settled bets were against the close: kept with each bet, so that sums need nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from steward.bots.bets.boards.leaderboard import SEVERAL
from steward.bots.bets.fixtures.games import Game, listed_games
from steward.bots.bets.fixtures.market_prices import PriceKey, closing_prices
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.odds.probability import price_gain_bps
from steward.bots.bets.placing.bets import Bet, BetLeg
from steward.store import Transaction, chunks, marks

MOST_BPS = 1_000_000_000


def note_closing(tx: Transaction, bets: Collection[Bet]) -> None:
    """
    Keep the sport and the closing line value of some bets that were settled.

    A parlay's is that of all its legs together; it is missing where nobody told a price before the start of a game.
    """
    games = listed_games(tx, {leg.game for bet in bets for leg in bet.legs})
    closes = {number: closing_prices(tx, one.game) for number, one in games.items() if _has_begun(tx, one.game)}
    same: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for bet in bets:
        played = {games[leg.game].sport for leg in bet.legs if leg.game in games}
        sport = played.pop() if len(played) == 1 else SEVERAL
        same[sport, closing_bps(bet.legs, closes)].append(bet.id)
    for values, numbers in same.items():
        for some in chunks(numbers):
            tx.execute(f"UPDATE bet_bets SET sport = ?, closing_bps = ? WHERE id IN ({marks(some)})", (*values, *some))  # noqa: S608


def closing_bps(legs: Collection[BetLeg], closes: dict[int, dict[PriceKey, Odds]]) -> int | None:
    """Return the closing line value of a bet in basis points, rounded down; None if the close of a leg is missing."""
    taken, closed = [], []
    for leg in legs:
        pick = leg.pick
        close = closes.get(leg.game, {}).get(PriceKey(pick.market, pick.selection, pick.line, pick.period))
        if close is None or pick.subject:
            return None
        taken.append(leg.odds)
        closed.append(close)
    return min(price_gain_bps(taken, closed), MOST_BPS) if taken else None


def _has_begun(tx: Transaction, game: Game) -> bool:
    """Whether the last price is the closing one."""
    return tx.now_ms >= game.actual_ms
