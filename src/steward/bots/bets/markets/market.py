"""A market that a member made: its outcomes, what they pay, and what becomes of the stakes. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.pools import pay_pool
from steward.bots.bets.odds.prices import Odds, most_returned, reduced
from steward.bots.bets.odds.probability import BPS

VOID_ANSWER = 0
"""The answer by which everybody is refunded."""
TURN = timedelta(hours=48)
"""So long whoever's turn it is has time; then everybody is refunded."""
OBJECTIONS = timedelta(hours=24)
"""So long a bettor can object to what was confirmed; then it is paid."""


class MarketStatus(StrEnum):
    """Where a market is in its life."""

    OPEN = "open"
    """It takes stakes."""
    CLOSED = "closed"
    """Somebody is to propose an answer."""
    PROPOSED = "proposed"
    """A second person is to confirm it."""
    CONFIRMED = "confirmed"
    """Bettors can object."""
    OBJECTED = "objected"
    """A bet manager is to decide."""
    SETTLED = "settled"


class MarketOutcome(NamedTuple):
    """
    One thing that may happen.

    Attributes:
        number: 1, 2, 3 ...
        odds: at which the house pays; None in a pool.
        staked, bets: how many points stand on it, and in how many stakes.
        returned: what the house pays if it happens; 0 in a pool.

    """

    number: int
    label: str
    odds: Odds | None = None
    staked: int = 0
    bets: int = 0
    returned: int = 0


class MemberMarket(NamedTuple):
    """
    A market.

    Attributes:
        creator_id: None for somebody forgotten.
        source: what decides it, in the creator's words.
        takeout_bps: the house's part of the losing side of a pool.
        answer: the number of the outcome that was proposed, or by which it was settled; `VOID_ANSWER`; None so far.
        deadline_ms: until when it stays in its status.
        void_reason: why a bet manager voided it while it was open; else empty.

    """

    id: int
    guild_id: int
    channel_id: int
    creator_id: int | None
    question: str
    source: str
    takeout_bps: int
    closes_ms: int
    outcomes: tuple[MarketOutcome, ...]
    status: MarketStatus = MarketStatus.OPEN
    answer: int | None = None
    deadline_ms: int = 0
    void_reason: str = ""

    @property
    def has_odds(self) -> bool:
        """Whether the house pays fixed odds; else it is a pool."""
        return self.outcomes[0].odds is not None

    @property
    def staked(self) -> int:
        return sum(outcome.staked for outcome in self.outcomes)

    def outcome(self, number: int) -> MarketOutcome:
        """
        Return an outcome.

        Raises:
            BetsError: it has none of that number.

        """
        for one in self.outcomes:
            if one.number == number:
                return one
        raise BetsError("That market has no such outcome.", remedy="Choose one of those that it shows.")

    def answer_label(self, answer: int | None) -> str:
        """Say an answer in words."""
        return "void" if not answer else self.outcome(answer).label

    def pays(self, outcome: MarketOutcome) -> Odds | None:
        """Return the odds of an outcome, in a pool as they stand now; None while nothing stands against it."""
        if outcome.odds is not None:
            return outcome.odds
        against = (self.staked - outcome.staked) * (BPS - self.takeout_bps)
        if not outcome.staked or not against:
            return None
        return Odds(*reduced(outcome.staked * BPS + against, outcome.staked * BPS))


class MarketStake(NamedTuple):
    """An open stake; `returned` as in `MarketOutcome`, the owner None for somebody forgotten."""

    id: int
    outcome: int
    user_id: int | None
    stake: int
    returned: int


class MarketPayout(NamedTuple):
    """What each stake is paid, in their order; with what the house keeps and the breakage it is a pool's stakes."""

    payouts: tuple[int, ...]
    takeout: int = 0
    breakage: int = 0


def payout(market: MemberMarket, stakes: Sequence[MarketStake], answer: int) -> MarketPayout:
    """Return what becomes of the stakes of a market once it is answered."""
    if not market.has_odds:
        bets = [(str(one.outcome), one.stake) for one in stakes]
        paid = pay_pool(bets, str(answer) if answer else None, market.takeout_bps)
        return MarketPayout(paid.payouts, paid.takeout, paid.breakage)
    if answer == VOID_ANSWER:
        return MarketPayout(tuple(one.stake for one in stakes))
    return MarketPayout(tuple(one.returned if one.outcome == answer else 0 for one in stakes))


def returned_by(odds: Odds | None, stake: int) -> int:
    """Return what a stake pays at fixed odds if it wins; 0 in a pool."""
    return 0 if odds is None else most_returned(stake, [odds])


def exposure(outcomes: Iterable[MarketOutcome]) -> int:
    """Return the most that the house can lose by a market."""
    kept = list(outcomes)
    return max(0, *(one.returned for one in kept)) - sum(one.staked for one in kept)
