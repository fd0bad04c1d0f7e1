"""
Write `cldr.txt` anew, with Babel, a development dependency: `python -m tests.text.cldr`.

From CLDR come the names of weekdays and months, the units of durations with the words around them ("in 3 hours"), the
parts of the day, the names of time zones in English, the letters that some countries have for their own, and the names
of cities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from steward.text import words
from steward.text.phrases.lexicon import unmarked
from steward.text.places import PROMINENT, is_place, zone_of_city

TABLE = Path(words.__file__).with_name("cldr.txt")
BY_HAND = ("en", "de", "fr", "es", "pt", "it", "nl")
"""The languages whose units and parts of the day are complete in files of their own."""
OTHERS = (
    *("pl", "ru", "uk", "cs", "da", "sv", "nb", "fi", "hu", "ro", "bg"),
    *("hr", "lt", "el", "tr", "id", "vi", "th", "hi", "ja", "ko", "zh"),
)
PARTS = {
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "late", "midnight": "midnight",
    "noon": "noon",
}  # fmt: skip
NOT_THESE = ("on", "to", "st", "morgen")
"""Weekdays of two letters that are in English words of other things, such as a server's time; and tomorrow."""
UNSPACED = ("th", "ja", "ko", "zh")
UNITS = ("minute", "hour", "day", "week", "month", "year")
ZONE_LOCALES = ("en", "en_GB", "en_AU", "en_NZ", "en_CA", "en_ZA", "en_IN", "de", "pt", "id")
PLACES = {  # of CLDR's metazones, the one place that most people mean
    "America_Eastern": "America/New_York", "America_Central": "America/Chicago", "America_Mountain": "America/Denver",
    "America_Pacific": "America/Los_Angeles", "Alaska": "America/Anchorage", "Hawaii": "Pacific/Honolulu",
    "Atlantic": "America/Halifax", "Newfoundland": "America/St_Johns", "Brasilia": "America/Sao_Paulo",
    "Amazon": "America/Manaus", "Argentina": "America/Argentina/Buenos_Aires", "Chile": "America/Santiago",
    "Colombia": "America/Bogota", "British": "Europe/London", "Europe_Western": "Europe/Lisbon",
    "Europe_Central": "Europe/Paris", "Europe_Eastern": "Europe/Athens", "Moscow": "Europe/Moscow",
    "Africa_Southern": "Africa/Johannesburg", "Africa_Eastern": "Africa/Nairobi", "Africa_Central": "Africa/Maputo",
    "Africa_Western": "Africa/Lagos", "Gulf": "Asia/Dubai", "India": "Asia/Kolkata", "Japan": "Asia/Tokyo",
    "Korea": "Asia/Seoul", "Hong_Kong": "Asia/Hong_Kong", "Singapore": "Asia/Singapore",
    "Philippines": "Asia/Manila", "Indonesia_Western": "Asia/Jakarta", "Indonesia_Central": "Asia/Makassar",
    "Indonesia_Eastern": "Asia/Jayapura", "Australia_Eastern": "Australia/Sydney",
    "Australia_Central": "Australia/Adelaide", "Australia_Western": "Australia/Perth",
    "New_Zealand": "Pacific/Auckland",
}  # fmt: skip


def table() -> str:
    """Return the table as it should be."""
    lines = ["# Generated from CLDR by `python -m tests.text.cldr`; do not edit."]
    lines += ["[zones]", *_zones(), "[cities]", *_cities()]
    for language in (*BY_HAND, *OTHERS):
        lines += [f"[{language}]", *_names(language)]
        if language in OTHERS:
            lines += [*_parts(language), *_spans(language)]
    return "\n".join(lines) + "\n"


def _line(kind: str, words: Iterable[str]) -> Iterator[str]:
    kept = dict.fromkeys(word for word in map(_plain, words) if _is_usual(word))
    if kept:
        yield f"{kind}: {', '.join(kept)}"


def _is_usual(word: str) -> bool:
    """Tell whether a word can stand by itself: no figures, and no single letter of an alphabet."""
    alphabetic = word[:1] < "\u0e00"
    return bool(word) and not re.search(r"\d", word) and not (len(word) == 1 and alphabetic) and word not in NOT_THESE


def _plain(word: str) -> str:
    return " ".join(re.sub(r"[.'’\-‑\u00a0\u202f]", " ", word).casefold().split())  # noqa: RUF001


def _names(language: str) -> Iterator[str]:
    from babel import Locale

    locale = Locale.parse(language)
    for kind, names in (("weekday", locale.days), ("month", locale.months)):
        tables = [
            names[context][width]
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated", "short")
            if width in names[context]
        ]
        for number in sorted(tables[0]):
            yield from _line(f"{kind}={number}", (forms[number] for forms in tables))


def _parts(language: str) -> Iterator[str]:
    from babel import Locale

    periods = Locale.parse(language).day_periods
    found: dict[str, list[str]] = {}
    for context in ("format", "stand-alone"):
        for name, word in periods.get(context, {}).get("wide", {}).items():
            part = PARTS.get(name.rstrip("12"))
            if part:
                found.setdefault(part, []).append(word)
    for part, said in found.items():
        yield from _line(part if part in ("noon", "midnight") else f"part={part}", said)


def _spans(language: str) -> Iterator[str]:
    """Yield the forms of the units, and the words before and after "3 hours" that say: from now."""
    from babel import Locale

    data = Locale.parse(language)._data
    before: list[str] = []
    after: list[str] = []
    for unit in UNITS:
        patterns = data["unit_patterns"][f"duration-{unit}"]
        forms = [
            pattern.removeprefix("{0}")
            for width in ("long", "short")
            for count, pattern in dict(patterns[width]).items()
            if count != "per" and pattern.startswith("{0}")
        ]
        known = {_plain(form) for form in forms}
        for pattern in dict(data["date_fields"][unit]["future"]).values():
            head, _, tail = (part.strip() for part in _plain(pattern).partition("{0}"))
            form, _, rest = (tail, "", "") if tail in known else tail.partition(" ")
            if language in UNSPACED:
                form = max((one for one in known if tail.startswith(one)), key=len, default="")
                rest = tail.removeprefix(form)
            forms.append(form)
            before.append(head)
            after.append(rest)
        yield from _line(f"unit={unit}", forms)
    yield from _line("in", before)
    yield from _line("from now", after)


def _zones() -> Iterator[str]:
    from babel import Locale

    found: dict[tuple[str, str], str] = {}
    for name in ZONE_LOCALES:
        zones = Locale.parse(name).meta_zones
        for metazone, place in PLACES.items():
            for width in ("short", "long") if name == "en" else ("short",):
                for kind, said in dict(zones.get(metazone, {}).get(width, {})).items():
                    if said == "∅∅∅" or _plain(said) in ("gmt", "at"):
                        continue
                    offset = "-" if kind == "generic" else str(_offset(place, summer=kind == "daylight"))
                    found.setdefault((_plain(said), place), offset)
    for (said, place), offset in sorted(found.items()):
        yield f"{said} {offset} {place}"


def _cities() -> Iterator[str]:
    """Yield what the cities of Europe, and others of many communities, are called in the languages read in full."""
    from babel import Locale

    zones = [*PROMINENT, *sorted(zone for zone in available_timezones() if zone.startswith("Europe/"))]
    found: dict[str, str] = {}
    for language in BY_HAND:
        names = Locale.parse(language).time_zones
        for zone in zones:
            name = unmarked(_plain(names.get(zone, {}).get("city", "")))
            if name and is_place(zone) and zone_of_city(name) is None:
                found.setdefault(name, zone)
    for name, zone in sorted(found.items()):
        yield f"{name} {zone}"


def _offset(place: str, *, summer: bool) -> int:
    """Return the minutes from UTC that a place keeps, or would keep, in winter or in summer."""
    zone = ZoneInfo(place)
    offsets = [datetime(2026, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7)]
    return int(min(offsets).total_seconds() // 60) + (60 if summer else 0)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
