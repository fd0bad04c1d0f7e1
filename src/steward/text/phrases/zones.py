"""Parses time zones of a time: `EST`, `UTC+2`, `Europe/London`, `UK time`, `(Berlin)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.text.phrases.lexicon import unmarked
from steward.text.places import zone_names, zone_of_city

_TABLES = Path(__file__).parent.parent / "words"
_MAX_HOURS, _MAX_MINUTES = 14, 59
_MAX_WORDS = 4
_TIME_BEHIND = frozenset(("time", "zeit", "tijd"))
_ENDINGS = ("", "er", "se", "e")  # "berliner zeit", "londense tijd", "parijse tijd"
_TIME_BEFORE = frozenset(
    f"{time} {of}"
    for times, links in (("heure", "de d"), ("hora horário horario", "de do da"), ("ora", "di"))
    for time in times.split()
    for of in links.split()
)
_CLOCK = re.compile(
    r"(?:[^\W\d_]+[ '-]){1,4}(?:time|zeit|tijd)|(?:heure d(?:e |')|(?:hora|hor[áa]rio) d[eoa] |ora di )\D+"
)
_SEASONS = (datetime(2026, 1, 1), datetime(2026, 7, 1))  # noqa: DTZ001 - wall times


class Zone(NamedTuple):
    """
    A named zone.

    Attributes:
        place: None for a UTC offset.
        meanings: the most likely first. EST is UTC-5, but in summer many mean New York time.

    """

    place: ZoneInfo | None
    meanings: tuple[tzinfo, ...]


def offset_of(sign: str, hours: int, minutes: int) -> Zone | None:
    """Return the zone of a UTC offset, or None if out of range."""
    if hours > _MAX_HOURS or minutes > _MAX_MINUTES:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return Zone(None, (timezone(-ahead if sign == "-" else ahead),))


def iana_zone(name: str) -> Zone | None:
    """Return the zone of an IANA name, in any case, or None."""
    known = _iana().get(name)
    return None if known is None else Zone(ZoneInfo(known), (ZoneInfo(known),))


def zone_city(name: str) -> Zone | None:
    """Return the zone of a city, or None."""
    known = zone_of_city(name) or _cities().get(unmarked(name))
    return None if known is None else Zone(ZoneInfo(known), (ZoneInfo(known),))


def zones_named(text: str, start: int, word_end: Callable[[int], int]) -> Iterator[tuple[tuple[Zone, ...], int]]:
    """Yield the zones that the words at a position name, with their ends."""
    table, end, count = _table(), word_end(start), 1
    if end == start:
        return
    said = text[start:end]
    while True:
        plain = unmarked(said) if count > 1 else said
        if plain in table:
            yield _zones(plain), end
        following = word_end(end + 1) if text[end : end + 1] == " " else end
        if text[end + 1 : following] in _TIME_BEHIND and (zone := _zone_of(said)):
            yield (zone,), following
        if said in _TIME_BEFORE:
            yield from _cities_at(text, end + 1, word_end)
        if count == _MAX_WORDS or following <= end + 1:
            return
        said, end, count = text[start:following], following, count + 1


def names_clock(words: str) -> bool:
    """Return whether lower-case words name a clock, known or not: `narnia time`."""
    return _CLOCK.fullmatch(words) is not None


def _zone_of(name: str) -> Zone | None:
    """Return the zone of a city or its adjective: `berliner`."""
    stems = (name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending))
    return next(filter(None, map(zone_city, stems)), None)


def _cities_at(text: str, start: int, word_end: Callable[[int], int]) -> Iterator[tuple[tuple[Zone, ...], int]]:
    """Yield the zones of cities at a position, with their ends."""
    end = word_end(start)
    for _ in range(_MAX_WORDS):
        zone = zone_city(text[start:end])
        if zone is not None:
            yield (zone,), end
        following = word_end(end + 1) if text[end : end + 1] in (" ", "-") else end
        if following <= end + 1:
            return
        end = following


def is_clock_of(zone: tzinfo, place: ZoneInfo | None) -> bool:
    """Return whether two zones show the same time, in winter and in summer."""
    return place is not None and all(
        wall.replace(tzinfo=zone).utcoffset() == wall.replace(tzinfo=place).utcoffset() for wall in _SEASONS
    )


def _zones(name: str) -> tuple[Zone, ...]:
    found = []
    for minutes, place in _table()[name]:
        if place == "UTC":
            found.append(Zone(None, (UTC,)))
            continue
        zone = ZoneInfo(place)
        offset = () if minutes is None else (timezone(timedelta(minutes=minutes)),)
        # For less likely places, only the literal offset.
        found.append(Zone(zone, offset if found else (*offset, zone)))
    return tuple(found)


@cache
def _table() -> dict[str, tuple[tuple[int | None, str], ...]]:
    """Return zones by abbreviation or name: minutes from UTC, or None for the place's clock."""
    found: dict[str, tuple[tuple[int | None, str], ...]] = dict.fromkeys(("utc", "gmt", "z", "zulu"), ((None, "UTC"),))
    for name in ("cldr.txt", "zones.txt"):
        for line in (_TABLES / name).read_text("utf-8").split("[cities]")[0].splitlines():
            words = line.split(" ")
            if line[0] not in "#[":
                said, offset, place = unmarked(" ".join(words[:-2])), words[-2], words[-1]
                found[said] = (*found.get(said, ()), (None if offset == "-" else int(offset), place))
    return found


@cache
def _cities() -> dict[str, str]:
    """Return zones by city names in languages other than English: `londres`, `mosca`."""
    lines = (_TABLES / "cldr.txt").read_text("utf-8").partition("[cities]\n")[2].partition("[")[0].splitlines()
    return {name: zone for name, _, zone in (line.rpartition(" ") for line in lines)}


@cache
def _iana() -> dict[str, str]:
    return {name.casefold(): name for name in zone_names()}
