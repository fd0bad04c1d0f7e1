"""A member's own bets, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, listed_games
from steward.bots.bets.placing.bets import Bet, find_bets
from steward.bots.bets.placing.quoting import why_not_cancelled
from steward.store import Transaction

A_PAGE = 5


class BetPage(NamedTuple):
    """
    Some bets of a member, the newest first, with their games by number; pages count from 0.

    Attributes:
        unlocked: numbers of those that can still be cancelled.

    """

    bets: tuple[Bet, ...]
    games: Mapping[int, Game]
    page: int
    has_more: bool
    unlocked: frozenset[int] = frozenset()


def own_bets(tx: Transaction, guild_id: int, user_id: int, page: int, *, is_open: bool) -> BetPage:
    """Return a page of a member's open bets, or of those that are settled or cancelled."""
    page = max(0, page)
    rows = tx.all(
        "SELECT id FROM bet_bets WHERE guild_id = ? AND user_id = ?"  # noqa: S608 - ours
        f" AND status {'=' if is_open else '<>'} 'open' ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?",
        (guild_id, user_id, A_PAGE + 1, page * A_PAGE),
    )
    numbers = [number for (number,) in rows[:A_PAGE]]
    bets = find_bets(tx, numbers)
    listed = listed_games(tx, {leg.game for bet in bets.values() for leg in bet.legs})
    ahead = {game for game, one in listed.items() if is_open and not why_not_cancelled(tx, one)}
    unlocked = frozenset(bet.id for bet in bets.values() if all(leg.game in ahead for leg in bet.legs))
    games = {number: one.game for number, one in listed.items()}
    return BetPage(tuple(bets[number] for number in numbers), games, page, len(rows) > A_PAGE, unlocked)
