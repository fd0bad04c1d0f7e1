"""When a leg waits no longer: its game wasn't played in time, or nobody tells how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.bots.bets.fixtures.fixture import GamePhase, phase_of
from steward.bots.bets.settlement.windows import VoidWindow, last_start

UNPLAYED = frozenset({"PST", "CANC", "ABD"})
"""The statuses of games that were not played to an end, whether they had begun or not."""
LONGEST_WAIT = timedelta(days=14)
"""For the result of a game that was played, or for one that may be played whenever it will."""


def waits_until(window: VoidWindow, listed: datetime, actual: datetime, status: str) -> datetime:
    """
    Return until when a leg without a result waits; then it is void, whatever the feed says or doesn't say.

    Args:
        listed: the start when the bet was placed, in the zone that the league keeps its days in.
        actual: the start as last heard.
        status: of the game, as last heard.

    """
    last = last_start(window, listed)
    began = status not in UNPLAYED and phase_of(status) >= GamePhase.PLAYING
    if last is not None and not (began and actual <= last):
        return last
    return max(listed, actual) + LONGEST_WAIT
