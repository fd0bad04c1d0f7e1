"""A slip: what a member is about to bet, at the prices that they were shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import Odds, most_returned
from steward.bots.bets.section import BetsMode
from steward.bots.bets.slips.quotes import Quote


@dataclass(frozen=True, slots=True)
class QuotedLeg:
    """
    A pick with the price that the member was shown.

    Attributes:
        game: our own id of it.
        line: in quarters; None where the market has none.
        was: the price before it moved, and `was_line` its line; None where it is as the member chose it.

    """

    game: int
    market: str
    selection: str
    line: int | None
    period: str
    odds: Odds
    was: Odds | None = None
    was_line: int | None = None

    @property
    def pick(self) -> BetPick:
        return BetPick(self.market, self.selection, self.line, self.period)

    @property
    def quote(self) -> Quote:
        return Quote(self.odds, self.line)

    def followed(self, now: Quote) -> QuotedLeg:
        """Return the leg at the price of now, with the one that the member chose as long as that isn't the same."""
        chosen = self if self.was is None else replace(self, odds=self.was, line=self.was_line)
        return chosen.at(now)

    def at(self, now: Quote) -> QuotedLeg:
        """Return the leg at the price of now, which the member hasn't agreed to."""
        if now == self.quote:
            return replace(self, was=None, was_line=None)
        return replace(self, odds=now.odds, line=now.line, was=self.odds, was_line=self.line)


@dataclass(frozen=True, slots=True)
class BetSlip:
    """
    A slip of one leg, or of a parlay in the making.

    Attributes:
        id: of the interaction with which it began: at most one bet is placed by it.
        stake: in points, or in units mode hundredths of a unit; 0: none is set.
        mode: in which the stake was set.
        quoted_ms: since when the prices are shown.
        revision: counted up with each change: a button that was pressed on an earlier one places nothing.

    """

    id: int
    legs: tuple[QuotedLeg, ...] = ()
    stake: int = 0
    mode: BetsMode = BetsMode.HOUSE
    quoted_ms: int = 0
    revision: int = 0

    @property
    def returned(self) -> int:
        """What it pays if all legs win; 0 without a stake or a leg."""
        return most_returned(self.stake, (leg.odds for leg in self.legs)) if self.legs else 0

    def staked(self, stake: int, mode: BetsMode) -> Self:
        """Return it with another stake."""
        return replace(self, stake=stake, mode=mode, revision=self.revision + 1)

    def without(self, place: int) -> Self:
        """Return it without a leg, by its place from 0."""
        return replace(self, legs=self.legs[:place] + self.legs[place + 1 :], revision=self.revision + 1)

    def quoted(self, legs: tuple[QuotedLeg, ...], now_ms: int) -> Self:
        """Return it with these legs, all at the prices of now."""
        return replace(self, legs=legs, quoted_ms=now_ms, revision=self.revision + 1)
