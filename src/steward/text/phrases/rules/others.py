"""Rules for durations, Unix times, zones, ends, lengths and recurrence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from steward.text.phrases.clocks import ClockWords
from steward.text.phrases.days import Ahead, FirstOf
from steward.text.phrases.lexicon import BIT
from steward.text.phrases.phrase import Phrase, PhraseRefused, Repeat
from steward.text.phrases.rules.patterns import Match, Rules
from steward.text.phrases.spans import DAYS, MONTHS, SECONDS, PhraseSpan

FROM_NOW, WHOLE = Rules(), Rules()
"""Rules for the start or the end, and rules for the whole."""

_LONGEST = timedelta(days=31)
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORKDAYS = (0, 1, 2, 3, 4)
_SECOND = 2
_WITHOUT_ARTICLES = sum(BIT[language] for language in ("pl", "ru", "uk", "cs", "bg", "hr", "lt", "fi", "hu"))
_WEEKDAYS = "WEEKDAY|WEEKDAYS|HABIT"
_LIST = f"{_WEEKDAYS}:a AND? {_WEEKDAYS}:b? AND? {_WEEKDAYS}:c?"


@FROM_NOW.words("IN|PLUS:in DURATION:span", "DURATION:span FROM_NOW:in", "IN:in DURATION:span FROM_NOW")
def _from_now(phrase: Phrase, match: Match) -> Phrase:
    return _after(phrase, match.values["span"])


@FROM_NOW.words("IN UNIT:unit", "UNIT:unit FROM_NOW")
def _one_from_now(phrase: Phrase, match: Match) -> Phrase:
    """Read `через час`: languages without articles omit “one”."""
    unit = match.values["unit"]
    if not match.strict & _WITHOUT_ARTICLES:
        raise PhraseRefused
    return _after(phrase, PhraseSpan(MONTHS.get(unit, 0), DAYS.get(unit, 0), SECONDS.get(unit, 0)))


@FROM_NOW.words("DURATION:span")
def _bare_duration(phrase: Phrase, match: Match) -> Phrase:
    """Read `2h30m` as a time from now if it is the whole text."""
    if phrase != Phrase():
        raise PhraseRefused
    return replace(_after(phrase, match.values["span"]), alone=True)


@FROM_NOW.words("INSTANT:at")
def _instant(phrase: Phrase, match: Match) -> Phrase:
    if phrase != Phrase():
        raise PhraseRefused
    return phrase.once(instant=match.values["at"], alone=True)


@FROM_NOW.words("BREAK", "PLUS")
def _break(phrase: Phrase, match: Match) -> Phrase:
    """Skip a dash between spaces: `Friday - 20:00`."""
    if match.end - match.start != 1 or phrase == Phrase():
        raise PhraseRefused
    return phrase


@WHOLE.words("TO|DASH:how")
def _to(phrase: Phrase, match: Match) -> Phrase:
    utc = any(zone.place is None for zone in phrase.zones)
    if phrase.clock is None or (utc and match.values["how_kind"] == "DASH"):  # UTC-8
        raise PhraseRefused
    return phrase.once(end=Phrase(is_end=True))


@WHOLE.words("FROM? INT|NUMBER:hour TO|DASH")
def _hour_to(phrase: Phrase, match: Match) -> Phrase:
    hour = match.values["hour"]
    if hour % 1:
        raise PhraseRefused
    return phrase.at(ClockWords(int(hour), sure=False)).once(end=Phrase(is_end=True))


@WHOLE.words("FOR DURATION:span")
def _length(phrase: Phrase, match: Match) -> Phrase:
    months, days, seconds = match.values["span"]
    length = timedelta(days=days, seconds=seconds)
    if months or not timedelta() < length <= _LONGEST:
        raise PhraseRefused
    return phrase.once(length=length)


@WHOLE.words("ZONE:zones TIME?", "ZONE:zones OFFSET:offset", "ZONE:zones ZONE OFFSET:offset")
def _zone(phrase: Phrase, match: Match) -> Phrase:
    _require_time(phrase)
    return phrase.once(zones=match.values["zones"], offset=match.values.get("offset"))


@WHOLE.words("FULL_OFFSET:offset")
def _offset(phrase: Phrase, match: Match) -> Phrase:
    _require_time(phrase)
    return phrase.once(offset=match.values["offset"])


@WHOLE.words("OFFSET:offset")
def _short_offset(phrase: Phrase, match: Match) -> Phrase:
    """Read `20:00 +2` as UTC+2."""
    offset = match.values["offset"]
    ahead = offset.meanings[0].utcoffset(None)
    _require_time(phrase)
    if ahead is None or ahead < timedelta() or phrase.clock is None:
        raise PhraseRefused
    return phrase.once(offset=offset)


@WHOLE.words(f"EVERY OTHER|NTH|ORDINAL|INT|NUMBER:nth? {_LIST}", "ON? HABIT:a AND? HABIT:b? AND? HABIT:c?")
def _every_weekday(phrase: Phrase, match: Match) -> list[Phrase]:
    said = match.values
    days = tuple(sorted({int(said[name]) for name in "abc" if name in said}))
    kind: str | None = said.get("nth_kind")
    nth: float | None = said.get("nth")
    found = []
    if nth is not None and kind in ("ORDINAL", "NTH") and nth <= 5 and len(days) == 1:  # noqa: PLR2004 - of a month
        found.append(Repeat("MONTHLY", days=days, nth=int(nth)))
    if kind in (None, "OTHER") or nth == _SECOND:
        found.insert(0, Repeat("WEEKLY", 1 if kind is None else _SECOND, days))
    return [_repeated(phrase, repeat) for repeat in found]


@WHOLE.words(
    "THE? ORDINAL|NTH:nth WEEKDAY:day OF|THE* DAILY:every", "EVERY ORDINAL|NTH:nth WEEKDAY:day OF|THE|THIS* UNIT:unit"
)
def _every_nth_weekday(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    monthly = said["every"] == ("MONTHLY", 1.0) if "every" in said else said["unit"] == "month"
    if not monthly or not -1 <= said["nth"] <= 5:  # noqa: PLR2004 - of a month
        raise PhraseRefused
    return _repeated(phrase, Repeat("MONTHLY", days=(int(said["day"]),), nth=int(said["nth"])))


@WHOLE.words("NUMBER WEEKDAY:day EVERY_OTHER_SUFFIX", "DAILY:other OF? ON|THE* WEEKDAY:day")
def _weekly_on(phrase: Phrase, match: Match) -> Phrase:
    frequency, interval = match.values.get("other", ("WEEKLY", _SECOND))
    if frequency != "WEEKLY":
        raise PhraseRefused
    return _repeated(phrase, Repeat("WEEKLY", int(interval), (int(match.values["day"]),)))


@WHOLE.words("EVERY:every WEEKDAY:first DASH|TO WEEKDAY:last")
def _every_day_from_to(phrase: Phrase, match: Match) -> Phrase:
    first, last = int(match.values["first"]), int(match.values["last"])
    if first >= last:
        raise PhraseRefused
    return _repeated(phrase, Repeat("WEEKLY", days=tuple(range(first, last + 1))))


@WHOLE.words("DAILY:every")
def _daily(phrase: Phrase, match: Match) -> Phrase:
    frequency, interval = match.values["every"]
    return phrase.once(repeat=Repeat(frequency, int(interval)))


@WHOLE.words("WORKDAYS")
def _workdays(phrase: Phrase, match: Match) -> Phrase:
    del match
    return _repeated(phrase, Repeat("WEEKLY", days=_WORKDAYS))


@WHOLE.words("EVERY INT|NUMBER:count UNIT:unit", "EVERY UNIT:unit")
def _every(phrase: Phrase, match: Match) -> Phrase:
    count, frequency = match.values.get("count", 1), _FREQUENCIES.get(match.values["unit"])
    if frequency is None or count % 1 or not count:
        raise PhraseRefused
    return phrase.once(repeat=Repeat(frequency, int(count)))


def _after(phrase: Phrase, span: PhraseSpan) -> Phrase:
    months, days, seconds = span
    if months or days:
        phrase = phrase.on(Ahead(int(days), int(months), same_time=True))
    if seconds or not (months or days):
        phrase = phrase.once(elapsed=_delta(seconds))
    return phrase


def _delta(seconds: Any) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        raise PhraseRefused from None


def _repeated(phrase: Phrase, repeat: Repeat) -> Phrase:
    """Return the phrase with a recurrence that names its days."""
    if phrase.day is not None:
        raise PhraseRefused
    return phrase.once(repeat=repeat, day=FirstOf(repeat.days))


def _require_time(phrase: Phrase) -> None:
    """
    Allow a zone only with a time or a part of the day.

    Raises:
        PhraseRefused: there is neither.

    """
    if phrase.clock is None and not phrase.part:
        raise PhraseRefused
