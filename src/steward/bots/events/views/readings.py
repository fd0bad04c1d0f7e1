"""A time that can be read in more than one way: each reading said in full, and a button for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from steward.bots.events.drafts.draft import TimeReading
from steward.bots.events.views.post import at
from steward.client.components import Style, button, row
from steward.client.embeds import Message, plain
from steward.runtime.wall_time import instant_of

MAX_READINGS = 5  # buttons of a row


def which_reading(
    text: str,
    readings: Sequence[TimeReading],
    zone: ZoneInfo,
    id_of: Callable[[int, TimeReading], str],
    *,
    notes: Sequence[str] = (),
) -> Message:
    """
    Ask which reading of a time is meant, the likeliest first.

    Args:
        zone: on whose wall clock they are.
        id_of: the custom id of a reading's button, by its number and the reading.

    """
    shown = readings[:MAX_READINGS]
    lines = [f"“{plain(text)}” can be read in more than one way. Which one do you mean?"]
    lines += [f"- {_in_full(reading.start, zone)}" for reading in shown]
    buttons = [
        button(reading.label, id_of(number, reading), style=Style.GREY if number else Style.BLUE)
        for number, reading in enumerate(shown)
    ]
    return {"content": "\n".join([*lines, *notes]), "components": [row(*buttons)]}


def _in_full(wall: datetime, zone: ZoneInfo) -> str:
    """Say a wall time by its own zone and by the reader's: `Friday 3 April 2026, 20:00 (Europe/Berlin): …`."""
    instant = instant_of(wall, zone)
    return f"{wall:%A} {wall.day} {wall:%B %Y, %H:%M} ({zone.key}): {at(instant)}, {at(instant, 'R')}"
