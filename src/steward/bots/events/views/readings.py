"""Times that can be read in more than one way, each said in full."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from steward.bots.events.views.post import at
from steward.runtime.wall_time import instant_of

MOST_DOUBTS = 5  # buttons of a row


def said_in_full(wall: datetime, zone: ZoneInfo) -> str:
    """Say a wall time by its own zone and by the reader's: `Friday 3 April 2026, 20:00 (Europe/Berlin): …`."""
    instant = instant_of(wall, zone)
    return f"{wall:%A} {wall.day} {wall:%B %Y, %H:%M} ({zone.key}): {at(instant)}, {at(instant, 'R')}"
