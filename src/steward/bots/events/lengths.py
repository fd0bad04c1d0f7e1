"""Lengths of time as organisers write them: `90`, `2h`, `1h30`, `1:30`, `2 hours 15 min`, `3 days before`."""

from __future__ import annotations

import re

from steward.bots.events.details import BadEvent
from steward.text.cutting import cut_label

HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60

_UNITS = {"m": 1, "h": HOUR, "d": DAY, "w": WEEK}
_NAMES = ((WEEK, "week"), (DAY, "day"), (HOUR, "hour"), (1, "minute"))
_PART = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,2})?)\s*(minutes?|mins?|min|m|hours?|hrs?|hr|h|days?|d|weeks?|w)(?![a-z])[\s,]*(?:and\s+)?|"
    r"(\d{1,6})$"
)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_AROUND = re.compile(r"^(?:about|for)\s+|\s+(?:before|ahead|long|early)$")


def minutes_of(text: str, what: str) -> int:
    """
    Read a length; a bare number counts minutes.

    Args:
        text: as somebody wrote it.
        what: the length of what, for the sentence: `The length`.

    Raises:
        BadEvent: it is none; the remedy shows how it is written.

    """
    written = _AROUND.sub("", text.strip().lower()).strip()
    clock = _CLOCK.fullmatch(written)
    if clock is not None:
        return int(clock[1]) * HOUR + int(clock[2])
    minutes, position = 0.0, 0
    while position < len(written):
        part = _PART.match(written, position)
        if part is None:
            break
        if part[3] is not None:
            minutes += int(part[3])  # the 30 of 1h30, or a bare number
        else:
            minutes += float(part[1].replace(",", ".")) * _UNITS[part[2][0]]
        position = part.end()
    if not written or position < len(written):
        raise BadEvent(
            f"{what} “{cut_label(text, 50)}” is no length of time.", remedy="Write it like 90 min, 2h, 1h30 or 2 days."
        )
    return round(minutes)


def spell(minutes: int) -> str:
    """Say a length in words; `minutes_of` reads them back."""
    words = []
    for size, name in _NAMES:
        count, minutes = divmod(minutes, size)
        if count:
            words.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(words) or "0 minutes"
