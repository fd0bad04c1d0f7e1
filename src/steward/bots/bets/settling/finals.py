"""From a result to the work of settling: which guilds have bets on the game, and what open bets wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.boards.board_changes import result_changed
from steward.bots.bets.fixtures.ladder import LadderStage
from steward.bots.bets.fixtures.results import read_result
from steward.bots.bets.grading.rules import Rows, rule_for
from steward.bots.bets.kinds import WAITS
from steward.bots.bets.placing.bets import find_bets
from steward.bots.bets.settling.expiry import waits_until
from steward.bots.bets.settling.game_grader import local
from steward.bots.bets.settling.gradings import (
    MAY_DISPUTE_MS,
    Grading,
    add_grading,
    newest_grading,
    settled_since,
)
from steward.bots.bets.settling.reviews import ReviewKind, begin_review, open_review
from steward.bots.bets.settling.settle import LegPlace, void_legs
from steward.store import Transaction, to_millis
from steward.store.due import due

RowsOf = Callable[[int], Rows]
"""The rules of a guild of its own."""


class Waiting(NamedTuple):
    """Open legs that are alike: of a guild, on a game, in a market, with the same listed start."""

    guild_id: int
    game: int
    market: str
    listed_ms: int
    starts_ms: int
    began_ms: int | None
    status: str
    sport: str
    zone: str
    unbegun_ms: int | None
    is_gone: int | None

    def until(self, own: Rows) -> int:
        """Return until when they wait, in milliseconds."""
        zone, actual_ms = ZoneInfo(self.zone), self.starts_ms if self.began_ms is None else self.began_ms
        window = rule_for(self.sport, self.market, own).window
        unbegun = None if self.unbegun_ms is None else local(self.unbegun_ms, zone)
        listed, actual = local(self.listed_ms, zone), local(actual_ms, zone)
        return to_millis(waits_until(window, listed, actual, self.status, unbegun, is_gone=self.is_gone == 1))


class RefundCount(NamedTuple):
    """How many bets on a game that wasn't played are refunded, and how many parlays go on without it."""

    refunds: int
    going_on: int


_OPEN = (
    "SELECT DISTINCT b.guild_id, l.game, l.market, l.listed_at, g.starts_at, g.began_at, g.status, a.sport, a.zone,"
    " (SELECT MAX(r.unbegun_at) FROM bet_game_refs r WHERE r.game = g.id),"
    " (SELECT MIN(CASE WHEN r.gone_at IS NULL THEN 0 ELSE 1 END) FROM bet_game_refs r WHERE r.game = g.id)"
    " FROM bet_legs l JOIN bet_bets b ON b.id = l.bet JOIN bet_games g ON g.id = l.game"
    " JOIN bet_leagues a ON a.id = g.league WHERE l.version = 0 AND l.listed_at <= ?"
)


def told_of_result(tx: Transaction, game: int, version: int | None) -> None:
    """Have the bets on a game settled by a version of its result, or have it told that this waits; see `OnFinal`."""
    if version is not None:
        result_is_ready(tx, game, version)
        return
    for guild_id in _guilds_with_bets(tx, game):
        due.put(tx, WAITS, game, tx.now, guild_id=guild_id, name=str(guild_id))


def result_is_ready(tx: Transaction, game: int, version: int) -> None:
    """Have the bets on a game settled by a version of its result, or settled anew."""
    result_changed(tx, game)
    for guild_id in _guilds_with_bets(tx, game):
        follow_result(tx, guild_id, game)


def follow_result(tx: Transaction, guild_id: int, game: int) -> None:
    """
    Have the bets of a guild settled by the newest result of a game, unless a person there has to look first.

    That is so after a ruling, and where it came more than a day after they were settled. While the game is disputed,
    nothing happens: once that has ended this is called again.
    """
    ready = tx.one("SELECT version, body, at FROM bet_results WHERE game = ? ORDER BY version DESC LIMIT 1", (game,))
    newest = newest_grading(tx, guild_id, game)
    if ready is None or open_review(tx, guild_id, game) is not None:
        return
    version, body, at_ms = ready
    if newest is None or (newest.version is not None and newest.version < version and _in_time(tx, newest, at_ms)):
        add_grading(tx, guild_id, game, version=version)
    elif read_result(body) != newest.result:
        begin_review(tx, guild_id, game, ReviewKind.CORRECTION)


def _guilds_with_bets(tx: Transaction, game: int) -> list[int]:
    sql = (
        "SELECT DISTINCT b.guild_id FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"
        " WHERE l.game = ? AND b.status <> 'cancelled' ORDER BY b.guild_id"
    )
    return [guild_id for (guild_id,) in tx.all(sql, (game,))]


def _in_time(tx: Transaction, grading: Grading, at_ms: int) -> bool:
    since = settled_since(tx, grading.guild_id, grading.game)
    return since is None or at_ms - since < MAY_DISPUTE_MS


def games_with_open_bets(tx: Transaction) -> list[int]:
    """Return the games on which bets are open."""
    sql = "SELECT DISTINCT l.game FROM bet_legs l JOIN bet_bets b ON b.id = l.bet WHERE l.version = 0"
    return [row[0] for row in tx.all(f"{sql} AND b.status = 'open'")]


def settle_missed(tx: Transaction) -> None:
    """Have settled what has a result and isn't being settled, such as a bet that was committed just after it."""
    sql = (
        "SELECT DISTINCT b.guild_id, l.game FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"
        " JOIN bet_games g ON g.id = l.game WHERE l.version = 0 AND l.listed_at <= ? AND g.stage = ?"
        " AND b.status <> 'cancelled' AND NOT EXISTS"
        " (SELECT 1 FROM bet_gradings d WHERE d.guild_id = b.guild_id AND d.game = l.game)"
    )
    for guild_id, game in tx.all(sql, (tx.now_ms, LadderStage.READY.value)):
        version = tx.value("SELECT MAX(version) FROM bet_results WHERE game = ?", (game,))
        add_grading(tx, guild_id, game, version=version)


def expired(tx: Transaction, rows_of: RowsOf) -> set[tuple[int, int]]:
    """Return the guilds, each with a game, of which legs wait no longer, or can't be read: that fails there alone."""

    def is_over(one: Waiting) -> bool:
        try:
            return one.until(rows_of(one.guild_id)) < tx.now_ms
        except (KeyError, ValueError, OverflowError):
            return True

    waiting = [Waiting(*row) for row in tx.all(_OPEN, (tx.now_ms,))]
    return {(one.guild_id, one.game) for one in waiting if is_over(one)}


def void_some(tx: Transaction, guild_id: int, game: int, own: Rows, most: int) -> bool:
    """Have the next legs on a game void that wait no longer; return whether these were the last."""
    newest = newest_grading(tx, guild_id, game)
    if (newest is not None and newest.done_ms is None) or open_review(tx, guild_id, game) is not None:
        return True
    alike = [Waiting(*row) for row in tx.all(f"{_OPEN} AND l.game = ? AND b.guild_id = ?", (tx.now_ms, game, guild_id))]
    places: list[LegPlace] = []
    for one in alike:
        if one.until(own) < tx.now_ms and len(places) < most:
            sql = (
                "SELECT l.bet, l.number FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"
                " WHERE l.game = ? AND l.version = 0 AND l.market = ? AND l.listed_at = ? AND b.guild_id = ?"
                " ORDER BY l.bet, l.number LIMIT ?"
            )
            values = (game, one.market, one.listed_ms, guild_id, most - len(places))
            places += [LegPlace(bet, number - 1) for bet, number in tx.all(sql, values)]
    void_legs(tx, guild_id, find_bets(tx, {place.bet for place in places}), places)
    return len(places) < most


def refunded(tx: Transaction, guild_id: int, game: int) -> RefundCount:
    """Return what became of the bets of a guild with a leg that is void since this game wasn't played in time."""
    sql = (
        "SELECT COUNT(DISTINCT CASE WHEN b.outcome = 'void' THEN l.bet END),"
        " COUNT(DISTINCT CASE WHEN b.status = 'open' THEN l.bet END)"
        " FROM bet_legs l JOIN bet_bets b ON b.id = l.bet"
        " WHERE l.game = ? AND l.version = -1 AND b.guild_id = ? AND b.status <> 'cancelled'"
    )
    ((refunds, going_on),) = tx.all(sql, (game, guild_id))
    return RefundCount(refunds, going_on)
