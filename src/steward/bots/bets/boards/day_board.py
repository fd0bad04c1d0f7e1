"""The board of a league's day: one message in the bets channel of a guild, edited in place as bets and results come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.board_retention import KEEP_BOARDS
from steward.bots.bets.boards.days import games_of_day
from steward.bots.bets.fixtures.changed_days import Day, local_day, take_changed, turned
from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey, is_main, prices_of_games
from steward.bots.bets.fixtures.results import ready_results
from steward.bots.bets.kinds import BOARD
from steward.bots.bets.slips.checks import why_locked
from steward.bots.bets.views.games import BoardLine, board_view, score_of
from steward.client.embeds import Message
from steward.client.posts.messages import DesiredMessage
from steward.store import Transaction, from_millis, marks
from steward.store.desired import desired
from steward.store.outbox import outbox

MOST_GAMES = 40


def bets_changed(tx: Transaction, guild_id: int, games: Collection[int]) -> None:
    """Have the boards of some games' days show the bets of now; the first bet of a day puts its board up."""
    channel_id = tx.value("SELECT channel_id FROM bet_board_channels WHERE guild_id = ?", (guild_id,))
    if channel_id is None:
        return
    for league, day in sorted({_day_of(tx, game) for game in find_games(tx, games).values()}):
        if day <= (tx.now - KEEP_BOARDS).toordinal():  # a bet settled as late as that would put up a second board
            continue
        key = {"league": league, "day": day, "guild_id": guild_id}
        is_new = tx.insert_new("bet_boards", key)
        number: int = tx.value(
            "SELECT id FROM bet_boards WHERE league = ? AND day = ? AND guild_id = ?", (league, day, guild_id)
        )
        if is_new:
            sent = board_key(number)
            outbox.put(tx, key=sent, channel_id=channel_id, payload=board(tx, number))
            desired.promise(tx, BOARD, number, guild_id=guild_id, lane=channel_id, key=sent)
        else:
            desired.mark(tx, BOARD, number)


def result_changed(tx: Transaction, game: int) -> None:
    """Have the board of a game's day show its result, in every guild."""
    for found in find_games(tx, [game]).values():
        # A game that was moved leaves the day that it was on.
        for day in {_day_of(tx, found), _day_of(tx, found._replace(starts_ms=found.listed_ms))}:
            for (number,) in tx.all("SELECT id FROM bet_boards WHERE league = ? AND day = ?", day):
                desired.mark(tx, BOARD, number)


def changed_boards(tx: Transaction, since_ms: int) -> set[Day]:
    """Return the days whose boards show something else than they did then, by what feeds told or by the clock."""
    upcoming = "SELECT DISTINCT league FROM bet_boards WHERE day >= ?"
    leagues = {league for (league,) in tx.all(upcoming, (from_millis(since_ms).date().toordinal() - 1,))}
    return turned(tx, leagues, since_ms)


def follow_feeds(tx: Transaction, days: Collection[Day]) -> None:
    """Have all boards of some days, and of those of which feeds told something else, show what is known now."""
    numbers = [
        number
        for day in sorted({*days, *take_changed(tx)})
        for (number,) in tx.all("SELECT id FROM bet_boards WHERE league = ? AND day = ? ORDER BY id", day)
    ]
    desired.mark_some(tx, BOARD, numbers)


def board_message(tx: Transaction, number: int) -> DesiredMessage:
    """Return a board as it should be; nobody misses one that was deleted."""
    return DesiredMessage(board_key(number), board(tx, number), None)


def board(tx: Transaction, number: int) -> Message:
    """Draw a board."""
    (row,) = tx.all("SELECT league, day, guild_id FROM bet_boards WHERE id = ?", (number,))
    league_id, day, guild_id = row
    league = find_league(tx, league_id)
    found = games_of_day(tx, [league], date.fromordinal(day), 0, MOST_GAMES)
    ids = [game.id for game in found.games]
    bets, prices, results = _bets_on(tx, guild_id, ids), prices_of_games(tx, ids), ready_results(tx, found.games)
    scores = {number: score_of(result) for number, result in results.items()}
    lines = [
        BoardLine(game, _open_odds(tx, game, prices[game.id]), bets.get(game.id, 0), scores.get(game.id, ""))
        for game in found.games
    ]
    return board_view(found, league.name, lines)


def board_key(number: int) -> str:
    """Name the message that is a board, in the outbox."""
    return f"bet_board:{number}"


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


def _day_of(tx: Transaction, game: Game) -> tuple[int, int]:
    """Return the league and the day of a game, as the league keeps it."""
    zone = ZoneInfo(find_league(tx, game.league).zone)
    return game.league, local_day(game.starts_ms, zone)
