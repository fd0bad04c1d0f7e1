"""The library dateparser, in a child process, and distrusted: its answer must hold every figure of the text."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from steward.bots.events.phrases import vocabulary as words
from steward.bots.events.phrases.clocks import Clock
from steward.bots.events.phrases.days import OnDate
from steward.bots.events.phrases.phrase import Phrase
from steward.bots.events.phrases.zones import ZONE, readings
from steward.runtime.child import ShortLivedChild

CHILD = (sys.executable, "-m", "steward.bots.events.phrases")
WITHIN = 5.0

_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:h](\d{2})(?!\d)")
_FIGURES = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_SAME = timedelta(minutes=1)
_UNITS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1))
_HALF_DAY, _CENTURY = 12, 100


class DateLibrary:
    """
    Reads phrases that the grammar does not know, one child at a time.

    Args:
        within: seconds of wall time that a child may take for one phrase.
        child: the command of the child.
        spare: asked before each call whether there is memory for a child.

    """

    def __init__(
        self, *, within: float = WITHIN, child: Sequence[str] = CHILD, spare: Callable[[], bool] = lambda: True
    ) -> None:
        self._child = ShortLivedChild("The process that reads dates", child, within=within, spare=spare)

    async def read(self, text: str, now: datetime, zone: tzinfo, *, month_first: bool) -> Phrase | None:
        """
        Return a day and a time of day that a text names, or None where it names none or the answer is doubtful.

        Raises:
            ChildFailed: the child ended badly, took too long, or there is no memory for it.

        """
        text, zones = _without_zone(text.casefold())
        local = now.astimezone(zones[0] if zones else zone).replace(tzinfo=None, microsecond=0)
        asked = {"text": text, "now": local.isoformat(), "month_first": month_first}
        found = json.loads(await self._child.run(json.dumps(asked).encode))
        if found is None or found["period"] not in ("time", "day"):  # “November” names no day
            return None
        wall = datetime.fromisoformat(found["wall"]).replace(microsecond=0)
        if not trusted(text, wall, local, timed=found["period"] == "time"):
            return None
        clock = Clock(wall.hour, wall.minute, wall.second) if found["period"] == "time" else None
        return Phrase(OnDate(wall.day, wall.month, wall.year), clock=clock, zones=zones)


def trusted(text: str, wall: datetime, local: datetime, *, timed: bool) -> bool:
    """
    Tell whether an answer fits the text: its figures, its weekday and month, and not merely the present.

    Args:
        text: casefolded, without a zone.
        wall: the answer, naive.
        local: the present on the same wall clock.
        timed: whether the answer names a time of day.

    """
    if wall < local + _SAME:  # the present is what it says of words that it passes over; it was asked for the future
        return False
    for hour, minute in _CLOCK.findall(text):
        if not timed or wall.minute != int(minute) or int(hour) not in (wall.hour, wall.hour % _HALF_DAY or _HALF_DAY):
            return False
    if not all(_holds(wall, local, int(figure)) for figure in _FIGURES.findall(text)):
        return False
    named = _WORDS.findall(text)
    weekdays = {words.WEEKDAYS[word] for word in named if len(word) > 3 and word in words.WEEKDAYS}  # noqa: PLR2004
    months = {words.MONTHS[word] for word in named if len(word) > 3 and word in words.MONTHS}  # noqa: PLR2004
    return weekdays <= {wall.weekday()} and months <= {wall.month} and not _names_part_of_day(named)


def _holds(wall: datetime, local: datetime, figure: int) -> bool:
    """Tell whether a figure is a part of the answer, or the distance to it in some unit."""
    clock = (wall.hour, wall.hour % _HALF_DAY or _HALF_DAY, wall.minute, wall.second)
    if figure in (*clock, wall.day, wall.month, wall.year, wall.year % _CENTURY):
        return True
    months = (wall.year - local.year) * 12 + wall.month - local.month
    return (
        any(abs(wall - local - figure * unit) < _SAME for unit in _UNITS) or figure * 12 == months or figure == months
    )


def _names_part_of_day(named: list[str]) -> bool:
    """Tell whether the text has a word that the library passes over, such as `tonight` or `noon`."""
    passed_over = {*words.TONIGHT, *words.NOON, *words.MIDNIGHT, *words.PARTS_OF_DAY, *words.ORDINALS, *words.END_OF}
    return not passed_over.isdisjoint(named)


def _without_zone(text: str) -> tuple[str, list[tzinfo]]:
    for match in ZONE.finditer(text):
        zones = readings(match) if match[0] else []
        if zones and not re.fullmatch(r"\+\d{1,2}", match[0]):  # which may be a number of days
            return f"{text[: match.start()]} {text[match.end() :]}".strip(), zones
    return text, []
