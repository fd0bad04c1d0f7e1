"""What the house may lose by each game and market: the worst case of all bets that are open on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.section import BetsMode
from steward.store import Transaction

EXCLUSIVE = frozenset(
    {"1x2", "3way", "european_handicap", "moneyline", "draw_no_bet", "spread", "asian_handicap", "games_handicap",
     "sets_handicap", "total", "games_total", "team_total_home", "team_total_away", "btts", "odd_even", "correct_score",
     "set_betting", "rounds_total", "method", "distance", "to_qualify", "prop"}
)  # fmt: skip
"""Markets of whose selections one can win at the most."""
_TWO_SIDED = frozenset({"spread", "asian_handicap", "games_handicap", "sets_handicap"})


class OpenStakes(NamedTuple):
    """
    Open bets on one selection; `is_parlay` for those with other legs.

    Attributes:
        returned: what all of them pay together if they win.

    """

    game: int
    market: str
    period: str
    subject: str
    selection: str
    line: int | None
    is_parlay: bool
    bets: int
    staked: int
    returned: int


class GameExposure(NamedTuple):
    """What the house loses by a game in the worst case, and the bets that are open on it."""

    game: Game
    worst: int
    bets: int
    staked: int


class MarketExposure(NamedTuple):
    """The same of a members' market; the house loses nothing by a pool."""

    question: str
    is_pool: bool
    worst: int
    bets: int
    staked: int


Exposure = GameExposure | MarketExposure


def open_stakes(tx: Transaction, guild_id: int) -> list[OpenStakes]:
    """Return what is staked on each selection in a guild, in points."""
    rows = tx.all(
        "SELECT l.game, l.market, l.period, l.subject, l.selection, l.line, COALESCE(o.number, 0), COUNT(*),"
        " SUM(b.stake), SUM(b.returned) FROM bet_bets b JOIN bet_legs l ON l.bet = b.id"
        " LEFT JOIN bet_legs o ON o.bet = b.id AND o.number = 2"
        " WHERE b.guild_id = ? AND b.status = 'open' AND b.mode = ?"
        " GROUP BY l.game, l.market, l.period, l.subject, l.selection, l.line, COALESCE(o.number, 0)",
        (guild_id, BetsMode.HOUSE.value),
    )
    return [_stakes(*row) for row in rows]


def _stakes(
    game: int, market: str, period: str, subject: str, selection: str, line: int | None, other: int, *sums: int
) -> OpenStakes:
    bets, staked, returned = map(int, sums)
    return OpenStakes(game, market, period, subject, selection, line, bool(other), bets, staked, returned)


def exposures(tx: Transaction, guild_id: int, most: int) -> list[GameExposure]:
    """Return the games by which a guild's house may lose most."""
    by_game: dict[int, list[OpenStakes]] = defaultdict(list)
    for one in open_stakes(tx, guild_id):
        by_game[one.game].append(one)
    worst = sorted(((worst_case(stakes), number) for number, stakes in by_game.items()), reverse=True)[:most]
    games = find_games(tx, [number for _, number in worst])
    return [
        GameExposure(games[number], loss, sum(one.bets for one in stakes), sum(one.staked for one in stakes))
        for loss, number in worst
        for stakes in (by_game[number],)
        if number in games
    ]


def market_exposures(tx: Transaction, guild_id: int, most: int) -> list[MarketExposure]:
    """Return the markets by which a guild's house may lose most; after them pools, by what is staked in them."""
    rows = tx.all(
        "SELECT m.question, MAX(o.returned) AS returned, SUM(o.bets) AS bets, SUM(o.staked) AS staked FROM (SELECT"
        " s.market, COUNT(*) AS bets, SUM(s.stake) AS staked, SUM(s.returned) AS returned FROM bet_market_stakes s"
        " WHERE s.guild_id = ? AND s.status = 'open' GROUP BY s.market, s.outcome) o JOIN bet_markets m"
        " ON m.id = o.market GROUP BY m.id, m.question",
        (guild_id,),
    )
    found = []
    for question, *sums in rows:
        returned, bets, staked = map(int, sums)
        found.append(MarketExposure(question, not returned, max(0, returned - staked), bets, staked))
    return sorted(found, key=lambda one: (one.is_pool, -one.worst, -one.staked))[:most]


def worst_exposures(tx: Transaction, guild_id: int, most: int) -> list[Exposure]:
    """Return the games and the markets by which a guild's house may lose most."""
    every: list[Exposure] = [*exposures(tx, guild_id, most), *market_exposures(tx, guild_id, most)]
    return sorted(every, key=lambda one: -one.worst)[:most]


def book_balance(tx: Transaction, guild_id: int) -> int:
    """Return what members have lost to a guild's house, less what they have won."""
    sql = "SELECT balance FROM bet_accounts WHERE guild_id = ? AND kind = 'book' AND owner_id = 0"
    return tx.value(sql, (guild_id,)) or 0


def worst_case(stakes: Iterable[OpenStakes]) -> int:
    """
    Return a bound of what the house can lose by the bets on one game, less what it keeps of those that then lose.

    Each market is taken at its own worst, at no loss where all of it is void; of parlays all other legs are taken to
    win.
    """
    markets: dict[object, list[OpenStakes]] = defaultdict(list)
    for one in stakes:
        markets[_group(one)].append(one)
    return sum(map(_worst, markets.values()))


def _group(one: OpenStakes) -> object:
    """Return what selections of which one wins at the most have in common."""
    if one.is_parlay or one.market not in EXCLUSIVE:
        return one
    line = one.line
    if one.market in _TWO_SIDED and one.selection == "away" and line is not None:
        line = -line
    return one.market, one.period, one.subject, line


def _worst(group: Iterable[OpenStakes]) -> int:
    """Return the loss by selections of which one wins: its return, less what is staked on all of them."""
    some = list(group)
    return max(0, max(one.returned for one in some) - sum(one.staked for one in some))
