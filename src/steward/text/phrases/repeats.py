"""Converts a recurrence to RFC 5545."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from steward.text.phrases.phrase import Repeat
from steward.text.recurrence.parts import RuleParts


def rule_text(repeat: Repeat, start: datetime, shift: int) -> str:
    """
    Return the rule.

    Args:
        repeat: as read.
        start: first local time in the event's zone.
        shift: days by which the event's zone differs from the zone of the text.

    """
    parts = RuleParts(repeat.frequency, repeat.interval)
    if repeat.frequency == "WEEKLY":
        days = sorted((day + shift) % 7 for day in repeat.days) or [start.weekday()]
        parts = replace(parts, days=tuple((0, day) for day in days))
    elif repeat.nth is not None:
        parts = replace(parts, days=((repeat.nth, repeat.days[0]),))
    elif repeat.frequency == "MONTHLY":
        parts = parts.on_date(start.day)
    return parts.text
