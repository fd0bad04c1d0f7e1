"""What looked like an attempt at something that is not allowed, remembered for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.bots.ops.facts import Fact, Standing
from steward.runtime.circular_buffer import CircularBuffer
from steward.runtime.clock import Clock
from steward.runtime.loggers import get_logger

log = get_logger(__name__)

REMEMBERED = 500
DAY = timedelta(days=1)


class Suspicion(StrEnum):
    """What it looked like."""

    NOT_ALLOWED = "command used without permission"
    TOO_FAST = "commands faster than allowed"
    FORGED = "button or menu this bot didn't make"
    RAID = "many joins at once"


OFTEN = 20  # of one kind in a day
ONCE_IS_ENOUGH = frozenset({Suspicion.RAID})


@dataclass(frozen=True, slots=True)
class Incident:
    """One such thing: what, when, who, where, and in a few words."""

    suspicion: Suspicion
    at: datetime
    guild_id: int | None
    user_id: int | None
    about: str


class SecurityLog:
    """
    Remembers the newest incidents, in memory, and logs each.

    Args:
        clock: the time.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._incidents: CircularBuffer[Incident] = CircularBuffer(REMEMBERED)

    def note(
        self, suspicion: Suspicion, about: str, *, guild_id: int | None = None, user_id: int | None = None
    ) -> None:
        """Remember that something has just happened."""
        log.info("suspicious", kind=suspicion.name.lower(), guild=guild_id, user=user_id, about=about)
        self._incidents.append(Incident(suspicion, self._clock.now(), guild_id, user_id, about))

    def within(self, length: timedelta) -> list[Incident]:
        """Return what has happened since so long ago, the oldest first."""
        begin = self._clock.now() - length
        return [incident for incident in self._incidents if incident.at >= begin]

    def facts(self, _: int | None = None) -> Sequence[Fact]:
        """Tell the last day by kind, and the newest three."""
        recent = self.within(DAY)
        if not recent:
            return [Fact("Suspicious activity", "none in the last 24 hours")]
        counted = Counter(incident.suspicion for incident in recent)
        told = [
            Fact(
                suspicion.value.capitalize(),
                f"{count:,} times in 24 hours",
                Standing.WATCH if suspicion in ONCE_IS_ENOUGH or count >= OFTEN else Standing.FINE,
            )
            for suspicion, count in counted.most_common()
        ]
        return told + [
            Fact("Lately", f"<t:{int(incident.at.timestamp())}:R> {_who(incident)}{incident.about}")
            for incident in recent[-3:][::-1]
        ]


def _who(incident: Incident) -> str:
    return "" if incident.user_id is None else f"<@{incident.user_id}> "
