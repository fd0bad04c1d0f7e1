"""A poll for a time, as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class PollState(StrEnum):
    """How far a poll has come."""

    OPEN = "open"
    CLOSED = "closed"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class PollTime:
    """
    One of the times that are asked for.

    Attributes:
        wall: on the clock of the poll's zone.
        starts_at: the same, an instant.
        voters: who could, id and name, in the order in which they said so.

    """

    position: int
    wall: datetime
    starts_at: datetime
    voters: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """
    A poll.

    Attributes:
        id: of the interaction that made it, so that the same one makes it once.

    """

    id: int
    guild_id: int
    channel_id: int
    organiser_id: int
    zone: ZoneInfo
    title: str
    minutes: int
    closes_at: datetime
    times: Sequence[PollTime]
    state: PollState = PollState.OPEN

    def best(self, now: datetime) -> PollTime | None:
        """Return the time that lies ahead and suits most, the earliest of several; None where nobody could."""
        ahead = [time for time in self.times if time.voters and time.starts_at > now]
        return min(ahead, key=lambda time: (-len(time.voters), time.starts_at), default=None)
