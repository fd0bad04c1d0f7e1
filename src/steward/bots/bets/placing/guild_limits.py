"""What a guild takes of a bet, on a game or in a market: the largest stake and return, and the most in a day."""

from __future__ import annotations

from steward.bots.bets.care.limits import staked_since
from steward.bots.bets.care.rules import LimitPeriod, span_of
from steward.bots.bets.section import MOST_POINTS, BetsSection
from steward.bots.bets.slips.checks import BetBefore, BetLimits, require_within
from steward.store import Transaction


def require_within_guild(
    tx: Transaction,
    guild_id: int,
    user_id: int,
    stake: int,
    returned: int,
    section: BetsSection,
    *,
    on_game: int | None = None,
) -> None:
    """
    Refuse a stake in points that is more than the guild takes; to be asked in the unit of work that places it.

    Args:
        returned: if it wins; 0 where nobody knows yet, as in a pool.
        on_game: what the member has bet on the same game; None where it is on no game, as in a market.

    Raises:
        OverLimit: it is too large.

    """
    limits = BetLimits(
        section.stake_limit or MOST_POINTS,
        min(section.return_limit or MOST_POINTS, MOST_POINTS),
        None if on_game is None else section.game_limit or None,
        section.daily_limit or None,
    )
    today = 0
    if limits.day is not None:
        midnight, _ = span_of(LimitPeriod.DAY, tx.now, section.zone_info)
        today = staked_since(tx, guild_id, user_id, midnight)
    require_within(limits, stake, returned, BetBefore(on_game or 0, today), shown=section.points)
