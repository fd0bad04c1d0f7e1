"""Time zones as people write them beside a time: `EST`, `UTC+2`, `Europe/London`."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_MOST_HOURS, _MOST_MINUTES = 14, 59

# An offset in minutes for what is literally said, and the zone whose people say so: in summer many write EST and mean
# the clock of New York. A second pair is another meaning of the same letters.
_ABBREVIATIONS: dict[str, tuple[tuple[int | None, str], ...]] = {
    "est": ((-300, "America/New_York"),),
    "edt": ((-240, "America/New_York"),),
    "et": ((None, "America/New_York"),),
    "cst": ((-360, "America/Chicago"), (480, "Asia/Shanghai")),
    "cdt": ((-300, "America/Chicago"),),
    "ct": ((None, "America/Chicago"),),
    "mst": ((-420, "America/Denver"),),
    "mdt": ((-360, "America/Denver"),),
    "mt": ((None, "America/Denver"),),
    "pst": ((-480, "America/Los_Angeles"),),
    "pdt": ((-420, "America/Los_Angeles"),),
    "pt": ((None, "America/Los_Angeles"),),
    "cet": ((60, "Europe/Paris"),),
    "cest": ((120, "Europe/Paris"),),
    "mez": ((60, "Europe/Berlin"),),
    "mesz": ((120, "Europe/Berlin"),),
    "wet": ((0, "Europe/Lisbon"),),
    "west": ((60, "Europe/Lisbon"),),
    "eet": ((120, "Europe/Athens"),),
    "eest": ((180, "Europe/Athens"),),
    "bst": ((60, "Europe/London"), (360, "Asia/Dhaka")),
    "msk": ((180, "Europe/Moscow"),),
    "ist": ((330, "Asia/Kolkata"), (120, "Asia/Jerusalem")),
    "jst": ((540, "Asia/Tokyo"),),
    "kst": ((540, "Asia/Seoul"),),
    "sgt": ((480, "Asia/Singapore"),),
    "hkt": ((480, "Asia/Hong_Kong"),),
    "brt": ((-180, "America/Sao_Paulo"),),
    "aest": ((600, "Australia/Sydney"),),
    "aedt": ((660, "Australia/Sydney"),),
    "awst": ((480, "Australia/Perth"),),
    "nzst": ((720, "Pacific/Auckland"),),
    "nzdt": ((780, "Pacific/Auckland"),),
}
_OFFSET = r"(?:(?P<utc>utc|gmt|z)\s?)?(?:(?P<sign>[+\-−])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?)?"  # noqa: RUF001
_NAMED = r"\((?P<printed>[a-z][\w/+\-]*)(?=[,)])|(?P<named>[a-z_]+(?:/[a-z_+\-0-9]+)+)"
_LETTERS = "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True))
ZONE = re.compile(rf"(?<![a-z/_])(?:{_NAMED}|(?P<letters>{_LETTERS})|{_OFFSET})(?![\w/:])")
"""A zone in casefolded text; in parentheses, as `Moment.said` prints it, any name of the IANA list."""


def readings(match: re.Match[str]) -> list[tzinfo]:
    """Return what a match of `ZONE` may mean, the likeliest first; nothing where it names no zone."""
    letters, named = match["letters"], match["printed"] or match["named"]
    if named and named in _names():
        return [ZoneInfo(_names()[named])]
    if named in _ABBREVIATIONS:
        letters = named
    elif named:
        return []
    if letters:
        meanings = _ABBREVIATIONS[letters]
        found: list[tzinfo] = []
        for minutes, zone in meanings:
            found += [] if minutes is None else [timezone(timedelta(minutes=minutes))]
            found += [ZoneInfo(zone)] if minutes is None or zone == meanings[0][1] else []
        return found
    if not match["sign"]:
        return [UTC] if match["utc"] else []
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    is_span = match["sign"] != "+" and not match["utc"]  # 08:00-10:00
    if is_span or hours > _MOST_HOURS or minutes > _MOST_MINUTES:
        return []
    ahead = timedelta(hours=hours, minutes=minutes)
    return [timezone(ahead if match["sign"] == "+" else -ahead)]


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
