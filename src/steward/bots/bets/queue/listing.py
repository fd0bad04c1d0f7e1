"""What waits for the operator, page by page, and what each thing may be."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.fixtures.games import GAMES, Game, find_games, game_of
from steward.bots.bets.fixtures.matching import NEAR
from steward.bots.bets.fixtures.results import count_waiting_results, waiting_results
from steward.bots.bets.fixtures.teams import TeamBook
from steward.bots.bets.fixtures.unmatched import Unmatched, count_waiting, waiting
from steward.store import Transaction

PAGE = 10
MOST_GAMES = 12
"""Each is offered twice, as it is and with its sides swapped: a menu takes 25."""


class WaitingPage(NamedTuple):
    """
    A page of what waits: results first, for bets wait for them.

    Attributes:
        number: from 0.
        total: how much waits on all pages.

    """

    number: int
    total: int
    results: list[Game]
    items: list[Unmatched]

    @property
    def has_more(self) -> bool:
        return (self.number + 1) * PAGE < self.total


class TeamChoice(NamedTuple):
    """A team that a name may be of."""

    id: int
    name: str


def waiting_page(tx: Transaction, number: int) -> WaitingPage:
    """Return a page; the last one if there are fewer by now."""
    results = count_waiting_results(tx)
    total = results + count_waiting(tx)
    number = max(0, min(number, (total - 1) // PAGE))
    begin = number * PAGE
    games = waiting_results(tx, PAGE, begin)
    items = waiting(tx, PAGE - len(games), max(0, begin - results))
    return WaitingPage(number, total, games, items)


def team_choices(tx: Transaction, item: Unmatched) -> list[TeamChoice]:
    """Return the teams of the league by name, those first that play such a game: names that look alike say nothing."""
    likely = _playing(tx, item)
    rows = tx.all("SELECT id, name FROM bet_teams WHERE league = ? ORDER BY name, id", (item.league,))
    return sorted((TeamChoice(*row) for row in rows), key=lambda team: team.id not in likely)


def team_name(tx: Transaction, team: int) -> str:
    """Return how a team is shown; empty if there is none."""
    return tx.value("SELECT name FROM bet_teams WHERE id = ?", (team,)) or ""


def game_choices(tx: Transaction, item: Unmatched) -> list[Game]:
    """Return the games that a feed may mean, the likeliest first: the one that was found, then those of its teams."""
    teams = TeamBook(tx, item.league, item.provider)
    pair = {teams.find(item.home, ""), teams.find(item.away, "")}
    found = find_games(tx, () if item.game is None else (item.game,))
    found.update((game.id, game) for game in _near(tx, item))

    def unlikely(game: Game) -> tuple[bool, bool, int]:
        return game.id != item.game, {game.home, game.away} != pair, abs(game.starts_ms - item.starts_ms)

    return sorted(found.values(), key=unlikely)[:MOST_GAMES]


def _playing(tx: Transaction, item: Unmatched) -> set[int]:
    """Return the teams of the game that is known, or else those that play against the other side then."""
    if item.game is not None:
        games = list(find_games(tx, [item.game]).values())
    else:
        other = item.away if item.name == item.home else item.home
        known = TeamBook(tx, item.league, item.provider).find(other, "")
        games = [game for game in _near(tx, item) if known in {game.home, game.away}]
        return {team for game in games for team in (game.home, game.away)} - {known}
    return {team for game in games for team in (game.home, game.away)}


def _near(tx: Transaction, item: Unmatched) -> list[Game]:
    window = (item.league, item.starts_ms - NEAR, item.starts_ms + NEAR)
    sql = f"{GAMES} WHERE g.league = ? AND g.starts_at >= ? AND g.starts_at <= ? ORDER BY g.starts_at, g.id"
    return [game_of(row) for row in tx.all(sql, window)]
