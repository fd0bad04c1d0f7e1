"""Wall times in few words, and as values of choices and buttons."""

from __future__ import annotations

from datetime import datetime

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.series import WALL, read_wall
from steward.text.cutting import cut_label


def label(wall: datetime) -> str:
    """Say a wall time in few words: `Fri 27 Nov 2026, 20:00`."""
    return f"{wall:%a} {wall.day} {wall:%b %Y, %H:%M}"


def value(wall: datetime) -> str:
    """Write a wall time as a value; `wall_of` reads it back."""
    return wall.strftime(WALL)


def wall_of(text: str) -> datetime:
    """Read a value; raises `BadEvent` if it is none: somebody wrote in place of choosing."""
    try:
        return read_wall(text.strip())
    except ValueError:
        raise BadEvent(
            f"“{cut_label(text, 50)}” isn't one of its times.",
            remedy="Pick one from the list that shows while you type.",
        ) from None
