"""Parses a time of day (`20:00`, `8pm`, `20 Uhr`, `noon`), and says a wall time in few words."""

from __future__ import annotations

from datetime import datetime, time

from steward.text.bad_time import BadTime
from steward.text.cutting import cut_label

LONGEST = 50
HOW = "Write it like `20:00` or `8pm`."


def time_of_day(text: str) -> time:
    """
    Parse a time of day.

    Raises:
        BadTime: it is invalid, or ambiguous between morning and evening.

    """
    from steward.text.phrases.clocks import ClockWords, Midnight
    from steward.text.phrases.grammar import read
    from steward.text.phrases.phrase import Phrase
    from steward.text.phrases.scanner import Tokens

    shown = cut_label(text.strip(), LONGEST)
    found: dict[time, None] = {}
    for phrase in read(Tokens(text)) if len(text) <= LONGEST else []:
        clock = phrase.clock
        if isinstance(clock, Midnight):
            found[time.min] = None
        elif isinstance(clock, ClockWords) and phrase == Phrase(clock=clock):
            found |= dict.fromkeys(at for at, _ in clock.readings())
    if not found:
        raise BadTime(f"I couldn't read “{shown}” as a time of day.", HOW)
    if len(found) > 1:
        either = " or ".join(f"{at:%H:%M}" for at in found)
        raise BadTime(f"“{shown}” may be {either}.", f"Write it like `{min(found):%H:%M}`.")
    return next(iter(found))


def wall_label(wall: datetime) -> str:
    """Say a wall time in few words: `Fri 27 Nov 2026, 20:00`."""
    return f"{wall:%a} {wall.day} {wall:%b %Y, %H:%M}"
