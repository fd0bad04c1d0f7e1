"""A ruling in the making, until it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from steward.bots.bets.kinds import RULING_DRAFT
from steward.client.panels.drafts import Drafts

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class RulingDraft:
    """
    A ruling in the making.

    Attributes:
        id: of the press that began it.
        body: JSON of the result that was chosen; empty until one was.
        seen: `PendingGame.seen` when it was.

    """

    id: int
    game: int
    body: str = ""
    reason: str = ""
    seen: str = ""


RULING_DRAFTS = Drafts(RulingDraft, RULING_DRAFT)
