"""When a leg waits no longer: its game wasn't played in time, or nobody tells how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.bots.bets.fixtures.fixture import OPEN_STATUSES
from steward.bots.bets.grading.windows import VoidWindow, last_start

OFF_STATUSES = frozenset({"PST", "CANC", "ABD"})
"""The statuses of games that were not played to an end, whether they had begun or not."""
LONGEST_WAIT = timedelta(days=14)
"""For the result of a game that was played, or may have been, or that may be played whenever it will."""


def waits_until(
    window: VoidWindow, listed: datetime, actual: datetime, status: str, unbegun: datetime | None, *, is_gone: bool
) -> datetime:
    """
    Return until when a leg without a result waits; then it is void.

    A game that begins too late, was put off or called off, or is listed no more is waited for until the end of its
    window. Any other one only if a feed says after that that it hasn't begun: where they say nothing, it may have been
    played.

    Args:
        listed: the start when the bet was placed, in the zone that the league keeps its days in.
        actual: the start as last heard.
        status: of the game, as last heard.
        unbegun: when a feed last told, after the start, that it hasn't begun; None: none did.
        is_gone: no feed lists it any more since before its start.

    """
    last = last_start(window, listed)
    if last is not None:
        is_unbegun = status in OPEN_STATUSES and (is_gone or (unbegun is not None and unbegun > last))
        if is_unbegun or status in OFF_STATUSES or actual > last:
            return last
    return max(listed, actual) + LONGEST_WAIT
