"""A member's own bets, a page at a time: on games, in members' markets, and slips that they wrote."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, listed_games
from steward.bots.bets.markets.manual_slips import ManualSlip, slips_of
from steward.bots.bets.markets.market import MemberMarket
from steward.bots.bets.markets.rows import markets_of
from steward.bots.bets.placing.bets import Bet, BetStatus, find_bets
from steward.bots.bets.placing.quoting import why_kept, why_not_cancelled
from steward.bots.bets.section import BetsSection
from steward.store import Transaction, marks

A_PAGE = 5


class PlacedStake(NamedTuple):
    """A member's stake in a market, on the outcome of a number; `returned` as in `MarketOutcome`, 0 in a pool."""

    market: MemberMarket
    outcome: int
    stake: int
    returned: int
    status: BetStatus
    payout: int | None
    changed_ms: int


OwnBet = Bet | PlacedStake | ManualSlip


class BetPage(NamedTuple):
    """
    Some bets of a member, the newest first, with the games of those on games by number; pages count from 0.

    Attributes:
        unlocked: numbers of bets on games that can still be cancelled.

    """

    bets: tuple[OwnBet, ...]
    games: Mapping[int, Game]
    page: int
    has_more: bool
    unlocked: frozenset[int] = frozenset()


_KINDS = GAMES, STAKES, SLIPS = "bet_bets", "bet_market_stakes", "bet_manual_slips"


def own_bets(
    tx: Transaction, guild_id: int, user_id: int, page: int, section: BetsSection, *, is_open: bool
) -> BetPage:
    """Return a page of a member's open bets, or of those that are settled, cancelled or deleted."""
    page, is_over = max(0, page), "=" if is_open else "<>"
    some = (
        f"SELECT '{kind}' AS kind, id, placed_at FROM {kind} WHERE guild_id = ? AND user_id = ?"  # noqa: S608 - ours
        f" AND status {is_over} 'open'"
        for kind in _KINDS
    )
    rows = tx.all(
        f"{' UNION ALL '.join(some)} ORDER BY placed_at DESC, id DESC LIMIT ? OFFSET ?",
        (*(guild_id, user_id) * len(_KINDS), A_PAGE + 1, page * A_PAGE),
    )
    shown = [(kind, number) for kind, number, _ in rows[:A_PAGE]]
    of_kind = {kind: [number for one, number in shown if one == kind] for kind in _KINDS}
    bets, stakes, slips = find_bets(tx, of_kind[GAMES]), _stakes(tx, of_kind[STAKES]), slips_of(tx, of_kind[SLIPS])
    listed = listed_games(tx, {leg.game for bet in bets.values() for leg in bet.legs})
    ahead = {game for game, one in listed.items() if is_open and not why_not_cancelled(tx, one)}
    unlocked = frozenset(
        bet.id
        for bet in bets.values()
        if all(leg.game in ahead for leg in bet.legs) and not why_kept(tx, bet.placed_ms, section)
    )
    games = {number: one.game for number, one in listed.items()}
    found: dict[str, Mapping[int, OwnBet]] = {GAMES: bets, STAKES: stakes, SLIPS: slips}
    every = tuple(found[kind][number] for kind, number in shown)
    return BetPage(every, games, page, len(rows) > A_PAGE, unlocked)


def _stakes(tx: Transaction, numbers: Collection[int]) -> dict[int, PlacedStake]:
    sql = "SELECT id, market, outcome, stake, returned, status, payout, changed_at FROM bet_market_stakes"
    rows = tx.all(f"{sql} WHERE id IN ({marks(numbers)})", tuple(numbers)) if numbers else []
    markets = markets_of(tx, {row["market"] for row in rows})
    return {
        number: PlacedStake(markets[market], outcome, stake, returned, BetStatus(status), payout, changed_ms)
        for number, market, outcome, stake, returned, status, payout, changed_ms in rows
    }
