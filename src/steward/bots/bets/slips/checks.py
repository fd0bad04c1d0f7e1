"""When a bet may be placed, and how large: checked at placement, by the server's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from steward.bots.bets.fixtures.fixture import OPEN_STATUSES, GamePhase, phase_of
from steward.bots.bets.fixtures.freshness import most_age
from steward.errors import StewardError
from steward.text.plurals import counted

DAY = 86_400  # seconds
NOT_OPEN = "This game isn't open for bets."
SMALLER = "Try a smaller stake."


class MarketLocked(StewardError):
    """No bet is taken on a game, now or any more."""


class OverLimit(StewardError):
    """A stake or what it may return is more than the guild takes."""


class BetLimits(NamedTuple):
    """
    What a guild takes, in points; None for no limit.

    Attributes:
        stake, returned: of one bet.
        game, day: of all bets of a member on one game, and in one day.

    """

    stake: int | None = None
    returned: int | None = None
    game: int | None = None
    day: int | None = None


class BetBefore(NamedTuple):
    """What a member has bet already: the most on one of the games of the new bet, and today."""

    on_game: int = 0
    today: int = 0


NOTHING_BEFORE = BetBefore()


def why_locked(now_ms: int, start_ms: int, status: str) -> str:
    """Return why bets on a game are locked, a sentence; empty before its start, however long feeds are silent."""
    if now_ms >= start_ms:
        return "Bets on this game are closed: it has started."
    return NOT_OPEN if phase_of(status) > GamePhase.PUT_OFF else ""


def require_open(now_ms: int, start_ms: int, status: str, feed_age: int) -> None:
    """
    Raise `MarketLocked` unless bets on a game are open.

    Args:
        now_ms: by the server's clock.
        start_ms: as last heard: a start brought forward locks at once.
        status: of the feed.
        feed_age: seconds since the feed told of it, which may be the more the further away the start is.

    """
    if why := why_locked(now_ms, start_ms, status):
        raise MarketLocked(why)
    if status not in OPEN_STATUSES:
        raise MarketLocked(NOT_OPEN)
    if 1000 * feed_age > most_age(start_ms - now_ms):
        ago = f"{counted(feed_age // 60, 'minute')} ago" if feed_age < DAY else "more than a day ago"
        raise MarketLocked(f"I last heard of it {ago}, so bets on this game are paused.")


def was_late(placed_ms: int, actual_ms: int) -> bool:
    """Whether a bet was placed once the game had really begun, and so is void."""
    return placed_ms >= actual_ms


def require_within(
    limits: BetLimits,
    stake: int,
    returned: int,
    before: BetBefore = NOTHING_BEFORE,
    *,
    shown: Callable[[int], str] = "{:,}".format,
) -> None:
    """
    Refuse a bet that is more than the guild takes; once placed, nothing is cut.

    Args:
        shown: writes an amount as the guild does.

    Raises:
        OverLimit: it is too large.

    """
    if limits.stake is not None and stake > limits.stake:
        raise OverLimit(f"The largest stake here is {shown(limits.stake)}.", remedy=SMALLER)
    if limits.returned is not None and returned > limits.returned:
        raise OverLimit(
            f"This bet could return {shown(returned)}, and the most here is {shown(limits.returned)}.", remedy=SMALLER
        )
    for most, so_far, what in ((limits.game, before.on_game, "on one game"), (limits.day, before.today, "in a day")):
        if most is not None and so_far + stake > most:
            left = shown(max(0, most - so_far))
            raise OverLimit(f"You can bet {shown(most)} {what} here. Left: {left}.", remedy=SMALLER)
