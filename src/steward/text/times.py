"""
When an event is, in people's own words: `understand` says what it understood, and what else the words may mean.

A grammar (`steward.text.grammar`) reads it. It passes over no word: a text with an unknown word is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from steward.errors import StewardError
from steward.runtime.wall_time import instant_of
from steward.text.grammar import read
from steward.text.meaning import Meaning, NoSuchTime, meanings
from steward.text.names import DAY_NAMES, MONTH_NAMES
from steward.text.phrase import Phrase

FURTHEST = timedelta(days=5 * 365 + 2)
LONGEST = 100
UNSAID = time(20)
MOST_ALTERNATIVES = 4
HOW = "Try `friday 8pm`, `tomorrow 19:30`, `24.12. 18:00` or `in 3 hours`."


class BadTime(StewardError):
    """Words that name no time an event can be at; the sentence says why, the remedy how a time is written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, remedy=HOW)


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A moment as it was understood.

    Attributes:
        wall: the naive wall-clock time in the zone.
        zone: the event's zone.
        instant: the moment itself, in UTC.
        alternatives: what else the words may mean, the likeliest first.
        notes: sentences about what was assumed, or about the clocks changing there.
        length: how long it takes, where the text says so: `friday 8pm-10pm`.
        rule: how it repeats, as RFC 5545 writes it, where the text says so: `FREQ=WEEKLY;BYDAY=FR` for `every friday`.

    """

    wall: datetime
    zone: ZoneInfo
    instant: datetime
    alternatives: tuple[Moment, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    length: timedelta | None = None
    rule: str = ""

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> Moment:
        """Return the moment of an instant."""
        instant = instant.astimezone(UTC)
        return cls(instant.astimezone(zone).replace(tzinfo=None, fold=0), zone, instant)

    @property
    def said(self) -> str:
        """The moment in words, which `understand` reads back: `Friday 27 November 2026, 20:00 (Europe/Berlin)`."""
        wall, zone = self.wall, self.zone.key
        if _is_twice(wall, self.zone):
            offset = self.instant.astimezone(self.zone).strftime("%z")
            zone = f"{zone}, UTC{offset[:3]}:{offset[3:5]}"
        clock = f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
        return f"{DAY_NAMES[wall.weekday()]} {wall.day} {MONTH_NAMES[wall.month - 1]} {wall.year}, {clock} ({zone})"


def understand(
    text: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    month_first: bool = False,
    unsaid: time = UNSAID,
) -> Moment:
    """
    Return the moment that a text names.

    Args:
        text: in English, German or French; absolute and relative times in some thirty languages more.
        now: the present, aware.
        zone: the event's zone, which holds where the text names none.
        month_first: 3/4 is March 4, as in the United States.
        unsaid: the time of day where only a day is named.

    Raises:
        BadTime: it is not understood, names no possible time, or one that has passed or is over five years away.

    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadTime("No time was given." if not text else f"A time takes no more than {LONGEST} characters.")
    if re.fullmatch(r"\d{1,2}\s?[hH]", text):
        raise BadTime(f"“{text}” may be a time of day, or so many hours from now.")
    phrase = read(text, month_first=month_first)
    if phrase is None:
        raise BadTime(f"I couldn't read “{text}” as a time.")
    first, *others = _coming(text, phrase, now, zone, unsaid)
    return replace(first, alternatives=tuple(others[:MOST_ALTERNATIVES]))


def _coming(text: str, phrase: Phrase, now: datetime, zone: ZoneInfo, unsaid: time) -> list[Moment]:
    """Return the moments that a phrase may mean from now on, at least one and each once, the likeliest first."""
    try:
        coming, passed = meanings(phrase, now, zone, unsaid)
        moments = [moment for meaning in coming for moment in _moments(meaning, zone) if moment.instant > now]
        if not moments:
            raise BadTime(f"“{text}” has passed: that was {_moments(passed[0], zone)[0].said}.")
    except NoSuchTime as error:
        raise BadTime(f"“{text}” is no possible time. {error}") from error
    except OverflowError as error:
        raise BadTime(f"“{text}” is more than five years away.") from error
    near = [moment for moment in dict.fromkeys(moments) if moment.instant - now <= FURTHEST]
    if not near:
        raise BadTime(f"“{text}” is more than five years away: that is {moments[0].said}.")
    return near


def _moments(meaning: Meaning, zone: ZoneInfo) -> list[Moment]:
    """Return the moments that a meaning may be: two where the wall clock shows its time twice."""
    if meaning.exact is not None:
        return [replace(Moment.at(meaning.exact, zone), notes=meaning.notes)]
    if not isinstance(meaning.zone, ZoneInfo):
        return [replace(Moment.at(meaning.wall.replace(tzinfo=meaning.zone), zone), notes=meaning.notes)]
    first = Moment.at(instant_of(meaning.wall, meaning.zone), zone)
    notes = meaning.notes
    if _is_twice(meaning.wall, meaning.zone):
        second = Moment.at(meaning.wall.replace(tzinfo=meaning.zone, fold=1), zone)
        notes = (*notes, f"The clocks go back there, so {meaning.wall:%H:%M} comes twice; the first is taken.")
        return [replace(first, notes=notes), replace(second, notes=meaning.notes)]
    shown = first.instant.astimezone(meaning.zone).replace(tzinfo=None)
    if shown != meaning.wall:
        notes = (*notes, f"The clocks go forward over {meaning.wall:%H:%M} there; {shown:%H:%M} is taken.")
    return [replace(first, notes=notes)]


def _is_twice(wall: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clock of a zone shows a wall time twice, for it is put back there."""
    first = wall.replace(tzinfo=zone, fold=0)
    return first.utcoffset() > wall.replace(tzinfo=zone, fold=1).utcoffset()  # type: ignore[operator]
