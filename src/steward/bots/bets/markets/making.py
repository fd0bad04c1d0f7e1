"""A market is made: kept, with the promise of its post and of its closing."""

from __future__ import annotations

from steward.bots.bets.markets import notices
from steward.bots.bets.markets.draft import MARKET_DRAFTS
from steward.bots.bets.markets.market import MARKET, MemberMarket
from steward.bots.bets.markets.rows import insert_market
from steward.bots.bets.views.markets import market_post
from steward.store import Transaction, from_millis
from steward.store.due import due


def make_market(tx: Transaction, market: MemberMarket) -> None:
    """
    Keep a market, have it posted and closed, and forget its draft; once, however often Post is pressed.

    Raises:
        BetsError: its creator has too many that aren't settled.

    """
    if not insert_market(tx, market):
        return
    if market.creator_id is not None:
        MARKET_DRAFTS.drop(tx, market.guild_id, market.creator_id)
    notices.posted(tx, market, market_post(market))
    due.put(tx, MARKET, market.id, from_millis(market.closes_ms), guild_id=market.guild_id)
