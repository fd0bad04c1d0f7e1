"""Lines of handicaps and totals, as whole numbers of quarters: -0.75 is -3."""

from __future__ import annotations

import re
from collections.abc import Callable

from steward.bots.bets.grading.grades import LOST, PUSHED, WON, BetGrade, halves
from steward.errors import StewardError
from steward.text.cutting import cut_label

QUARTERS = 4  # of one point
_LINE = re.compile(r"([+-]?)(\d{1,6})(?:[.,](\d{1,2}))?", re.ASCII)
_PLACES = {"": 0, "0": 0, "00": 0, "25": 1, "5": 2, "50": 2, "75": 3}


class BadLine(StewardError):
    """The text is no line in quarters."""


def read_line(text: str) -> int:
    """Read a line such as `-1.5`, `+0.25` or `220,5` in quarters; raises `BadLine`."""
    found = _LINE.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if found is None or (places := _PLACES.get(found[3] or "")) is None:
        shown = cut_label(text.strip(), 50)
        raise BadLine(f"I couldn't read “{shown}” as a line.", remedy="Write it like -1.5, +0.25 or 220.5.")
    quarters = int(found[2]) * QUARTERS + places
    return -quarters if found[1] == "-" else quarters


def show_line(quarters: int, *, signed: bool) -> str:
    """Return a line as text, without zeros at its end; with its sign for a handicap, without for a total."""
    whole, places = divmod(abs(quarters), QUARTERS)
    sign = ("-" if quarters < 0 else "+" if quarters > 0 else "") if signed else ""
    return f"{sign}{whole}{('', '.25', '.5', '.75')[places]}"


def graded(excess: int) -> BetGrade:
    """Return the grade of a value that is so many quarters on the bet's side of its line."""
    return by_halves(excess, _whole)


def by_halves(excess: int, grade: Callable[[int], BetGrade]) -> BetGrade:
    """Grade what is so many quarters over a line; on a quarter line both lines beside it, for half the stake each."""
    return halves(grade(excess - 1), grade(excess + 1)) if excess % 2 else grade(excess)


def _whole(excess: int) -> BetGrade:
    return WON if excess > 0 else LOST if excess < 0 else PUSHED
