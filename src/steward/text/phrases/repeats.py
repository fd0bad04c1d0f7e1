"""Converts a recurrence to RFC 5545."""

from __future__ import annotations

from datetime import datetime

from steward.text.phrases.phrase import Repeat

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SHORTEST_MONTH = 28


def rule_text(repeat: Repeat, start: datetime, shift: int) -> str:
    """
    Return the rule, with parts in the same order as the rules of events.

    Args:
        repeat: as read.
        start: first local time in the event's zone.
        shift: days by which the event's zone differs from the zone of the text.

    """
    parts = [f"FREQ={repeat.frequency}"]
    if repeat.interval > 1:
        parts.append(f"INTERVAL={repeat.interval}")
    if repeat.frequency == "WEEKLY":
        days = sorted((day + shift) % 7 for day in repeat.days) or [start.weekday()]
        parts.append("BYDAY=" + ",".join(_DAYS[day] for day in days))
    elif repeat.nth is not None:
        parts.append(f"BYDAY={repeat.nth}{_DAYS[repeat.days[0]]}")
    elif repeat.frequency == "MONTHLY":
        days = list(range(_SHORTEST_MONTH, start.day + 1)) or [start.day]
        parts.append("BYMONTHDAY=" + ",".join(map(str, days)))
        if len(days) > 1:
            parts.append("BYSETPOS=-1")
    return ";".join(parts)
