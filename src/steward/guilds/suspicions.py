"""What looked like an attempt at something that is not allowed, remembered for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from steward.runtime.circular_buffer import CircularBuffer
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

REMEMBERED = 500


class Suspicion(StrEnum):
    """What it looked like."""

    NOT_ALLOWED = "command used without permission"
    TOO_FAST = "commands faster than allowed"
    FORGED = "button or menu this bot didn't make"
    RAID = "many joins at once"


@dataclass(frozen=True, slots=True)
class Incident:
    """One such thing: what, when, who, where, and in a few words."""

    suspicion: Suspicion
    at: datetime
    guild_id: int | None
    user_id: int | None
    about: str


class SuspicionLog:
    """Remembers the newest incidents, in memory, and logs each."""

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
