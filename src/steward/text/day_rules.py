"""How days are named: dates, weekdays, `tomorrow`, `the first Monday of December`, `end of month`."""

from __future__ import annotations

from steward.text import vocabulary as words
from steward.text.clocks import Clock
from steward.text.days import Ahead, DayOfMonth, Either, InMonth, OnDate, Weekday
from steward.text.phrase import END, Match, Phrase, Refused, Rules, year_of
from steward.text.vocabulary import any_of

DAYS = Rules()

_ARTICLES = rf"(?:{any_of(words.ARTICLES)}\s)"
_ANY_MONTH = rf"{any_of(words.MONTHS)}\.?(?![a-zà-ÿ])"
_MONTH = rf"(?P<month>{any_of(words.MONTHS)})\.?(?![a-zà-ÿ])"
_YEAR = r"(?:,?\s?(?P<year>\d{4})(?!\d|:))?"
_OF_MONTH = rf"(?:{_MONTH}{_YEAR}|(?P<next>{any_of(words.NEXT)}\s)?{any_of(words.MONTH)}(?P<after>\sprochain)?){END}"
_NO_CLOCK = r"(?![\wà-ÿ:./]|\s?(?:uhr|h|heures?|[ap]m|o'clock)(?![a-z]))"
_MOST_MONTH = 12


@DAYS.words(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)(?:t(?=\d))?")
def _iso_date(phrase: Phrase, match: Match) -> None:
    phrase.on(OnDate(int(match["day"]), int(match["month"]), int(match["year"])))


@DAYS.words(
    rf"{_ARTICLES}?(?P<nth>{any_of(words.ORDINALS)})\s(?P<weekday>{any_of(words.WEEKDAYS)}|day|tag|jour)\s"
    rf"(?:{_ARTICLES}|in\s|{any_of(words.THIS)}\s)*{_OF_MONTH}"
)
def _nth_weekday(phrase: Phrase, match: Match) -> None:
    ahead = 1 if match["next"] or match["after"] else None
    weekday, month = words.WEEKDAYS.get(match["weekday"]), words.MONTHS.get(match["month"] or "")
    phrase.on(InMonth(words.ORDINALS[match["nth"]], weekday, month, year_of(match["year"]), ahead))


@DAYS.words(rf"(?:the\s)?{any_of(words.END_OF)}\s(?:{_ARTICLES}|{any_of(words.THIS)}\s)*{_OF_MONTH}")
def _month_end(phrase: Phrase, match: Match) -> None:
    ahead = 1 if match["next"] or match["after"] else None
    phrase.on(InMonth(-1, None, words.MONTHS.get(match["month"] or ""), year_of(match["year"]), ahead))


@DAYS.words(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s?(?:of\s)?{_MONTH}{_YEAR}",
    rf"{_MONTH}\s?(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_NO_CLOCK}{_YEAR}",
)
def _named_date(phrase: Phrase, match: Match) -> None:
    phrase.on(OnDate(int(match["day"]), words.MONTHS[match["month"]], year_of(match["year"])))


@DAYS.words(
    r"(?P<day>\d{1,2})\.\s?(?P<month>0?[1-9]|1[0-2])"
    r"(?:\.(?:\s?(?P<year>\d{4}|\d{2})(?![\d:.]|\s?uhr))?|(?=\s|$))(?!\s?uhr)"
)
def _dotted_date(phrase: Phrase, match: Match) -> None:
    phrase.on(OnDate(int(match["day"]), int(match["month"]), year_of(match["year"])))


@DAYS.words(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])")
def _slashed_date(phrase: Phrase, match: Match) -> None:
    first, second, year = int(match["first"]), int(match["second"]), year_of(match["year"])
    day_first, month_first = OnDate(first, second, year), OnDate(second, first, year)
    if first == second or first > _MOST_MONTH:
        phrase.on(day_first)
    elif second > _MOST_MONTH:
        phrase.on(month_first)
    else:
        phrase.on(Either(day_first, month_first))


@DAYS.words(rf"{any_of(words.NAMED_DATES)}{END}")
def _holiday(phrase: Phrase, match: Match) -> None:
    day, month = words.NAMED_DATES[match[0]]
    phrase.on(OnDate(day, month))


@DAYS.words(
    rf"(?:the|le|am|den|der)\s(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?{_NO_CLOCK}(?!\s?(?:of\s)?{_ANY_MONTH})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th){END}",
)
def _day_of_month(phrase: Phrase, match: Match) -> None:
    phrase.on(DayOfMonth(int(match["day"])))


@DAYS.words(rf"(?P<here>this\s|cet\s|cette\s|ce\s)?(?:in the\s|am\s)?(?P<part>{any_of(words.PARTS_OF_DAY)}){END}")
def _part(phrase: Phrase, match: Match) -> None:
    phrase.once("part", words.PARTS_OF_DAY[match["part"]])
    if match["here"]:
        phrase.on(Ahead(0))


@DAYS.words(rf"(?:{any_of(words.TONIGHT)}){_NO_CLOCK}(?:\s(?P<hour>\d{{1,2}}){_NO_CLOCK})?")
def _tonight(phrase: Phrase, match: Match) -> None:
    phrase.on(Ahead(0))
    phrase.tonight = True
    _bare(phrase, match["hour"])


@DAYS.words(rf"heute morgen{END}")
def _this_morning(phrase: Phrase, match: Match) -> None:
    phrase.on(Ahead(0))
    phrase.once("part", words.MORNING)


@DAYS.words(rf"(?:the\s)?(?P<day>{any_of(words.DAYS_AHEAD)}){END}(?:\s(?P<hour>\d{{1,2}}){_NO_CLOCK})?")
def _day_ahead(phrase: Phrase, match: Match) -> None:
    if match["day"] == "morgen" and isinstance(phrase.day, Weekday):
        phrase.once("part", words.MORNING)
    else:
        phrase.on(Ahead(words.DAYS_AHEAD[match["day"]]))
    _bare(phrase, match["hour"])


@DAYS.words(
    rf"(?:{any_of(words.NEXT_WEEK)})\s(?:on\s|am\s)?(?P<day>{any_of(words.WEEKDAYS)}){END}",
    rf"(?P<day>{any_of(words.WEEKDAYS)}),?\s(?:of\s)?{any_of(words.NEXT_WEEK)}{END}",
)
def _next_week(phrase: Phrase, match: Match) -> None:
    phrase.on(Weekday(words.WEEKDAYS[match["day"]], weeks=1))


@DAYS.words(
    rf"{_ARTICLES}?(?:(?P<next>{any_of(words.NEXT)})\s|(?:{any_of(words.THIS)}\s)+)?"
    rf"(?P<day>{any_of(words.WEEKDAYS)})\.?{END}(?P<after>\sprochain{END})?"
)
def _weekday(phrase: Phrase, match: Match) -> None:
    day, is_next = words.WEEKDAYS[match["day"]], bool(match["next"] or match["after"])
    if phrase.day is None:
        phrase.day = Weekday(day, is_next)
    elif is_next or isinstance(phrase.day, Ahead | Weekday):
        raise Refused
    else:
        phrase.once("weekday", day)


def _bare(phrase: Phrase, hour: str | None) -> None:
    """Note an hour that stands by itself after a day that has no figures: `tomorrow 8`."""
    if hour is not None:
        phrase.at(Clock(int(hour), sure=False))


def swapped(phrase: Phrase) -> Phrase:
    """Return the phrase with 3/4 as March 4 rather than 3 April."""
    if isinstance(phrase.day, Either):
        phrase.day = Either(phrase.day.second, phrase.day.first)
    return phrase
