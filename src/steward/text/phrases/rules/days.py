"""Rules for days: dates, weekdays, `tomorrow`, `the first Monday of December`, `end of month`, `next week`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from steward.text.phrases.clocks import MORNING
from steward.text.phrases.days import Ahead, DayOfMonth, Easter, Either, InMonth, OnDate, Weekday, Weekend
from steward.text.phrases.phrase import Phrase, PhraseRefused
from steward.text.phrases.rules.patterns import Match, Rules
from steward.text.phrases.spans import DAYS as DAYS_IN

DAYS = Rules()

_ON = "ON|THE|THE_DAY*"
_NTH = "INT|NTH|ORDINAL|NUMBER:day"
_OF = "OF|THE*"
_MAX_DAY = 31
_MONDAY_IS = 2  # segunda-feira, 2ª feira


@DAYS.words(f"{_ON} DATE|SPANNED:date")
def _date(phrase: Phrase, match: Match) -> Phrase:
    if match.values["date_kind"] == "SPANNED" and phrase.names_a_day:
        raise PhraseRefused
    return phrase.on(match.values["date"])


@DAYS.words(
    f"{_ON} {_NTH} {_OF} MONTH:month",
    f"{_ON} {_NTH} {_OF} MONTH:month {_OF} YEAR:year",
    f"{_ON} MONTH:month THE? {_NTH} YEAR:year?",
)
def _named_date(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    return phrase.on(OnDate(_day(said["day"]), int(said["month"]), said.get("year")))


@DAYS.words("YEAR:year YEAR_SIGN INT:month MONTH_SIGN INT:day DAY_SIGN", "INT:month MONTH_SIGN INT:day DAY_SIGN")
@DAYS.words("DAY_SIGN_BEFORE? INT:day MONTH_SIGN_BEFORE INT:month YEAR:year?")
def _signed_date(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    return phrase.on(OnDate(int(said["day"]), int(said["month"]), said.get("year")))


@DAYS.words(f"{_ON} ORDINAL:day ORDINAL:month")
def _ordinal_date(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(OnDate(_day(match.values["day"]), _day(match.values["month"])))


@DAYS.words(
    f"{_ON} NTH|ORDINAL:nth WEEKDAY:weekday",
    f"{_ON} NTH|ORDINAL:nth WEEKDAY:weekday OF|THE|THIS* MONTH:month YEAR:year?",
    f"{_ON} NTH|ORDINAL:nth WEEKDAY|UNIT:weekday OF|THE|THIS* NEXT:next? UNIT:unit NEXT:next?",
    f"{_ON} NTH|ORDINAL:nth UNIT:weekday OF|THE* MONTH:month YEAR:year?",
)
def _nth_weekday(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    unit, nth = said.get("unit", "month"), int(said["nth"])
    if unit != "month" or nth == 0 or nth > 5 or ("month" not in said and "unit" not in said and nth < 0):  # noqa: PLR2004
        raise PhraseRefused
    if said["weekday_kind"] == "UNIT" and said["weekday"] != "day":
        raise PhraseRefused
    weekday = int(said["weekday"]) if said["weekday_kind"] == "WEEKDAY" else None
    month = int(said["month"]) if "month" in said else None
    return phrase.on(InMonth(nth, weekday, month, said.get("year"), 1 if "next_kind" in said else None))


@DAYS.words(
    "THE? END_OF OF|THE|THIS* MONTH:month YEAR:year?",
    "THE? END_OF OF|THE|THIS* NEXT:next? UNIT:unit NEXT:next?",
)
def _month_end(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    if said.get("unit", "month") != "month":
        raise PhraseRefused
    month = int(said["month"]) if "month" in said else None
    return phrase.on(InMonth(-1, None, month, said.get("year"), 1 if "next_kind" in said else None))


@DAYS.words(f"{_ON} HOLIDAY:date YEAR:year?")
def _holiday(phrase: Phrase, match: Match) -> Phrase:
    day, month = match.values["date"]
    return phrase.on(OnDate(int(day), int(month), match.values.get("year")))


@DAYS.words(f"{_ON} EASTER:days")
def _easter(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(Easter(int(match.values["days"])))


@DAYS.words(f"{_ON} NTH_DAY:which")
def _nth_day_of_a_month(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(InMonth(*map(int, match.values["which"])))


@DAYS.words("ON|THE? THE_DAY INT|NTH|ORDINAL:day", f"{_ON} NTH:day")
def _day_of_month(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(DayOfMonth(_day(match.values["day"])))


@DAYS.words("INT:day")
def _weekday_and_day(phrase: Phrase, match: Match) -> Phrase:
    """Read `viernes 8` as Friday the 8th."""
    day, number = phrase.day, match.values["day"]
    if phrase.clock is not None or not isinstance(day, Weekday) or not 1 <= number <= _MAX_DAY:
        raise PhraseRefused
    return phrase.on(DayOfMonth(number, soon=True))


@DAYS.words(f"{_ON} AHEAD:days AFTER_DAY?")
def _day_ahead(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(Ahead(int(match.values["days"])))


@DAYS.words("AHEAD:days IN INT|NUMBER:count UNIT:unit", "INT|NUMBER:count UNIT:unit FROM AHEAD:days")
def _weeks_after_a_day(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    days = DAYS_IN.get(said["unit"])
    if days is None or said["count"] % 1:
        raise PhraseRefused
    return phrase.on(Ahead(int(said["days"]) + days * int(said["count"])))


@DAYS.words("ON|THE* PART:part", "THIS:this ON|THE* PART:part", "ON|THE* PART:part THIS:this")
def _part(phrase: Phrase, match: Match) -> Phrase:
    said = phrase.once(part=match.values["part"])
    return said.on(Ahead(0)) if "this_kind" in match.values else said


@DAYS.words("MORNING_AFTER")
def _morning(phrase: Phrase, match: Match) -> Phrase:
    """Read `Freitag morgen` as Friday morning; alone it means tomorrow."""
    del match
    if not isinstance(phrase.day, Weekday):
        raise PhraseRefused
    return phrase.once(part=MORNING)


@DAYS.words("DAY_PART:which AFTER_DAY?")
def _part_of_a_day(phrase: Phrase, match: Match) -> Phrase:
    ahead, part = match.values["which"]
    return phrase.on(Ahead(int(ahead))).once(part=part)


@DAYS.words("TONIGHT")
def _tonight(phrase: Phrase, match: Match) -> Phrase:
    del match
    return phrase.on(Ahead(0)).once(tonight=True)


@DAYS.words(
    f"{_ON} WEEKDAY:day OF? AFTER_DAY?",
    f"{_ON} THIS* WEEKDAY:day THIS* AFTER_DAY?",
    f"{_ON} NEXT:next OF? WEEKDAY:day AFTER_DAY?",
    f"{_ON} WEEKDAY:day NEXT:next",
    f"{_ON} WEEKDAY:day NEXT:next THE?",
    f"{_ON} INT|NTH:number FEIRA",
)
def _weekday(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    day = int(said["day"]) if "day" in said else int(said["number"]) - _MONDAY_IS
    if not 0 <= day < 7:  # noqa: PLR2004 - weekdays
        raise PhraseRefused
    return phrase.on_weekday(Weekday(day, next="next_kind" in said))


@DAYS.words(f"{_ON} AFTER_NEXT WEEKDAY:day", f"{_ON} WEEKDAY:day WEEK_LATER:week")
def _weekday_after(phrase: Phrase, match: Match) -> Phrase | list[Phrase]:
    day = int(match.values["day"])
    if "week_kind" in match.values:
        return phrase.on_weekday(Weekday(day, later=1))
    return [phrase.on_weekday(Weekday(day, weeks=weeks)) for weeks in (1, 2)]


@DAYS.words(f"{_ON} WEEKDAY:day IN INT|NUMBER:count UNIT:unit", f"IN INT|NUMBER:count UNIT:unit {_ON} WEEKDAY:day")
@DAYS.words("INT|NUMBER:count UNIT:unit FROM WEEKDAY:day")
def _weekday_in_weeks(phrase: Phrase, match: Match) -> list[Phrase]:
    said = match.values
    if said["unit"] != "week" or said["count"] % 1:
        raise PhraseRefused
    day, weeks = int(said["day"]), int(said["count"])
    return [phrase.on_weekday(Weekday(day, weeks=weeks)), phrase.on_weekday(Weekday(day, later=weeks))]


@DAYS.words(
    f"{_ON} NEXT:next UNIT:unit OF? ON?",
    f"{_ON} UNIT:unit NEXT:next",
    f"{_ON} AFTER_NEXT:after UNIT:unit",
    f"{_ON} THIS:this UNIT:unit OF? ON?",
    "OF UNIT:unit NEXT:next",
    "OF NEXT:next UNIT:unit",
)
def _week(phrase: Phrase, match: Match) -> Phrase:
    said = match.values
    if said["unit"] != "week":
        raise PhraseRefused
    return phrase.once(week=1 if "next_kind" in said else 2 if "after_kind" in said else 0)


@DAYS.words("WEEK:weeks OF?")
def _named_week(phrase: Phrase, match: Match) -> Phrase:
    return phrase.once(week=int(match.values["weeks"]))


@DAYS.words(f"{_ON} THIS* WEEKEND", f"{_ON} NEXT:next WEEKEND", f"{_ON} WEEKEND NEXT:next")
def _weekend(phrase: Phrase, match: Match) -> Phrase:
    return phrase.on(Weekend("next_kind" in match.values))


def swapped(phrase: Phrase) -> Phrase:
    """Return the phrase with 3/4 read as March 4."""
    if isinstance(phrase.day, Either):
        return replace(phrase, day=Either(phrase.day.second, phrase.day.first))
    return phrase


def _day(number: Any) -> int:
    if number % 1 or not 1 <= number <= _MAX_DAY:
        raise PhraseRefused
    return int(number)
