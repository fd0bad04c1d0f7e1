"""
Parses the time of an event from natural language, with alternatives.

The grammar in `steward.text.phrases` skips no word: a text with an unknown word is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from steward.runtime.wall_time import instant_of
from steward.text.bad_time import ZONES, BadTime
from steward.text.names import DAY_NAMES, MONTH_NAMES
from steward.text.phrases.grammar import clock_unknown, ends_with_zone, is_end, read
from steward.text.phrases.meaning import Meaning, NoSuchTime, meanings
from steward.text.phrases.phrase import Phrase
from steward.text.phrases.repeats import rule_text
from steward.text.phrases.scanner import Tokens
from steward.text.phrases.zones import is_clock_of

__all__ = ["FURTHEST", "LONGEST", "MAX_ALTERNATIVES", "UNSAID", "BadTime", "TypedMoment", "understand"]

FURTHEST = timedelta(days=5 * 365 + 2)
LONGEST = 100
UNSAID = time(20)
MAX_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """
    A parsed time.

    Attributes:
        wall: naive local time in `zone`.
        zone: the event's zone.
        instant: in UTC.
        alternatives: other readings, the most likely first.
        notes: sentences about assumptions or clock changes.
        length: duration, if given: `friday 8pm-10pm`.
        rule: recurrence as in RFC 5545, if given: `FREQ=WEEKLY;BYDAY=FR` for `every friday`.

    """

    wall: datetime
    zone: ZoneInfo
    instant: datetime
    alternatives: tuple[TypedMoment, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    length: timedelta | None = None
    rule: str = ""

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> TypedMoment:
        instant = instant.astimezone(UTC)
        return cls(instant.astimezone(zone).replace(tzinfo=None, fold=0), zone, instant)

    @property
    def said(self) -> str:
        """The time in words that `understand` can parse: `Friday 27 November 2026, 20:00 (Europe/Berlin)`."""
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
    written_in: ZoneInfo | None = None,
    month_first: bool = False,
    unsaid: time = UNSAID,
) -> TypedMoment:
    """
    Parse a time.

    Args:
        text: in English, German, French, Spanish, Portuguese, Italian or Dutch; shorter forms in Discord's other
            languages.
        now: aware.
        zone: the event's zone, also the default zone of the text.
        written_in: the writer's zone if different; used as the default zone of the text instead.
        month_first: read 3/4 as March 4.
        unsaid: default time of day.

    Raises:
        BadTime: not understood, impossible, in the past, or over five years away.

    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadTime("No time was given." if not text else f"A time takes no more than {LONGEST} characters.")
    tokens = Tokens(text)
    phrases = read(tokens, month_first=month_first)
    if not phrases:
        if is_end(tokens):
            raise BadTime(f"“{text}” says when it ends, but not when it begins.")
        clock = clock_unknown(tokens)
        if clock and not ends_with_zone(tokens):
            named = " ".join(text.split()[-len(clock.split()) :]).strip(" .!?,")  # in the original spelling
            raise BadTime(f"I don't know which clock “{named}” is.", ZONES)
        raise BadTime(f"I couldn't read “{text}” as a time.")
    first, *others = _coming(text, phrases, now, zone, written_in or zone, unsaid)
    return replace(first, alternatives=tuple(others[:MAX_ALTERNATIVES]))


def _coming(
    text: str, phrases: list[Phrase], now: datetime, zone: ZoneInfo, written_in: ZoneInfo, unsaid: time
) -> list[TypedMoment]:
    """Return the future moments that phrases may mean, without duplicates, the most likely first; at least one."""
    moments: list[TypedMoment] = []
    passed: list[Meaning] = []
    problems: list[str] = []
    for phrase in phrases:
        try:
            coming, gone = meanings(phrase, now, written_in, unsaid)
            moments += [moment for meaning in coming for moment in _moments(meaning, zone) if moment.instant > now]
            passed += gone
        except NoSuchTime as error:
            problems.append(f"“{text}” is no possible time. {error}")
        except OverflowError:
            problems.append(f"“{text}” is more than five years away.")
    if not moments:
        if passed:
            raise BadTime(f"“{text}” has passed: that was {_moments(passed[0], zone)[0].said}.")
        raise BadTime(problems[0])
    near = [moment for moment in dict.fromkeys(moments) if moment.instant - now <= FURTHEST]
    if not near:
        raise BadTime(f"“{text}” is more than five years away: that is {moments[0].said}.")
    return near


def _moments(meaning: Meaning, zone: ZoneInfo) -> list[TypedMoment]:
    """Return the moments of a meaning: two if the local time is ambiguous."""
    return [_completed(moment, meaning, zone) for moment in _starts(meaning, zone)]


def _completed(moment: TypedMoment, meaning: Meaning, zone: ZoneInfo) -> TypedMoment:
    """Add length, rule and notes to a moment."""
    length, rule, notes = meaning.length, "", moment.notes
    if meaning.end is not None:
        length = _instant(meaning.end, meaning.zone) - moment.instant
    if meaning.repeat is not None:
        rule = rule_text(meaning.repeat, moment.wall, (moment.wall.date() - meaning.wall.date()).days)
        if not is_clock_of(meaning.zone, zone):
            notes = (*notes, f"The series keeps the clock of {zone.key}.")
    return replace(moment, length=length, rule=rule, notes=notes)


def _starts(meaning: Meaning, zone: ZoneInfo) -> list[TypedMoment]:
    if meaning.exact is not None:
        return [replace(TypedMoment.at(meaning.exact, zone), notes=meaning.notes)]
    if not isinstance(meaning.zone, ZoneInfo):
        return [replace(TypedMoment.at(meaning.wall.replace(tzinfo=meaning.zone), zone), notes=meaning.notes)]
    first = TypedMoment.at(instant_of(meaning.wall, meaning.zone), zone)
    notes = meaning.notes
    if _is_twice(meaning.wall, meaning.zone):
        second = TypedMoment.at(meaning.wall.replace(tzinfo=meaning.zone, fold=1), zone)
        notes = (*notes, f"The clocks go back there, so {meaning.wall:%H:%M} comes twice; I took the first.")
        return [replace(first, notes=notes), replace(second, notes=meaning.notes)]
    shown = first.instant.astimezone(meaning.zone).replace(tzinfo=None)
    if shown != meaning.wall:
        notes = (*notes, f"The clocks go forward over {meaning.wall:%H:%M} there, so I took {shown:%H:%M}.")
    return [replace(first, notes=notes)]


def _instant(wall: datetime, zone: tzinfo) -> datetime:
    return instant_of(wall, zone) if isinstance(zone, ZoneInfo) else wall.replace(tzinfo=zone).astimezone(UTC)


def _is_twice(wall: datetime, zone: ZoneInfo) -> bool:
    """Return whether a local time occurs twice because the clock is put back."""
    first = wall.replace(tzinfo=zone, fold=0)
    return first.utcoffset() > wall.replace(tzinfo=zone, fold=1).utcoffset()  # type: ignore[operator]
