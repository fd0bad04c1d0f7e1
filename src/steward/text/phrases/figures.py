"""Tokens of digits: numbers, times of day, dates, Unix times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from steward.text.phrases.days import Day, Either, OnDate

Found = tuple[str, object]
"""Kind and value of a token."""

_MAX_MONTH, _LONG_YEAR, _CENTURY = 12, 4, 2000
_DATE_GOES_ON = re.compile(r"[-/]\d{1,2}(?!\d)")
_FIGURES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Found]]]] = []


def figures_at(text: str, position: int) -> Iterator[tuple[int, str, object]]:
    """Yield end, kind and value of each possible token of digits at a position."""
    for pattern, read in _FIGURES:
        match = pattern.match(text, position)
        if match:
            for kind, value in read(match):
                yield match.end(), kind, value


def _figures(*patterns: str) -> Callable[[Callable[[re.Match[str]], Iterator[Found]]], None]:
    def add(read: Callable[[re.Match[str]], Iterator[Found]]) -> None:
        _FIGURES.extend((re.compile(pattern), read) for pattern in patterns)

    return add


@_figures(r"(\d{1,4})(?!\d)")
def _number(match: re.Match[str]) -> Iterator[Found]:
    figures = match[1]
    yield "INT", int(figures)
    if len(figures) == _LONG_YEAR:
        if not _DATE_GOES_ON.match(match.string, match.end()):
            yield "FOUR", (int(figures[:2]), int(figures[2:]))
        yield "YEAR", int(figures)
    elif len(figures) == 3:  # noqa: PLR2004 - 830pm
        yield "THREE", (int(figures[0]), int(figures[1:]))
    elif len(figures) == 2:  # noqa: PLR2004 - minutes
        yield "TWO", int(figures)


@_figures(r"(\d{1,4})[.,](\d{1,2})(?![\d.:,])")
def _decimal(match: re.Match[str]) -> Iterator[Found]:
    yield "DECIMAL", float(f"{match[1]}.{match[2]}")


@_figures(r"(\d{1,2})(?:st|nd|rd|th|er|ere|eme|e|ste|de|a|o|°)(?![^\W\d_])", r"(\d{1,2})\.(?!\d)")
def _ordinal(match: re.Match[str]) -> Iterator[Found]:
    yield "NTH", int(match[1])


@_figures(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
def _clock(match: re.Match[str]) -> Iterator[Found]:
    yield "CLOCK", (int(match[1]), int(match[2]), int(match[3] or 0), len(match[1]) > 1)


@_figures(r"(\d{1,2})\.([0-5]\d)(?![\d.])")
def _dotted_clock(match: re.Match[str]) -> Iterator[Found]:
    yield "DOTTED", (int(match[1]), int(match[2]))


@_figures(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:t(?=\d)|(?![\d-]))", r"(20\d\d)()([01]\d)([0-3]\d)(?:t(?=\d)|(?!\d))")
def _year_first(match: re.Match[str]) -> Iterator[Found]:
    yield "DATE", OnDate(int(match[4]), int(match[3]), int(match[1]))


@_figures(r"(\d{1,2})([-/]|\.\s?)(\d{1,2})\2(\d{4}|\d{2})(?![\d:])")
def _year_last(match: re.Match[str]) -> Iterator[Found]:
    year = int(match[4]) + (_CENTURY if len(match[4]) < _LONG_YEAR else 0)
    yield from _day_and_month(int(match[1]), int(match[3]), year, dotted=match[2][0] == ".")


@_figures(
    r"(\d{1,2})\.\s?(\d{1,2})\.(?!\d\d?\.)",
    r"(\d{1,2})[/.\-](\d{1,2})(?![\d/:.,\-])",
    r"(\d{1,2})/(\d{1,2})(?=[.,]?(?:\s|$))",
)
def _without_year(match: re.Match[str]) -> Iterator[Found]:
    dotted = "." in match[0].rstrip(".")
    # "friday 8-10" are hours, "fri 08-10" is a date.
    kind = "SPANNED" if "-" in match[0] and "0" not in (match[1][0], match[2][0]) else "DATE"
    for _, day in _day_and_month(int(match[1]), int(match[2]), None, dotted=dotted):
        yield kind, day


def _day_and_month(first: int, second: int, year: int | None, *, dotted: bool) -> Iterator[Found]:
    """Yield the date, in both orders if it is ambiguous."""
    day_first, month_first = OnDate(first, second, year), OnDate(second, first, year)
    day: Day = day_first
    if first <= _MAX_MONTH < second:
        day = month_first
    elif first != second and first <= _MAX_MONTH and not dotted:
        day = Either(day_first, month_first)
    yield "DATE", day


@_figures(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2})?(?:z|[+\-]\d{2}:?\d{2})(?![\w:])")
def _iso_instant(match: re.Match[str]) -> Iterator[Found]:
    try:
        yield "INSTANT", datetime.fromisoformat(match[0].upper())
    except ValueError:
        return


@_figures(r"(\d{10}|\d{13})(?!\d)")
def _unix_time(match: re.Match[str]) -> Iterator[Found]:
    seconds = int(match[1]) if len(match[1]) == 10 else int(match[1]) // 1000  # noqa: PLR2004 - milliseconds have 13
    yield "INSTANT", datetime.fromtimestamp(seconds, UTC)
