"""The board of a league's day: one message in the bets channel of a guild, edited in place as bets and results come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from steward.bots.bets.boards.board_changes import board_key
from steward.bots.bets.boards.days import games_of_day
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey, is_main, prices_of_games
from steward.bots.bets.fixtures.results import ready_results
from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.slips.checks import why_locked
from steward.bots.bets.views.games import BoardLine, board_view, score_of
from steward.client.embeds import Message
from steward.client.posts.messages import DesiredMessage
from steward.store import Transaction, marks

MOST_GAMES = 40


def board_message(tx: Transaction, number: int) -> DesiredMessage:
    """Return a board as it should be; nobody misses one that was deleted."""
    return DesiredMessage(board_key(number), board(tx, number), None)


def board(tx: Transaction, number: int) -> Message:
    """Draw a board."""
    (row,) = tx.all(
        "SELECT b.league, b.day, b.guild_id, c.odds_format FROM bet_boards b"
        " LEFT JOIN bet_board_channels c ON c.guild_id = b.guild_id WHERE b.id = ?",
        (number,),
    )
    league_id, day, guild_id, odds_format = row
    league = find_league(tx, league_id)
    found = games_of_day(tx, [league], date.fromordinal(day), 0, MOST_GAMES)
    ids = [game.id for game in found.games]
    bets, prices, results = _bets_on(tx, guild_id, ids), prices_of_games(tx, ids), ready_results(tx, found.games)
    scores = {number: score_of(result) for number, result in results.items()}
    lines = [
        BoardLine(game, _open_odds(tx, game, prices[game.id]), bets.get(game.id, 0), scores.get(game.id, ""))
        for game in found.games
    ]
    return board_view(found, league.name, lines, OddsFormat(odds_format or OddsFormat.DECIMAL))


def _open_odds(tx: Transaction, game: Game, prices: Mapping[PriceKey, GamePrice]) -> dict[PriceKey, GamePrice]:
    """Return the main odds of a game as far as bets are taken at them."""
    if why_locked(tx.now_ms, game.starts_ms, game.status):
        return {}
    return {key: price for key, price in prices.items() if is_main(key) and price.is_open}


def _bets_on(tx: Transaction, guild_id: int, games: Collection[int]) -> dict[int, int]:
    """Return how many bets of a guild each game has; cancelled ones don't count."""
    rows = tx.all(
        "SELECT l.game, COUNT(DISTINCT l.bet) FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"  # noqa: S608 - ours
        f" WHERE l.game IN ({marks(games)}) AND b.guild_id = ? AND b.status <> 'cancelled' GROUP BY l.game",
        (*games, guild_id),
    )
    return {game: int(number) for game, number in rows}
