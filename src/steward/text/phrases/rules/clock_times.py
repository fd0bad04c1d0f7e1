"""Rules for times of day: `20:00`, `8pm`, `20 Uhr 30`, `half past 7`, `las ocho y media`, `noon`, `at 8`."""

from __future__ import annotations

from typing import Any

from steward.text.phrases.clocks import NOON, ClockWords, Midnight
from steward.text.phrases.days import Ahead, OnDate
from steward.text.phrases.lexicon import BIT, LANGUAGES
from steward.text.phrases.phrase import Phrase, PhraseRefused
from steward.text.phrases.rules.patterns import Match, Rules

CLOCKS = Rules()

_BEFORE = "AT|ABOUT|FROM:at*"
_HOUR = "INT|NUMBER:hour"
_HALF = "AM|PM:half?"
_AFTER = "SHARP? AFTER_CLOCK?"
_QUARTER, _HALF_HOUR, _HOUR_MINUTES, _ROUND = 15, 30, 60, 5
_DAY_HOURS = 24
_WORDS_ALONE = sum(BIT[language] for language in LANGUAGES[:7])
_YEARS = range(1990, 2101)
_HALF_FIRST = BIT["ja"] | BIT["ko"] | BIT["zh"]
_HOUR_BEHIND = BIT["hr"]  # "u 21 sat"; before the hour, `sat` is Saturday
_AND_MINUTES = BIT["es"] | BIT["pt"] | BIT["it"]
_DIGITS_BEFORE = BIT["de"] | BIT["nl"] | BIT["pt"]


@CLOCKS.words(
    f"{_BEFORE} CLOCK|DOTTED:clock {_HALF} OCLOCK:sure? {_AFTER}",
    f"{_BEFORE} AM|PM:first CLOCK:clock",
    "OCLOCK:before CLOCK|DOTTED:clock",
)
def _figures(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    _require_order(match)
    hour, minute, *more = said["clock"]
    second, two = more or (0, True)
    half = _half(said)
    sure = bool(half or said.get("sure") or said.get("before") or two)
    return phrase.at(ClockWords(hour, minute, second, half, sure, literal=not half))


@CLOCKS.words(f"{_BEFORE} INT|NUMBER|THREE|FOUR:hour AM|PM:half {_AFTER}")
def _half_of_day(phrase: Phrase, match: Match) -> Phrase:
    said = match.values["hour"]
    hour, minute = said if isinstance(said, tuple) else (_whole(said), 0)
    return phrase.at(ClockWords(hour, minute, half=_half(match.values)))


@CLOCKS.words(
    f"{_BEFORE} {_HOUR} OCLOCK:mode {_HALF} {_AFTER}",
    f"{_BEFORE} {_HOUR} OCLOCK:mode TWO|INT|NUMBER:minute MINUTE_SIGN? {_HALF} {_AFTER}",
    f"{_BEFORE} AM|PM:first {_HOUR} OCLOCK:mode {_AFTER}",
    f"{_BEFORE} AM|PM:first {_HOUR} OCLOCK:mode TWO|INT|NUMBER:minute MINUTE_SIGN? {_AFTER}",
    "OCLOCK:before INT:hour",
)
def _lettered(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    if isinstance(phrase.day, Ahead) and phrase.day.same_time and "at_kind" not in said:
        raise PhraseRefused  # "in 1d 3h" is one duration
    _require_order(match)
    minute = _whole(said.get("minute", 0))
    sure = said.get("mode", said.get("before")) == _DAY_HOURS
    return phrase.at(ClockWords(_whole(said["hour"]), minute, half=_half(said), sure=sure))


@CLOCKS.words(
    f"{_BEFORE} {_HOUR} OCLOCK? AND_HALF|AND_QUARTER:fraction {_AFTER}",
    f"{_BEFORE} AM|PM:first {_HOUR} OCLOCK? AND_HALF:fraction {_AFTER}",
)
def _hour_and_half(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    _require_order(match)
    minute = _HALF_HOUR if said["fraction_kind"] == "AND_HALF" else _QUARTER
    return phrase.at(ClockWords(_whole(said["hour"]), minute, half=_half(said), sure=False))


@CLOCKS.words(f"{_BEFORE} {_HOUR} AND INT|NUMBER:minute OCLOCK? {_AFTER}")
def _hour_and_minutes(phrase: Phrase, match: Match) -> Phrase:
    if not match.strict & _AND_MINUTES:
        raise PhraseRefused  # "8 and 10" are two hours
    return phrase.at(ClockWords(_whole(match.values["hour"]), _whole(match.values["minute"]), sure=False))


@CLOCKS.words(f"{_BEFORE} {_HOUR} OCLOCK? MINUS QUARTER|INT|NUMBER:less")
def _hour_less(phrase: Phrase, match: Match) -> Phrase:
    less = _QUARTER if match.values["less_kind"] == "QUARTER" else _whole(match.values["less"])
    return phrase.at(_earlier(_whole(match.values["hour"]), less))


@CLOCKS.words(
    f"{_BEFORE} QUARTER:minutes UNIT? PAST|BEFORE:side {_HOUR} OCLOCK? {_HALF}",
    f"{_BEFORE} INT|NUMBER:minutes UNIT:unit? PAST|BEFORE:side {_HOUR} OCLOCK? {_HALF}",
)
def _past_or_before(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    minutes = _minutes(match)
    half = _half(said)
    if said["side_kind"] == "PAST":
        return phrase.at(ClockWords(_whole(said["hour"]), minutes, half=half, sure=False))
    # "5 to 7pm" is a time range, and "a quarter to 12 pm" is before noon, so not pm.
    digits = said["minutes_kind"] == "INT" and "unit" not in said and not match.strict & _DIGITS_BEFORE
    if half or digits:
        raise PhraseRefused
    return phrase.at(_earlier(_whole(said["hour"]), minutes))


@CLOCKS.words(
    f"{_BEFORE} INT|NUMBER:minutes UNIT:unit? PAST|BEFORE:side HALF_TO {_HOUR}",
)
def _past_or_before_half(phrase: Phrase, match: Match) -> Phrase:
    minutes = _minutes(match)
    shift = -minutes if match.values["side_kind"] == "PAST" else minutes
    return phrase.at(_earlier(_whole(match.values["hour"]), _HALF_HOUR + shift))


@CLOCKS.words(f"{_BEFORE} HALF_PAST {_HOUR} OCLOCK? {_HALF}")
def _half_past(phrase: Phrase, match: Match) -> Phrase:
    return phrase.at(ClockWords(_whole(match.values["hour"]), _HALF_HOUR, half=_half(match.values), sure=False))


@CLOCKS.words(
    f"{_BEFORE} HALF_TO {_HOUR} OCLOCK?",
    f"{_BEFORE} HALF_TO_DIGITS INT:hour OCLOCK?",  # "half 8" for 7:30, as in German
)
def _half_to(phrase: Phrase, match: Match) -> Phrase:
    return phrase.at(_earlier(_whole(match.values["hour"]), _HALF_HOUR))


@CLOCKS.words(f"{_BEFORE} QUARTER_OF|THREE_QUARTERS:part {_HOUR} OCLOCK?")
def _quarter_of(phrase: Phrase, match: Match) -> Phrase:
    less = 3 * _QUARTER if match.values["part_kind"] == "QUARTER_OF" else _QUARTER
    return phrase.at(_earlier(_whole(match.values["hour"]), less))


@CLOCKS.words(f"{_BEFORE} INT|NUMBER|CLOCK:hour? NOON|MIDNIGHT|PART:which")
def _noon_or_midnight(phrase: Phrase, match: Match) -> Phrase:
    said = match.values.get("hour", NOON)
    if said not in (NOON, (NOON, 0, 0, True)) or match.values["which_kind"] == "PART":
        raise PhraseRefused
    if match.values["which_kind"] == "NOON":
        return phrase.at(ClockWords(NOON))
    return phrase.once(clock=Midnight(either="hour" in match.values))


@CLOCKS.words(f"AT|ABOUT|FROM AT|ABOUT? {_HOUR} {_AFTER}")
def _at_hour(phrase: Phrase, match: Match) -> Phrase:
    return phrase.at(ClockWords(_whole(match.values["hour"]), sure=False))


@CLOCKS.words(f"{_BEFORE} FOUR:clock HUNDRED_HOURS|OCLOCK:sure? {_AFTER}")
def _four_figures(phrase: Phrase, match: Match) -> Phrase:
    hour, minute = match.values["clock"]
    sure = "sure_kind" in match.values
    year = hour * 100 + minute
    day = phrase.day
    if not sure and isinstance(day, OnDate) and day.year is None and year in _YEARS and minute % _ROUND:
        raise PhraseRefused  # 24 December 2027
    return phrase.at(ClockWords(hour, minute)).once(figures=not sure)


@CLOCKS.words("INT|NUMBER:hour SHARP?")
def _hour_after_a_day(phrase: Phrase, match: Match) -> Phrase:
    hour = match.values["hour"]
    is_word = match.values["hour_kind"] == "NUMBER"
    if not phrase.names_a_day or (is_word and (hour < 2 or not match.strict & _WORDS_ALONE)):  # noqa: PLR2004 - "a", "une"
        raise PhraseRefused
    return phrase.at(ClockWords(_whole(hour), sure=False))


@CLOCKS.words("INT:hour AHEAD:days", "INT:hour PART:part")
def _hour_before_a_day(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    timed = phrase.at(ClockWords(said["hour"], sure=False))
    return timed.once(part=said["part"]) if "part" in said else timed.on(Ahead(int(said["days"])))


def _half(said: dict[str, Any]) -> str:
    return str(said.get("half_kind", said.get("first_kind", ""))).lower()


def _require_order(match: Match) -> None:
    """
    Check the word order: am and pm before the hour only in East Asian languages, no hour word before it in Croatian.

    Raises:
        PhraseRefused: wrong order.

    """
    said = match.values
    if "first_kind" in said and not match.strict & _HALF_FIRST:
        raise PhraseRefused
    if "before" in said and not match.strict & ~_HOUR_BEHIND:
        raise PhraseRefused


def _whole(number: float) -> int:
    if number % 1:
        raise PhraseRefused
    return int(number)


def _minutes(match: Match) -> int:
    if match.values["minutes_kind"] == "QUARTER":
        return _QUARTER
    minutes = _whole(match.values["minutes"])
    if match.values.get("unit", "minute") != "minute" or not 0 < minutes < _HOUR_MINUTES:
        raise PhraseRefused
    return minutes


def _earlier(hour: int, minutes: int) -> ClockWords:
    """Return the time `minutes` before an hour given without am or pm."""
    if not 0 < minutes < _HOUR_MINUTES or hour > _DAY_HOURS:
        raise PhraseRefused
    before = hour - 1 if hour > 1 else NOON
    return ClockWords(before, _HOUR_MINUTES - minutes, sure=False)
