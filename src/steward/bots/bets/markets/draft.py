"""A market in the making: as it was typed, until it is posted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from steward.bots.bets.kinds import MARKET_DRAFT
from steward.client.panels.drafts import Drafts
from steward.client.panels.typed_times import TypedTime

MOST_OUTCOMES = 10


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


MARKET_DRAFTS = Drafts(MarketDraft, MARKET_DRAFT)
