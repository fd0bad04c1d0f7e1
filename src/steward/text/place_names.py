"""Names of places missing from the IANA list: cities, countries, abbreviations; a table like those of words."""

from __future__ import annotations

from pathlib import Path


def _table() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for line in (Path(__file__).parent / "words" / "places.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            part = table[line[1:-1]] = {}
        elif line[0] != "#":
            name, _, value = line.partition(": ")
            part[name] = value
    return table


_TABLE = _table()
CITIES, COUNTRIES, LOCALES = _TABLE["cities"], _TABLE["countries"], _TABLE["locales"]
ABBREVIATIONS = {name: tuple(zones.split(", ")) for name, zones in _TABLE["abbreviations"].items()}
PROMINENT = tuple(_TABLE["prominent"])
