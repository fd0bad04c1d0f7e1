"""When a member's own limit holds, what it leaves to stake, and how long a break may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.errors import BetsError
from steward.runtime.wall_time import day_begins, wall_of

LOOSENS_AFTER_MS = 24 * 3600 * 1000
SHORTEST_COOL_OFF, LONGEST_COOL_OFF = 1, 30
"""Days."""
EXCLUSIONS = {"6 months": 183, "1 year": 366, "2 years": 731, "3 years": 1096, "5 years": 1827}
"""Days of a self-exclusion, by how members choose it."""


class LimitKind(StrEnum):
    """What a limit is of."""

    STAKE = "stake"
    LOSS = "loss"


class LimitPeriod(StrEnum):
    """For how long a limit is; both begin at midnight of the guild, a week on Monday."""

    DAY = "day"
    WEEK = "week"


class OverOwnLimit(BetsError):
    """A stake is more than a limit leaves that the member has set."""


class OnBreak(BetsError):
    """The member takes a break from betting."""


_DONE = {LimitKind.STAKE: "staked", LimitKind.LOSS: "lost"}


class OwnLimit(NamedTuple):
    """
    A limit that a member has set.

    Attributes:
        amount: in points; None for none.
        next_amount: what replaces it; None for none.
        next_ms: when; None: nothing does.

    """

    kind: LimitKind
    period: LimitPeriod
    amount: int | None = None
    next_amount: int | None = None
    next_ms: int | None = None

    def at(self, now_ms: int) -> OwnLimit:
        """Return the limit as it is then, once what was to replace it has."""
        if self.next_ms is None or now_ms < self.next_ms:
            return self
        return self._replace(amount=self.next_amount, next_amount=None, next_ms=None)

    def changed(self, amount: int | None, now_ms: int) -> OwnLimit:
        """Return the limit once another is set: a tighter one holds at once, a looser one after 24 hours."""
        now = self.at(now_ms)
        if amount is not None and (now.amount is None or amount <= now.amount):
            return OwnLimit(self.kind, self.period, amount)
        if amount == now.amount:  # none, as before
            return OwnLimit(self.kind, self.period)
        return now._replace(next_amount=amount, next_ms=now_ms + LOOSENS_AFTER_MS)


class Wagered(NamedTuple):
    """
    What a member has bet, in points.

    Attributes:
        staked: in the period.
        lost: in the period by bets that are settled, less what was won; below 0 for who is ahead.
        at_stake: on bets that are open, whenever they were placed.

    """

    staked: int = 0
    lost: int = 0
    at_stake: int = 0


def room(limit: OwnLimit, wagered: Wagered) -> int | None:
    """
    Return how much more may be staked under a limit; None for as much as one likes.

    Open bets count as lost until they are settled, so that losses stay within the limit however they end. What was won
    may be staked again, but never more than the limit is at stake at once.
    """
    if limit.amount is None:
        return None
    used = wagered.staked if limit.kind is LimitKind.STAKE else max(0, wagered.lost) + wagered.at_stake
    return max(0, limit.amount - used)


def require_room(limit: OwnLimit, wagered: Wagered, stake: int, ends: datetime, points: Callable[[int], str]) -> None:
    """
    Refuse a stake that a limit doesn't leave.

    Args:
        ends: when the period does.
        points: writes an amount.

    Raises:
        OverOwnLimit: it doesn't.

    """
    left = room(limit, wagered)
    if left is None or stake <= left:
        return
    said = f"Your own limit is {points(limit.amount or 0)} {_DONE[limit.kind]} a {limit.period}"
    if limit.kind is LimitKind.STAKE:
        said += f", and you've staked {points(wagered.staked)}."
        later = "Wait for"
    else:
        said += f": you've lost {points(max(0, wagered.lost))}, and have {points(wagered.at_stake)} on open bets."
        later = "Wait for your open bets, or for"
    raise OverOwnLimit(
        said, remedy=f"Stake up to {points(left)}." if left else f"{later} the next {limit.period}, {_relative(ends)}."
    )


def require_no_break(until: datetime | None) -> None:
    """
    Refuse a bet of a member who takes a break; None for whoever doesn't.

    Raises:
        OnBreak: they do.

    """
    if until is not None:
        ends = f"<t:{int(until.timestamp())}:f>"
        raise OnBreak(f"You're taking a break from betting until {ends}. Open bets are settled as usual.")


def span_of(period: LimitPeriod, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the day or week of an instant begins and ends by the clock of a zone."""
    day = wall_of(now, zone).date()
    days = 1
    if period is LimitPeriod.WEEK:
        day, days = day - timedelta(days=day.weekday()), 7
    return day_begins(day, zone), day_begins(day + timedelta(days=days), zone)


def _relative(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:R>"
