"""Computes the times a phrase may mean, the most likely first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from steward.text.phrases.clocks import AFTERNOON, LATE, MORNING, NIGHT, ClockWords, Reading
from steward.text.phrases.days import Ahead, Dates, DayOfMonth, Either, FirstOf, InMonth, OnDate
from steward.text.phrases.phrase import Phrase, Repeat
from steward.text.phrases.zones import is_clock_of

ASSUMED = {MORNING: time(9), AFTERNOON: time(15)}
"""Default times for parts of the day; evenings use the caller's default."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=366)
_LONGEST = timedelta(days=31)
_NIGHT_ENDS = 6


class NoSuchTime(Exception):
    """There is no such date or time; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    One meaning of a phrase.

    Attributes:
        wall: local time in `zone`.
        exact: the datetime, for a duration or a timestamp.
        zone: as written, or the event's.
        notes: assumptions, in sentences.
        end: local time of the end, in the same zone.
        length: duration, if given instead of an end.
        repeat: the recurrence.

    """

    wall: datetime
    zone: tzinfo
    exact: datetime | None = None
    notes: tuple[str, ...] = ()
    end: datetime | None = None
    length: timedelta | None = None
    repeat: Repeat | None = None


def meanings(phrase: Phrase, now: datetime, zone: tzinfo, unsaid: time) -> tuple[list[Meaning], list[Meaning]]:
    """
    Return the future meanings and the past ones.

    Args:
        phrase: what was read.
        now: aware.
        zone: default zone.
        unsaid: default time of day.

    Raises:
        NoSuchTime: no such date exists, or the parts contradict each other.

    """
    if phrase.instant is not None:
        return _split([Meaning(_wall(phrase.instant, zone), zone, phrase.instant)], now)
    found: list[Meaning] = []
    for said_in in _zones(phrase, zone):
        found += _in_zone(phrase, now, said_in, unsaid)
    return _split(found, now)


def _zones(phrase: Phrase, zone: tzinfo) -> list[tzinfo]:
    """Return the possible zones; of an ambiguous abbreviation, the event's own if it is among them."""
    if phrase.offset is not None:
        return list(phrase.offset.meanings)
    own = [named for named in phrase.zones if is_clock_of(zone, named.place)]
    return [meant for named in own or phrase.zones for meant in named.meanings] or [zone]


def _split(found: list[Meaning], now: datetime) -> tuple[list[Meaning], list[Meaning]]:
    coming = [meaning for meaning in found if _after(meaning, now)]
    return coming, [meaning for meaning in found if meaning not in coming]


def _after(meaning: Meaning, now: datetime) -> bool:
    return meaning.exact > now if meaning.exact else meaning.wall > _wall(now, meaning.zone)


def _wall(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _in_zone(phrase: Phrase, now: datetime, zone: tzinfo, unsaid: time) -> list[Meaning]:
    local = _wall(now, zone)
    if phrase.elapsed is not None:
        return [_elapsed(phrase, now, zone, phrase.elapsed)]
    found: list[Meaning] = []
    readings, notes = _readings(phrase, local, unsaid)
    for dates in _dates(phrase, local):
        for clock, days in readings:
            walls = [datetime.combine(on + days * _DAY, clock) for on in dates]
            chosen = next((wall for wall in walls if wall > local), walls[-1])
            if chosen > local + _YEAR and not _names_a_year(phrase):
                raise NoSuchTime(f"The next such date is in {chosen.year}: write the year.")
            passed = isinstance(phrase.day, OnDate) and chosen != walls[0] and chosen.year > local.year
            more = ("That date has passed this year, so I took the next one.",) if passed and chosen > local else ()
            end = None if phrase.end is None else _end(phrase.end, chosen)
            notes_of_it = (*notes, *more)
            found.append(Meaning(chosen, zone, None, notes_of_it, end, phrase.length, phrase.repeat))
    found = _shortest(phrase, found)
    return found if phrase.day is not None else sorted(found, key=lambda meaning: meaning.wall)


def _names_a_year(phrase: Phrase) -> bool:
    day = phrase.day
    if isinstance(day, Either):
        return day.first.year is not None
    return not isinstance(day, OnDate | InMonth | DayOfMonth) or getattr(day, "year", None) is not None


def _end(end: Phrase, start: datetime) -> datetime:
    """Return the first local time after the start that the end may mean."""
    readings, _ = _readings(end, start, start.time())
    if end.day is None:
        dates = [start.date(), start.date() + _DAY]
    else:
        dates = [on for on in _dates(end, start)[0] if on >= start.date()][:1]
    walls = [datetime.combine(on + days * _DAY, clock) for on in dates for clock, days in readings]
    first = min((wall for wall in walls if wall > start), default=None)
    if first is None or first - start > _LONGEST or start in walls:
        raise NoSuchTime("It ends before it starts, or lasts more than a month.")
    return first


def _shortest(phrase: Phrase, found: list[Meaning]) -> list[Meaning]:
    """Return the shortest reading of “8-10pm”: both in the evening."""
    end = None if phrase.end is None else phrase.end.clock
    said = isinstance(end, ClockWords) and (end.half or len(end.readings()) == 1)
    if not said or not isinstance(phrase.clock, ClockWords) or len(phrase.clock.readings()) == 1:
        return found
    least = min(meaning.end - meaning.wall for meaning in found if meaning.end is not None)
    return [meaning for meaning in found if meaning.end is not None and meaning.end - meaning.wall == least]


def _elapsed(phrase: Phrase, now: datetime, zone: tzinfo, elapsed: timedelta) -> Meaning:
    if phrase.clock is not None or phrase.part or phrase.tonight or (phrase.day and not _is_duration(phrase)):
        raise NoSuchTime("It names both a time and a duration.")
    if elapsed >= _MINUTE:
        now = (now + _MINUTE / 2).replace(second=0, microsecond=0)
    if phrase.day is not None:
        local = _wall(now, zone)
        now = datetime.combine(phrase.day.meanings(local.date())[0][0], local.time(), zone)
    exact = now.astimezone(UTC) + elapsed
    return Meaning(_wall(exact, zone), zone, exact.replace(microsecond=0), length=phrase.length)


def _is_duration(phrase: Phrase) -> bool:
    return isinstance(phrase.day, Ahead) and phrase.day.same_time


def _dates(phrase: Phrase, local: datetime) -> list[Dates]:
    today = local.date()
    if phrase.day is None and phrase.weekday is None:
        return [[today, today + _DAY]]
    if phrase.tonight and local.hour < _NIGHT_ENDS:
        return [[today - _DAY, today]]
    repeat = phrase.repeat
    if repeat is not None and repeat.nth is not None and isinstance(phrase.day, FirstOf):
        phrase = replace(phrase, day=InMonth(repeat.nth, repeat.days[0]))
    named = phrase.day.meanings(today) if phrase.day else []
    if phrase.weekday is not None and isinstance(phrase.day, OnDate | Either):
        # Do not pick a later year only because its weekday matches.
        named = [[on for on in dates if on >= today][:1] or dates[:1] for dates in named]
    fitting = [[on for on in dates if phrase.weekday in (None, on.weekday())] for dates in named]
    kept = [dates for dates in fitting if dates]
    if kept:
        return kept
    wrong: date | None = next((on for dates in named for on in dates), None)
    if wrong is None:
        raise NoSuchTime("There is no such date.")
    raise NoSuchTime(f"{wrong.day} {wrong:%B %Y} is a {wrong:%A}.")


def _readings(phrase: Phrase, local: datetime, unsaid: time) -> tuple[list[Reading], tuple[str, ...]]:
    clock = phrase.clock
    if clock is None:
        if _is_duration(phrase) and not phrase.part:
            rounded = local + _MINUTE / 2
            return [(rounded.time().replace(second=0, microsecond=0), 0)], ()
        assumed = ASSUMED.get(phrase.part, unsaid)
        return [(assumed, 0)], (f"You didn't give a time, so I assumed {assumed:%H:%M}.",)
    if not isinstance(clock, ClockWords):
        return clock.readings()[: 1 if phrase.day is None and not clock.either else 2], ()
    return _of_its_part(phrase, clock), ()


def _of_its_part(phrase: Phrase, clock: ClockWords) -> list[Reading]:
    """Return the possible times in the given part of the day."""
    if phrase.tonight or phrase.part == NIGHT:
        return clock.tonight()
    if phrase.part == LATE:
        return clock.late()
    within = clock.within(phrase.part) if phrase.part else clock
    if within is None:
        raise NoSuchTime(f"That time is not in the {phrase.part}.")
    return within.readings()
