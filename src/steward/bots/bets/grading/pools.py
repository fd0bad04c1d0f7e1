"""Pools: the stakes of the losing side go to the winning side, in proportion, rounded down a bet."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.odds.probability import BPS


class PoolStatus(StrEnum):
    """How a pool ended."""

    PAID = "paid"
    ONE_SIDED = "one_sided_refund"
    NO_WINNER = "no_winner_refund"
    """Nobody bet on what won."""
    VOID = "void_refund"


class PoolPayout(NamedTuple):
    """What a pool pays each of its bets, in their order; with takeout and breakage it is what was staked."""

    status: PoolStatus
    payouts: tuple[int, ...]
    takeout: int = 0
    breakage: int = 0


def pay_pool(
    bets: Sequence[tuple[str, int]], winner: str | None, takeout_bps: int = 0, *, gross: bool = False
) -> PoolPayout:
    """
    Return what becomes of a pool; what rounding leaves over is breakage, less than one point a winning bet.

    Args:
        bets: selection and stake of each.
        winner: the selection; None if the market is void.
        takeout_bps: the book's part of the losing side, rounded down.
        gross: of all stakes instead; a winner may then get back less than the stake.

    """
    stakes = tuple(stake for _, stake in bets)
    total, won = sum(stakes), sum(stake for selection, stake in bets if selection == winner)
    if winner is None or won in {0, total}:
        refund = PoolStatus.VOID if winner is None else PoolStatus.ONE_SIDED if won else PoolStatus.NO_WINNER
        return PoolPayout(refund, stakes)
    takeout = (total if gross else total - won) * takeout_bps // BPS
    shared = total - takeout
    payouts = tuple(stake * shared // won if selection == winner else 0 for selection, stake in bets)
    return PoolPayout(PoolStatus.PAID, payouts, takeout, shared - sum(payouts))
