"""A market is made: of its draft, and kept with the promise of its post and of its closing."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.bots.bets.errors import BetsError
from steward.bots.bets.kinds import MARKET
from steward.bots.bets.markets import notices
from steward.bots.bets.markets.draft import MARKET_DRAFTS, MarketDraft
from steward.bots.bets.markets.market import MemberMarket
from steward.bots.bets.markets.rows import insert_market
from steward.bots.bets.markets.written import read_outcomes
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.markets import market_post
from steward.client.embeds import plain
from steward.runtime.wall_time import instant_of
from steward.store import Transaction, from_millis, to_millis
from steward.store.due import due

LONGEST_OPEN = timedelta(days=365)


def drafted_market(draft: MarketDraft, guild_id: int, creator_id: int, now: datetime, takeout_bps: int) -> MemberMarket:
    """
    Return the market that a draft becomes.

    Raises:
        BetsError: it can't be so.

    """
    if draft.closes is None or not draft.is_whole:
        raise BetsError("That market isn't finished.", remedy="Press Change and fill in what's missing.")
    outcomes = read_outcomes(draft.outcomes)
    closes_at = instant_of(draft.closes.readings[0].start, draft.zone)
    if closes_at <= now:
        raise BetsError(
            f"It would be closed already: “{plain(draft.closes.text)}” has passed.", remedy="Choose a later time."
        )
    if closes_at > now + LONGEST_OPEN:
        raise BetsError(f"A market is open for up to {LONGEST_OPEN.days} days.", remedy="Let it close earlier.")
    takeout = 0 if outcomes[0].odds is not None else takeout_bps
    head = (draft.id, guild_id, draft.channel_id, creator_id, draft.question, draft.source, takeout)
    return MemberMarket(*head, to_millis(closes_at), outcomes, deadline_ms=to_millis(closes_at))


def make_market(tx: Transaction, market: MemberMarket, section: BetsSection) -> None:
    """
    Keep a market, have it posted and closed, and forget its draft; once, however often Post is pressed.

    Raises:
        BetsError: its creator has too many that aren't settled.

    """
    if not insert_market(tx, market):
        return
    if market.creator_id is not None:
        MARKET_DRAFTS.drop(tx, market.guild_id, market.creator_id)
    notices.posted(tx, market, market_post(market, section))
    due.put(tx, MARKET, market.id, from_millis(market.closes_ms), guild_id=market.guild_id)
