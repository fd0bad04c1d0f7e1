"""
The grammar of the usual ways to name a time: every word must have its place, or the phrase is not understood.

That strictness is the point: a word passed over, such as “not” or “every”, would be a wrong time.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from steward.text import vocabulary as words
from steward.text.clock_rules import CLOCKS
from steward.text.day_rules import DAYS, swapped
from steward.text.days import Ahead
from steward.text.phrase import END, Match, Phrase, Refused, Rules
from steward.text.vocabulary import any_of
from steward.text.zones import ZONE, readings

_FROM_NOW, _REST = Rules(), Rules()
_IN_ORDER = (_FROM_NOW, DAYS, CLOCKS, _REST)

_NUMBER = rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?(?=\s?[^\W\d])|{any_of(words.NUMBERS)}(?=\s|(?<=-)))"
_PIECE = rf"{_NUMBER}(\sand a half)?\s?({any_of(words.UNITS)})(?![a-zà-ÿ])"
_DURATION = rf"{_PIECE}(?:(?:\s|,|and\s|und\s|et\s)*{_PIECE})*(?P<half>\s(?:and a half|et demie|und eine halbe))?"
_EXACT = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def read(text: str, *, month_first: bool = False) -> Phrase | None:
    """
    Return what a phrase says, or None where one of its words has no place in the grammar.

    Args:
        text: English, German or French, in any case.
        month_first: 3/4 is March 4 rather than 3 April.

    """
    rest, phrase = _plain(text), Phrase()
    try:
        while rest:
            length = next((length for rules in _IN_ORDER if (length := rules.apply(phrase, rest))), 0)
            if not length:
                return None
            rest = rest[length:].lstrip(" ,;.)")
    except Refused:
        return None
    if not _says_something(phrase):
        return None
    return swapped(phrase) if month_first else phrase


def _plain(text: str) -> str:
    text = " ".join(text.casefold().replace("’", "'").replace("−", "-").split())  # noqa: RUF001 - as phones type them
    return re.sub(r"\b([ap])\.\s?m\.?", r"\1m", text).strip(" .!?,")


def _says_something(phrase: Phrase) -> bool:
    alone = phrase.day is None and phrase.clock is None and phrase.elapsed is None and not phrase.part
    if phrase.instant is not None:
        return alone and not phrase.zones
    return not alone


@_FROM_NOW.words(r"<t:(?P<at>-?\d{1,12})(?::[a-z])?>")
def _timestamp(phrase: Phrase, match: Match) -> None:
    try:
        phrase.once("instant", datetime.fromtimestamp(int(match["at"]), UTC))
    except (OverflowError, OSError, ValueError):
        raise Refused from None


@_FROM_NOW.words(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2})?(?:z|[+\-]\d{2}:?\d{2})(?![\w:])")
def _iso_instant(phrase: Phrase, match: Match) -> None:
    try:
        phrase.once("instant", datetime.fromisoformat(match[0].upper()))
    except ValueError:
        raise Refused from None


@_FROM_NOW.words(
    rf"{any_of(words.IN)}\s(?P<all>{_DURATION}){END}",
    rf"(?P<all>{_DURATION})\s{any_of(words.FROM_NOW)}{END}",
    rf"\+\s?(?P<all>{_DURATION}){END}",
    rf"(?P<all>\d{{1,3}}\s?h\s?\d{{1,2}}\s?m(?:in)?)(?P<half>){END}",
)
def _from_now(phrase: Phrase, match: Match) -> None:
    days, months, exact = 0, 0, timedelta()
    pieces = re.findall(_PIECE, match["all"])
    for place, (number, half, unit) in enumerate(pieces, 1):
        amount = words.NUMBERS[number] if number in words.NUMBERS else float(number.replace(",", "."))
        amount += 0.5 if half or (match["half"] and place == len(pieces)) else 0
        name = words.UNITS[unit]
        exact += amount * _EXACT.get(name, timedelta())
        if name not in _EXACT and amount % 1:
            raise Refused  # half a month is no date
        days += int(amount) * _DAYS.get(name, 0)
        months += int(amount) * _MONTHS.get(name, 0)
    if days or months:
        phrase.on(Ahead(days, months, same_time=True))
    if exact or not (days or months):
        phrase.once("elapsed", exact)


@_REST.words(ZONE.pattern)
def _zone(phrase: Phrase, match: Match) -> None:
    found = readings(match)
    if not found or (phrase.zones and not match["sign"]) or (match["letters"] and phrase.clock is None):
        raise Refused
    phrase.zones = found  # an offset beside a zone, as `Moment.said` writes it, is the more exact


@_REST.words(rf"{any_of(words.FILLERS)}{END}")
def _filler(phrase: Phrase, match: Match) -> None:
    """Note nothing: the word says nothing by itself."""
