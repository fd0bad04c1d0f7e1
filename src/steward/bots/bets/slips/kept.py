"""Where slips are kept until they are confirmed: one of each kind a member."""

from __future__ import annotations

from steward.bots.bets.kinds import PARLAY_DRAFT, SLIP_DRAFT
from steward.bots.bets.slips.slip import BetSlip
from steward.client.panels.drafts import Drafts

SLIPS = Drafts(BetSlip, SLIP_DRAFT)
PARLAYS = Drafts(BetSlip, PARLAY_DRAFT)
