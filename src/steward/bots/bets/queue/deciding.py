"""A person's word about what feeds leave open: kept once, whoever gives it, in Discord or on the command line."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.fixtures.fixture import NOT_STARTED, FeedFixture
from steward.bots.bets.fixtures.games import Game, find_games, keep_game
from steward.bots.bets.fixtures.ladder import LadderStage
from steward.bots.bets.fixtures.leagues import find_league
from steward.bots.bets.fixtures.results import decide
from steward.bots.bets.fixtures.teams import TeamBook
from steward.bots.bets.fixtures.unmatched import TOPIC, Unmatched, item_of, link
from steward.bots.bets.grading.results import GameResult, Score
from steward.bots.bets.grading.typed import VOID_RESULT, typed_result
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from steward.bots.bets.settling.finals import told_of_result
from steward.errors import StewardError
from steward.store import Transaction


class BadDecision(StewardError):
    """What somebody decided about doesn't wait any more, or can't be so."""


GONE = "Somebody has decided that already."


class TypedScores(NamedTuple):
    """How a game ended, see `typed_result`."""

    regular: Score
    after: Score | None = None
    half: Score | None = None
    shootout: str = ""


class DecidedGame(NamedTuple):
    """A game, and what somebody says was its result."""

    game: Game
    result: GameResult


def open_item(tx: Transaction, number: int, since_ms: int | None = None) -> Unmatched:
    """
    Return something that waits.

    Args:
        since_ms: since when, as it was shown; None if only the number is known. SQLite numbers a later item like one
            that was decided.

    Raises:
        BadDecision: it doesn't wait any more.

    """
    item = item_of(tx, number)
    if item is None or since_ms not in {None, item.since_ms}:
        raise BadDecision(GONE)
    return item


def decide_item(tx: Transaction, number: int, decision: ItemDecision, *, since_ms: int | None = None) -> int:
    """
    Keep what a person says of an item, and return the number of the team or game that it is; 0 if it is ignored.

    Args:
        since_ms: see `open_item`.

    Raises:
        BadDecision: it doesn't wait any more, or can't be so.

    """
    item = open_item(tx, number, since_ms)
    if decision.choice is ItemChoice.IGNORED:
        tx.execute("UPDATE bet_unmatched SET ignored = 1 WHERE id = ?", (number,))
        return 0
    found = _found(tx, item, decision)
    tx.execute("DELETE FROM bet_unmatched WHERE id = ?", (number,))
    tx.notify(TOPIC)
    return found


def stated_result(tx: Transaction, number: int, scores: TypedScores | None, *, waits: bool = False) -> DecidedGame:
    """
    Return a game, and the result that somebody states.

    Args:
        scores: None if it doesn't count, so that stakes go back.
        waits: only a game whose result waits for a person is meant.

    Raises:
        BadDecision: there is no such game, or its result doesn't wait any more, or it hasn't begun.
        BetsError: the scores contradict each other, or a game of that sport can't end so.

    """
    game = find_games(tx, [number]).get(number)
    if game is None:
        raise BadDecision(f"There is no game {number}.")
    if waits and game.stage != LadderStage.WAITING:
        raise BadDecision(GONE)
    if scores is None:
        return DecidedGame(game, VOID_RESULT)
    if game.starts_ms > tx.now_ms and game.status == NOT_STARTED:
        raise BadDecision("That game hasn't begun.", remedy="Check which one it is. You can say that it's void.")
    return DecidedGame(game, typed_result(find_league(tx, game.league).sport, *scores))


def decide_result(tx: Transaction, number: int, scores: TypedScores | None, *, waits: bool = False) -> DecidedGame:
    """Have a person's word be the result of a game, whatever feeds tell from now on; see `stated_result`."""
    decided = stated_result(tx, number, scores, waits=waits)
    decide(tx, decided.game, decided.result, told_of_result)
    return decided


def _found(tx: Transaction, item: Unmatched, decision: ItemDecision) -> int:
    """Return the team or game that an item is, and keep that it is that."""
    match decision.choice:
        case ItemChoice.TEAM:
            return _known_team(tx, item, decision.target)
        case ItemChoice.NEW if item.name:
            return _new_team(tx, item)
        case ItemChoice.NEW:
            return _new_game(tx, item)
    return _known_game(tx, item, decision.target, swapped=decision.choice is ItemChoice.SWAPPED)


def _known_team(tx: Transaction, item: Unmatched, team: int) -> int:
    if not item.name or tx.value("SELECT league FROM bet_teams WHERE id = ?", (team,)) != item.league:
        raise BadDecision("That team isn't of this league.")
    TeamBook(tx, item.league, item.provider).call(item.name, item.ref, team)
    return team


def _new_team(tx: Transaction, item: Unmatched) -> int:
    team = TeamBook(tx, item.league, item.provider).make(item.name, item.ref)
    if team is None:
        raise BadDecision("There is a team of that name already.")
    return team


def _known_game(tx: Transaction, item: Unmatched, game: int, *, swapped: bool) -> int:
    if item.name or tx.value("SELECT league FROM bet_games WHERE id = ?", (game,)) != item.league:
        raise BadDecision("That game isn't of this league.")
    return _linked(tx, item, game, swapped=swapped)


def _new_game(tx: Transaction, item: Unmatched) -> int:
    teams = TeamBook(tx, item.league, item.provider)
    home, away = teams.find(item.home, ""), teams.find(item.away, "")
    if home is None or away is None:
        raise BadDecision("First say which teams play in it.")
    sql = "SELECT COALESCE(MAX(number), 0) FROM bet_games WHERE league = ? AND home = ? AND away = ? AND listed_at = ?"
    same = tx.value(sql, (item.league, home, away, item.starts_ms))
    return _linked(tx, item, keep_game(tx, item.league, (home, away), _told(item), same + 1), swapped=False)


def _linked(tx: Transaction, item: Unmatched, game: int, *, swapped: bool) -> int:
    link(tx, item.provider, item.league, item.ref, game, _told(item), swapped=swapped)
    return game


def _told(item: Unmatched) -> FeedFixture:
    return FeedFixture(item.ref, item.home, item.away, item.starts_ms)
