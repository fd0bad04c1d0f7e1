"""How long an answer may be kept, and how the service is asked whether it still holds (RFC 9111, RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from multidict import CIMultiDict

from steward.runtime.http_date import read_http_date

RENEWED = frozenset({"age", "cache-control", "date", "etag", "expires", "last-modified", "vary"})


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what `Cache-Control` says, by name in small letters."""
    parts = (part.strip().partition("=") for part in headers.get("Cache-Control", "").split(","))
    return {name.lower(): value.strip('" ') for name, _, value in parts if name}


def lifetime(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds for which an answer that has just arrived is fresh; 0 where it says nothing of it."""
    said = directives(headers)
    if "no-store" in said or "no-cache" in said:
        return 0.0
    if "max-age" in said:
        return max(0.0, _seconds(said["max-age"]) - _seconds(headers.get("Age", "0")))
    expires = read_http_date(headers.get("Expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (read_http_date(headers.get("Date")) or now)).total_seconds())


def storable(headers: Mapping[str, str]) -> bool:
    """Return whether the answer may be kept at all."""
    return "no-store" not in directives(headers) and headers.get("Vary", "").strip() != "*"


def condition(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that ask whether a kept answer still holds; none where it has no mark to ask by."""
    asked = {}
    if "ETag" in headers:
        asked["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        asked["If-Modified-Since"] = headers["Last-Modified"]
    return asked


def confirmed(kept: Mapping[str, str], told: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a kept answer after a 304 with those headers."""
    headers = CIMultiDict(kept)
    for name in ("Age", "Date"):
        headers.pop(name, None)  # those of then
    headers.update({name: value for name, value in told.items() if name.lower() in RENEWED})
    return headers


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds of `Retry-After`, which may be a number or a date; 0 where there is none."""
    said = headers.get("Retry-After", "")
    date = read_http_date(said)
    return _seconds(said) if date is None else max(0.0, (date - now).total_seconds())


def _seconds(text: str) -> float:
    text = text.strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0
