"""
Parses and formats durations: `90`, `2h`, `1h30`, `an hour and a half`, `anderthalb Stunden`, `3 days`.

Settings have their own notation (`steward.settings.time_kinds`), and so have measurements (`steward.text.measures`).
"""

from __future__ import annotations

from datetime import timedelta

from steward.errors import StewardError
from steward.text.cutting import cut_label

LONGEST = 100
_NAMES = ((7 * 24 * 60, "week"), (24 * 60, "day"), (60, "hour"), (1, "minute"))
_HOUR, _DAY = 60, 24 * 60
_AROUND = "FOR|ABOUT|IN*"
_MAX_FIGURES = 6


class BadDuration(StewardError):
    """The text is no duration; the remedy shows how to write one."""


def minutes_of(text: str, what: str, *, empty: int | None = None) -> int:
    """
    Parse a duration in whole minutes; a bare number is in minutes.

    Args:
        text: in any language of Discord.
        what: subject of the error sentence, such as `The length`.
        empty: result for empty text; None makes it an error.

    Raises:
        BadDuration: it is invalid.

    """
    if empty is not None and not text.strip():
        return empty
    minutes = _minutes(text.strip()) if len(text) <= LONGEST else None
    if minutes is None:
        raise BadDuration(
            f"{what}: I couldn't read “{cut_label(text.strip(), 50)}” as a length of time.",
            remedy="Write it like 90 min, 2h, 1h30 or 2 days.",
        )
    return minutes


def spell(minutes: int) -> str:
    """Format a duration so that `minutes_of` can parse it: `1 hour 30 minutes`."""
    words = []
    for size, name in _NAMES:
        count, minutes = divmod(minutes, size)
        if count:
            words.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(words) or "0 minutes"


def about(span: timedelta) -> str:
    """Format a rough duration: `5 hours`, from two days on `3 days`; under two hours exact."""
    minutes = round(abs(span).total_seconds() / 60)
    for size, name in ((_DAY, "days"), (_HOUR, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}"
    return spell(minutes)


def _minutes(text: str) -> int | None:
    from steward.text.phrases.rules.patterns import PhrasePattern  # large tables, loaded on first use
    from steward.text.phrases.scanner import Exhausted, Tokens
    from steward.text.phrases.spans import read_spans

    if text.isascii() and text.isdecimal() and len(text) <= _MAX_FIGURES:
        return int(text)
    tokens = Tokens(text)
    found: set[int] = set()
    try:
        for months, days, seconds in read_spans(tokens, PhrasePattern(f"{_AROUND} DURATION:span BESIDE?")):
            if months:
                return None  # months differ in length
            found.add(days * _DAY + round(seconds / 60))
        for match in PhrasePattern(f"{_AROUND} CLOCK:clock BESIDE?").matches(tokens, tokens.after(0)):
            hours, minutes, more, _ = match.values["clock"]
            if tokens.after(match.end) == len(tokens.text) and minutes < _HOUR and not more:
                found.add(hours * _HOUR + minutes)
    except (Exhausted, OverflowError):
        return None
    return found.pop() if len(found) == 1 else None
