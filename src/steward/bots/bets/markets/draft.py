"""A market in the making: as it was typed, until it is posted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from steward.bots.bets.errors import BetsError
from steward.bots.bets.markets.market import MemberMarket
from steward.bots.bets.markets.written import read_outcomes
from steward.client.embeds import plain
from steward.client.panels.drafts import Drafts
from steward.client.panels.typed_times import TypedTime
from steward.runtime.wall_time import instant_of
from steward.store import to_millis

LONGEST_OPEN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MarketDraft:
    """
    A market in the making.

    Attributes:
        id: of the command that began it; it becomes the market's, so that it is made once.
        outcomes: as they were typed, one a line.
        closes: when it closes; None until it was written.

    """

    id: int
    channel_id: int
    zone: ZoneInfo
    question: str = ""
    outcomes: str = ""
    source: str = ""
    closes: TypedTime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all was written that it needs."""
        return bool(self.question and self.outcomes and self.source) and self.closes is not None

    def changed(self, **values: Any) -> MarketDraft:
        """Return it with some attributes changed."""
        return replace(self, **values)

    def market(self, guild_id: int, creator_id: int, now: datetime, takeout_bps: int) -> MemberMarket:
        """
        Return the market that it becomes.

        Raises:
            BetsError: it can't be so.

        """
        if self.closes is None or not self.is_whole:
            raise BetsError("That market isn't finished.", remedy="Press Change and fill in what's missing.")
        outcomes = read_outcomes(self.outcomes)
        closes_at = instant_of(self.closes.readings[0].start, self.zone)
        if closes_at <= now:
            raise BetsError(
                f"It would be closed already: “{plain(self.closes.text)}” has passed.", remedy="Choose a later time."
            )
        if closes_at > now + LONGEST_OPEN:
            raise BetsError(f"A market is open for up to {LONGEST_OPEN.days} days.", remedy="Let it close earlier.")
        takeout = 0 if outcomes[0].odds is not None else takeout_bps
        head = (self.id, guild_id, self.channel_id, creator_id, self.question, self.source, takeout)
        return MemberMarket(*head, to_millis(closes_at), outcomes, deadline_ms=to_millis(closes_at))


MARKET_DRAFTS = Drafts(MarketDraft, "bets.draft.market.")
