"""
Kinds of durations and times.

Durations in settings are a notation, unlike `steward.text.durations`: precise to the millisecond, in seconds if no unit
is given, and parsed without language tables.
"""

from __future__ import annotations

import re
from datetime import time
from zoneinfo import ZoneInfo

from steward.settings.declare import Kind
from steward.settings.problems import BadValue

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(ms|min|s|m|h|d)\s*")
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


def duration(low: float, high: float, *, unit: float = 1.0) -> Kind[float]:
    """
    Return the kind of durations in seconds: `300`, `5m`, `1h30m`, `500ms`.

    Args:
        low: minimum, in seconds.
        high: maximum, in seconds.
        unit: seconds per unit of a bare number.

    """

    def read(given: str) -> float:
        seconds = _seconds(given.lower(), unit)
        if seconds is None:
            raise BadValue("is not a duration", "Write seconds such as 300, or with units: 5m, 1h30m.")
        if low <= seconds <= high:
            return seconds
        side = f"shorter than {notation(low)}" if seconds < low else f"longer than {notation(high)}"
        raise BadValue(f"is {side}", f"Write {notation(low)} to {notation(high)}.")

    return Kind(read, f"{notation(low)} to {notation(high)}")


def _seconds(given: str, unit: float) -> float | None:
    if _NUMBER.fullmatch(given):
        return float(given) * unit
    total, position = 0.0, 0
    while position < len(given):
        part = _PART.match(given, position)
        if part is None:
            return None
        total += float(part[1]) * SECONDS[part[2]]
        position = part.end()
    return total if position else None


def notation(seconds: float) -> str:
    """Return a duration in the notation of settings: `90` is `90s`, `3600` is `1h`."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:.12g}ms"
    for unit in ("d", "h", "m"):
        if seconds and seconds % SECONDS[unit] == 0:
            return f"{seconds / SECONDS[unit]:.12g}{unit}"
    return f"{seconds:.12g}s"


def clock_time() -> Kind[time]:
    """Return the kind of times of day, `00:00` to `23:59`."""

    def read(given: str) -> time:
        match = _CLOCK.fullmatch(given)
        if match is None:
            raise BadValue("is not a time of day", "Write hours and minutes (24-hour clock), such as 09:00 or 21:30.")
        hour, minute = int(match[1]), int(match[2])
        if hour == 24 and minute == 0:  # noqa: PLR2004 - midnight in ISO 8601
            raise BadValue("is midnight at the end of the day", "Write 00:00 for midnight.")
        try:
            return time(hour, minute)
        except ValueError as error:
            raise BadValue("is not a valid time", "Write 00:00 to 23:59.") from error

    return Kind(read, "00:00 to 23:59")


def zone() -> Kind[ZoneInfo]:
    """Return the kind of IANA time zones."""

    def read(given: str) -> ZoneInfo:
        try:
            return ZoneInfo(given)
        except (KeyError, ValueError, OSError) as error:  # OSError: a folder such as "Europe", or a very long name
            raise BadValue("isn't a time zone that this machine knows", _nearest_zone(given)) from error

    return Kind(read, "IANA zone name")


def _nearest_zone(given: str) -> str:
    from steward.text.places import find_places, is_offset  # large tables, needed only for a misspelt zone

    if is_offset(given):
        return "An offset doesn't follow summer time: write a place, such as Europe/Berlin."
    near = find_places(given[:64])
    return f"Write {near[0].zone}." if near else "Write a name such as Europe/Berlin or America/New_York, or UTC."
