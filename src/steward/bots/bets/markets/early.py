"""
How a market ends before its time: betting is closed early, or all of it is void.

While a market is open everybody can take their stake back, so one bet manager is enough to give all of them back.
Once it is closed, void is an answer like any other.
"""

from __future__ import annotations

from steward.bots.bets.errors import BetsError
from steward.bots.bets.markets import notices
from steward.bots.bets.markets.market import VOID_ANSWER, MarketStatus, MemberMarket
from steward.bots.bets.markets.resolving import STAKED, current, enter, note_step, settle
from steward.bots.bets.markets.rows import has_stake
from steward.store import Transaction

CLOSED_ALREADY = BetsError("It's closed already.", remedy="`/market show` says what comes now.")
NOT_OPEN = BetsError(
    "It isn't open any more, so one bet manager alone can't void it.",
    remedy="Void is one of the answers to *What happened?*: somebody else has to confirm it.",
)


def close_market(tx: Transaction, guild_id: int, user_id: int, market_id: int, *, manages: bool) -> MemberMarket:
    """
    Have a market take no more stakes and give none back, as at the time it was to close; one without stakes is over.

    Args:
        manages: whether the member is a bet manager.

    Raises:
        BetsError: see `require_may_close`.

    """
    market = current(tx, market_id, guild_id)
    require_may_close(tx, market, user_id, manages=manages)
    note_step(tx, market, "closed", None, user_id)
    tx.execute("UPDATE bet_markets SET closes_at = ? WHERE id = ?", (tx.now_ms, market_id))
    market = market._replace(closes_ms=tx.now_ms)
    if not market.staked:
        return settle(tx, market, VOID_ANSWER)
    if market.creator_id != user_id:
        notices.closed(tx, market)
    return enter(tx, market, MarketStatus.CLOSED, None)


def require_may_close(tx: Transaction, market: MemberMarket, user_id: int, *, manages: bool) -> None:
    """
    Refuse whoever may not close a market early.

    Raises:
        BetsError: it isn't open, or isn't theirs, or they have a stake in it.

    """
    if market.status is not MarketStatus.OPEN:
        raise CLOSED_ALREADY
    if not (manages or market.creator_id == user_id):
        raise BetsError("Only who made this market, or a bet manager, can close it.")
    if has_stake(tx, market.id, user_id):
        raise STAKED


def void_market(tx: Transaction, guild_id: int, user_id: int, market_id: int, reason: str) -> MemberMarket:
    """
    Give all stakes of an open market back; that the member is a bet manager is the caller's to check.

    Raises:
        BetsError: see `require_may_void`.

    """
    market = current(tx, market_id, guild_id)
    require_may_void(tx, market, user_id)
    note_step(tx, market, "voided", VOID_ANSWER, user_id)
    tx.execute("UPDATE bet_markets SET void_reason = ? WHERE id = ?", (reason, market_id))
    return settle(tx, market._replace(void_reason=reason), VOID_ANSWER, voided_by=user_id)


def require_may_void(tx: Transaction, market: MemberMarket, user_id: int) -> None:
    """
    Refuse a bet manager who may not void a market.

    Raises:
        BetsError: it isn't open, or they have a stake in it.

    """
    if market.status is not MarketStatus.OPEN or tx.now_ms >= market.closes_ms:
        raise NOT_OPEN
    if has_stake(tx, market.id, user_id):
        raise STAKED
