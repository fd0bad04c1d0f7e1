"""Which boards of days show something else now: marked where a bet or a result is written, drawn when they are sent."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.board_retention import KEEP_BOARDS
from steward.bots.bets.fixtures.changed_days import Day, local_day, take_changed, turned
from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.kinds import BOARD
from steward.store import Transaction, from_millis, marks
from steward.store.desired import desired
from steward.store.outbox import outbox


def bets_changed(tx: Transaction, guild_id: int, games: Collection[int]) -> None:
    """Have the boards of some games' days show the bets of now; the first bet of a day puts its board up."""
    # One statement, since most bets are placed in a guild without boards or on a day that has one.
    rows = tx.all(
        "SELECT c.channel_id, g.league, g.starts_at, l.zone FROM bet_board_channels c"  # noqa: S608 - marks
        f" JOIN bet_games g ON g.id IN ({marks(games)}) JOIN bet_leagues l ON l.id = g.league WHERE c.guild_id = ?",
        (*games, guild_id),
    )
    days = {(channel_id, league, local_day(starts, ZoneInfo(zone))) for channel_id, league, starts, zone in rows}
    for channel_id, league, day in sorted(days):
        if day <= (tx.now - KEEP_BOARDS).toordinal():  # a bet settled as late as that would put up a second board
            continue
        sql = "SELECT id FROM bet_boards WHERE league = ? AND day = ? AND guild_id = ?"
        place = (league, day, guild_id)
        number = tx.value(sql, place)
        if number is None:
            number = tx.insert_numbered("bet_boards", dict(zip(("league", "day", "guild_id"), place, strict=True)))
            if number is not None:
                _put_up(tx, guild_id, channel_id, number)
                continue
            number = tx.value(sql, place)  # another process has just put it up
        desired.mark(tx, BOARD, number)


def _put_up(tx: Transaction, guild_id: int, channel_id: int, number: int) -> None:
    from steward.bots.bets.boards.day_board import board  # once a day

    sent = board_key(number)
    outbox.put(tx, key=sent, channel_id=channel_id, payload=board(tx, number))
    desired.promise(tx, BOARD, number, guild_id=guild_id, lane=channel_id, key=sent)


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


def board_key(number: int) -> str:
    """Name the message that is a board, in the outbox."""
    return f"bet_board:{number}"


def _day_of(tx: Transaction, game: Game) -> tuple[int, int]:
    """Return the league and the day of a game, as the league keeps it."""
    zone = ZoneInfo(find_league(tx, game.league).zone)
    return game.league, local_day(game.starts_ms, zone)
