"""What a phrase means at a moment and in a zone: wall times still to come, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from steward.text import vocabulary as words
from steward.text.clocks import Clock, Reading
from steward.text.days import Ahead, Dates, Either, OnDate
from steward.text.phrase import Phrase

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NIGHT_ENDS = 6


class NoSuchTime(Exception):
    """The words fit no date, or no time of that day; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    One meaning of a phrase.

    Attributes:
        wall: the wall time in the zone that was named or else is the event's.
        exact: the instant, where a duration or a timestamp names one.
        zone: that zone.
        notes: what was assumed, in sentences.

    """

    wall: datetime
    zone: tzinfo
    exact: datetime | None = None
    notes: tuple[str, ...] = ()


def meanings(phrase: Phrase, now: datetime, zone: tzinfo, unsaid: time) -> tuple[list[Meaning], list[Meaning]]:
    """
    Return the meanings that are still to come, and those that have passed.

    Args:
        phrase: what was read.
        now: aware.
        zone: the zone that holds where the phrase names none.
        unsaid: the time of day where a day is named and no time.

    Raises:
        NoSuchTime: there is no such date, or the parts contradict each other.

    """
    if phrase.instant is not None:
        return _split([Meaning(_wall(phrase.instant, zone), zone, phrase.instant)], now)
    found: list[Meaning] = []
    for said_in in phrase.zones or [zone]:
        found += _in_zone(phrase, now, said_in, unsaid)
    return _split(found, now)


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
            passed = isinstance(phrase.day, OnDate) and chosen != walls[0] and chosen.year > local.year
            more = ("That date has passed this year, so I took the next one.",) if passed and chosen > local else ()
            found.append(Meaning(chosen, zone, notes=(*notes, *more)))
    return found if phrase.day is not None else sorted(found, key=lambda meaning: meaning.wall)


def _elapsed(phrase: Phrase, now: datetime, zone: tzinfo, elapsed: timedelta) -> Meaning:
    if phrase.clock is not None or phrase.part or phrase.tonight or (phrase.day and not _is_duration(phrase)):
        raise NoSuchTime("It names both a time and a duration.")
    if elapsed >= _MINUTE:
        now = (now + _MINUTE / 2).replace(second=0, microsecond=0)
    if phrase.day is not None:
        local = _wall(now, zone)
        now = datetime.combine(phrase.day.meanings(local.date())[0][0], local.time(), zone)
    exact = now.astimezone(UTC) + elapsed
    return Meaning(_wall(exact, zone), zone, exact.replace(microsecond=0))


def _is_duration(phrase: Phrase) -> bool:
    return isinstance(phrase.day, Ahead) and phrase.day.same_time


def _dates(phrase: Phrase, local: datetime) -> list[Dates]:
    today = local.date()
    if phrase.day is None and phrase.weekday is None:
        return [[today, today + _DAY]]
    if phrase.tonight and local.hour < _NIGHT_ENDS:
        return [[today - _DAY, today]]
    named = phrase.day.meanings(today) if phrase.day else []
    if phrase.weekday is not None and isinstance(phrase.day, OnDate | Either):
        # A later year is not meant just because the weekday is right there.
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
        assumed = words.ASSUMED.get(phrase.part, unsaid)
        return [(assumed, 0)], (f"You didn't give a time, so I assumed {assumed:%H:%M}.",)
    if not isinstance(clock, Clock):
        return clock.readings()[: 1 if phrase.day is None else 2], ()
    if phrase.tonight or phrase.part == words.NIGHT:
        return clock.tonight(), ()
    if phrase.part:
        within = clock.within(phrase.part)
        if within is None:
            raise NoSuchTime(f"That time is not in the {phrase.part}.")
        return within.readings(), ()
    return clock.readings(), ()
