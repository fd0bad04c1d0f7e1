"""Finds time zones by what people call them: a city, a country, `EST`, `UTC+2`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from sys import intern
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _table() -> dict[str, dict[str, tuple[str, ...]]]:
    """Read the names of places that the IANA list lacks, by part: cities, countries, abbreviations and others."""
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    with (Path(__file__).parent / "words" / "places.txt").open(encoding="utf-8") as lines:
        for line in map(str.rstrip, lines):
            if line.startswith("["):
                part = table[line[1:-1]] = {}
            elif line[0] != "#":
                name, _, values = line.partition(": ")
                part[name] = tuple(map(intern, values.split(", ")))
    return table


def _single(part: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: values[0] for name, values in part.items()}


_TABLE = _table()
CITIES, COUNTRIES, LOCALES = _single(_TABLE["cities"]), _single(_TABLE["countries"]), _single(_TABLE["locales"])
ABBREVIATIONS, PROMINENT = _TABLE["abbreviations"], tuple(_TABLE["prominent"])

UTC_NAME = "UTC"
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−])\s*(\d{1,2})(?::?(\d{2}))?")  # noqa: RUF001
_BOTH_HALVES = (timedelta(0), timedelta(days=182))  # with and without summer time
_ORDER = {zone: number for number, zone in enumerate(PROMINENT)}
_EXACT, _CODE, _COUNTRY, _BEGINS, _WORD, _INSIDE = range(6)


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place with its time zone.

    Attributes:
        zone: IANA name, such as `Europe/Berlin`.
        city: `Berlin`.
        country: empty for UTC.

    """

    zone: str
    city: str
    country: str = ""

    def label(self, now: datetime) -> str:
        """Format with the local time, to recognise it by: `Berlin, Germany: 20:15 now (Europe/Berlin)`."""
        where = ", ".join(filter(None, (self.city, self.country)))
        return f"{where}: {now.astimezone(ZoneInfo(self.zone)):%H:%M} now ({self.zone})"


def find_places(typed: str, now: datetime | None = None) -> list[Place]:
    """
    Return the places a text may mean, the most likely first; common ones for empty text.

    Args:
        typed: a city, a country, an abbreviation, an offset, or a part of one.
        now: used to match offsets; None: offsets match nothing.

    """
    wanted = _plain(typed)
    if not wanted:
        return [place_of(zone) for zone in PROMINENT]
    offset = _OFFSET.fullmatch(typed.strip().casefold())
    if offset is not None and now is not None:
        return _at_offset(offset, now)
    found = list(dict.fromkeys(place for _, place in _ranked(wanted)))
    return found or _close(wanted)


def meant_places(typed: str, now: datetime) -> list[Place]:
    """
    Return the places a submitted text means: one if it is clear, else all candidates.

    It is clear if the best matches have the same clock: `CET` gives the first, `IST` all. A near match of spelling
    gives none.
    """
    wanted = _plain(typed)
    ranked = _ranked(wanted)
    best = [place for rank, place in ranked if rank == ranked[0][0]]
    if len({_clock(place, now) for place in best}) == 1:
        return best[:1]
    return find_places(typed, now) if best else []


def _clock(place: Place, now: datetime) -> tuple[object, ...]:
    """Return the UTC offsets of a place in winter and in summer."""
    zone = ZoneInfo(place.zone)
    return tuple((now + half).astimezone(zone).utcoffset() for half in _BOTH_HALVES)


def is_offset(typed: str) -> bool:
    """Return whether a text is an offset such as `UTC+2`, which names no place and ignores summer time."""
    return _OFFSET.fullmatch(typed.strip().casefold()) is not None


def is_place(zone: str) -> bool:
    """Return whether an IANA name is a place or UTC: `Europe/Berlin`, not `EST`, not `localtime`."""
    return zone == UTC_NAME or zone in _places()


def place_of(zone: str) -> Place:
    """
    Return a place by its IANA name.

    Raises:
        KeyError: unknown.

    """
    return _places()[zone] if zone != UTC_NAME else Place(UTC_NAME, UTC_NAME)


def zone_of_city(name: str) -> str | None:
    """Return the zone of a city by its full name, in any case: `new york`."""
    return _cities().get(_plain(name))


def zone_named(zone: str) -> ZoneInfo | None:
    """Return a stored zone by name; None if this machine does not know it."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def guessed_zone(*locales: object) -> str | None:
    """Return the most likely zone for the first known locale; None if there is none."""
    return next((LOCALES[str(locale)] for locale in locales if str(locale) in LOCALES), None)


def _ranked(wanted: str) -> list[tuple[int, Place]]:
    """Return matching places with their rank, best first, then common zones first; may contain duplicates."""
    found = _fitting(wanted) if wanted else ()
    return sorted(found, key=lambda pair: (pair[0], _ORDER.get(pair[1].zone, len(_ORDER))))


def _fitting(wanted: str) -> Iterator[tuple[int, Place]]:
    if wanted in ("utc", "gmt", "z"):
        yield _EXACT, Place(UTC_NAME, UTC_NAME)
    known = _places()
    for zone in ABBREVIATIONS.get(wanted, ()):
        yield (_EXACT if len(ABBREVIATIONS[wanted]) == 1 else _CODE), known[zone]
    for name, place in _names():
        rank = _fits(wanted, name)
        if rank is not None:
            yield rank, place
    code = COUNTRIES.get(wanted)
    for zone, country in _codes().items():
        place = known[zone]
        if country == code or _plain(place.country) == wanted:
            yield _COUNTRY, place
        elif _plain(place.country).startswith(wanted):
            yield _WORD, place


def _fits(wanted: str, name: str) -> int | None:
    if wanted == name:
        return _EXACT
    if name.startswith(wanted):
        return _BEGINS
    if any(word.startswith(wanted) for word in name.split()):
        return _WORD
    return _INSIDE if len(wanted) > 3 and wanted in name else None  # noqa: PLR2004 - `us` is part of many names


def _close(wanted: str) -> list[Place]:
    """Return the places with the most similar names."""
    from difflib import get_close_matches  # needed only for misspelt names

    known = dict(_names())
    return [known[name] for name in get_close_matches(wanted, known, n=5, cutoff=0.75)]


def _at_offset(match: re.Match[str], now: datetime) -> list[Place]:
    """Return the places at this UTC offset today, common ones first."""
    ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    wanted = ahead if match[1] == "+" else -ahead
    zones = [*PROMINENT, *(zone for zone in _places() if zone not in PROMINENT)]
    return [place_of(zone) for zone in zones if now.astimezone(ZoneInfo(zone)).utcoffset() == wanted]


@cache
def _places() -> Mapping[str, Place]:
    """Return every place of `zone.tab` by its IANA name."""
    countries = {row[0]: row[1] for row in _rows("iso3166.tab")}
    return {
        zone: Place(zone, zone.rpartition("/")[2].replace("_", " "), countries.get(code, ""))
        for zone, code in _codes().items()
    }


@cache
def _codes() -> Mapping[str, str]:
    return {row[2]: row[0] for row in _rows("zone.tab")}


@cache
def _names() -> tuple[tuple[str, Place], ...]:
    """Return every place with each of its names, in `_plain` form."""
    named = [(_plain(name), place) for zone, place in _places().items() for name in (place.city, zone)]
    return (*named, *((_plain(city), Place(zone, city, _places()[zone].country)) for city, zone in CITIES.items()))


@cache
def _cities() -> Mapping[str, str]:
    """Return zones by city name; for shared names the most common zone."""
    found: dict[str, str] = {}
    for name, place in sorted(_names(), key=lambda pair: _ORDER.get(pair[1].zone, len(_ORDER))):
        found.setdefault(name, place.zone)
    return found


def zone_names() -> list[str]:
    """Return all IANA names, links such as `US/Eastern` included, without a look at this machine's files."""
    return _tzdata("zones").splitlines()


def _rows(table: str) -> Iterator[list[str]]:
    lines = _tzdata(f"zoneinfo/{table}").splitlines()
    return (line.split("\t") for line in lines if line and not line.startswith("#"))


def _tzdata(file: str) -> str:
    import tzdata  # type: ignore[import-untyped] # needed only to choose a place

    return (Path(tzdata.__file__).parent / file).read_text("utf-8")


def _plain(text: str) -> str:
    """Return text for comparison: without case, accents and punctuation."""
    spaced = re.sub(r"[\s_,./\-]+", " ", text.casefold()).strip()
    return "".join(letter for letter in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(letter))
