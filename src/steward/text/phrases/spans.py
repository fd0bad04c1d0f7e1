"""Parses durations: `1h30`, `an hour and a half`, `anderthalb Stunden`, `2 hours 15`, `1:30 h`, `3 days`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from steward.text.phrases.lexicon import ANY
from steward.text.phrases.rules.patterns import COMPOSED, Match, PhrasePattern, PhraseTree
from steward.text.phrases.scanner import Token, Tokens

SECONDS = {"second": 1, "minute": 60, "hour": 3600}
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
_ORDER = ("year", "month", "week", "day", "hour", "minute", "second")
_HOUR, _MINUTE, _HALF, _QUARTER = 3600, 60, 0.5, 0.25
_MAX_PIECES = 5
_TENS = (10, 20, 30, 40, 50, 60, 70, 80, 90)


class PhraseSpan(NamedTuple):
    """A duration: months and days count on the calendar, seconds on the clock."""

    months: int = 0
    days: int = 0
    seconds: float = 0


PIECES = tuple(
    map(
        PhrasePattern,
        (
            "INT|DECIMAL|NUMBER:count UNIT:unit",
            "INT|DECIMAL|NUMBER:count OF UNIT:unit",
            "NUMBER:count DASH? NUMBER:more UNIT:unit",
            "INT|NUMBER:count UNIT:unit AND_HALF|AND_QUARTER:fraction",
            "INT|NUMBER:count AND_HALF:fraction UNIT:unit",
            "UNIT:unit AND_HALF|AND_QUARTER:fraction",
            "INT|NUMBER:count UNIT:unit TWO|INT|NUMBER:minutes UNIT:short?",
            "CLOCK:clock UNIT:unit",
            "SPAN:span",
        ),
    )
)
_PIECES = PhraseTree([(pattern, None) for pattern in PIECES])


def durations(tokens: Tokens, start: int) -> tuple[Token, ...]:
    """Return the durations at a position, as tokens with a `PhraseSpan`."""
    found = tokens.durations.get(start)
    if found is None:
        longer = _longer(tokens, start, PhraseSpan(), 0, ANY, 0)
        found = tokens.durations[start] = tuple(dict.fromkeys(longer))
    return found


def _longer(tokens: Tokens, start: int, so_far: PhraseSpan, place: int, languages: int, count: int) -> Iterator[Token]:
    if count == _MAX_PIECES:
        return
    for match, _ in _PIECES.matches(tokens, start):
        read = _read(match)
        if read is None or read[1] < place or not (strict := languages & match.strict):
            continue
        more = read[0]
        span = PhraseSpan(so_far.months + more.months, so_far.days + more.days, so_far.seconds + more.seconds)
        yield Token("DURATION", span, strict, match.end)
        following = tokens.after(match.end)
        yield from _longer(tokens, following, span, read[1] + 1, strict, count + 1)
        for joint in tokens.at(following):
            if joint.kind == "AND" and (both := strict & joint.languages):
                yield from _longer(tokens, tokens.after(joint.end), span, read[1] + 1, both, count + 1)


def _read(match: Match) -> tuple[PhraseSpan, int] | None:
    """Return the span of a piece and the index of its smallest unit; None if invalid."""
    said = match.values
    if "span" in said:
        return PhraseSpan(seconds=said["span"]), _ORDER.index("hour")
    unit = said["unit"]
    if "clock" in said:
        hours, minutes, seconds, _ = said["clock"]
        fits = unit == "hour" and not seconds
        return (PhraseSpan(seconds=hours * _HOUR + minutes * _MINUTE), _ORDER.index("minute")) if fits else None
    if "minutes" in said:
        return _hours_and_minutes(said)
    span = _counted(_amount(said), unit) if _is_count(said) else None
    return None if span is None else (span, _ORDER.index(unit))


def _hours_and_minutes(said: dict[str, Any]) -> tuple[PhraseSpan, int] | None:
    hours, minutes = float(said["count"]), float(said["minutes"])
    whole = not hours % 1 and not minutes % 1 and minutes < _MINUTE
    if said["unit"] != "hour" or said.get("short", "minute") != "minute" or not whole:
        return None
    return PhraseSpan(seconds=hours * _HOUR + minutes * _MINUTE), _ORDER.index("minute")


def _counted(amount: float, unit: str) -> PhraseSpan | None:
    """Return `amount` of a unit; None for a fraction of a week, month or year."""
    if unit in SECONDS:
        return PhraseSpan(seconds=amount * SECONDS[unit])
    if unit == "day" and amount % 1 == _HALF:
        return PhraseSpan(days=int(amount), seconds=12 * _HOUR)
    if amount % 1:
        return None
    return PhraseSpan(int(amount) * MONTHS.get(unit, 0), int(amount) * DAYS.get(unit, 0))


def _is_count(said: dict[str, Any]) -> bool:
    """Return whether two numbers form one: twenty five."""
    more = said.get("more")
    return more is None or (said["count"] in _TENS and 0 < more < _TENS[0] and not more % 1)


def _amount(said: dict[str, Any]) -> float:
    amount = float(said.get("count", 1)) + float(said.get("more", 0))
    fraction = said.get("fraction_kind")
    return amount + (_HALF if fraction == "AND_HALF" else _QUARTER if fraction else 0)


COMPOSED["DURATION"] = durations


def read_spans(tokens: Tokens, pattern: PhrasePattern) -> Iterator[PhraseSpan]:
    """Yield the readings of a text that is a duration as a whole; mixed languages only if no single one fits."""
    size = len(tokens.text)
    matches = [match for match in pattern.matches(tokens, tokens.after(0)) if tokens.after(match.end) == size]
    pure = [match for match in matches if match.strict]
    yield from (match.values["span"] for match in pure or matches)
