"""
Reads what services send, none of which is certain: each field may be missing, empty, or of another type.

Titles stay as they are written, in their own script; only control characters go.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

LONGEST_TEXT = 500
FIRST_LISTEN = 1_009_843_200
"""2002, before which nobody could tell a service what they hear: older dates are of clocks that were not set."""
STAR = "2a96cbd8b46e442fc41c2b86b821562f"
"""The picture that Last.fm has in place of none."""
_MBID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DROPPED = frozenset({"Cc", "Cs"})


def read_json(body: bytes) -> Any:
    """
    Return JSON, control characters within texts allowed.

    Raises:
        ValueError: it is none.

    """
    try:
        return json.loads(body.decode("utf-8", "replace").removeprefix("\ufeff"), strict=False)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error


def inside(value: Any, *path: str) -> Any:
    """Return what is at a path of objects; None if any of it is missing or is no object."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def rows_of(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list; a list of one may be that object, and an empty one may be missing."""
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, Mapping)]


def text_of(value: Any) -> str:
    """Return a text, which may be in a field `#text`; empty if there is none."""
    if isinstance(value, Mapping):
        value = value.get("#text")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    spaced = re.sub(r"[\t\n\v\f\r\x85\u2028\u2029]+", " ", str(value))
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _DROPPED).strip()[:LONGEST_TEXT]


def number_of(value: Any) -> float | None:
    """Return a number, which may be a text; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def whole_of(value: Any) -> int | None:
    """Return a whole number, which may be a text; None if it is none."""
    number = number_of(value)
    return None if number is None else int(number)


def share_of(value: Any) -> float:
    """Return a number from 0 to 1; 0 if there is none."""
    return min(1.0, max(0.0, number_of(value) or 0.0))


def mbid_of(value: Any) -> str:
    """Return a MusicBrainz id; empty if it is none."""
    found = value.strip().lower() if isinstance(value, str) else ""
    return found if _MBID.fullmatch(found) else ""


def web_address(value: Any) -> str:
    """Return an https address, fit to be shown; empty if it is none."""
    found = text_of(value)
    try:
        parts = urlsplit(found)
        is_address = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return found if is_address and not re.search(r"[\s<>\"`\\]", found) else ""


def picture_of(*values: Any) -> str:
    """Return the first picture that is one, not a placeholder; empty if none is."""
    for value in values:
        found = web_address(value)
        if found and STAR not in found and "//" not in found.removeprefix("https://"):
            return found
    return ""


def moment_of(value: Any, now: int) -> int | None:
    """Return when something was heard, in seconds; None if the date is missing, of 1970 or the like, or to come."""
    found = whole_of(value)
    return found if found is not None and FIRST_LISTEN <= found <= now else None


def folded(name: str) -> str:
    """Return a name to compare by: the same in any case and width, in its own script."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
