"""HTTP caching: freshness and revalidation (RFC 9111, RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from multidict import CIMultiDict

from steward.runtime.http_date import read_http_date

RENEWED = frozenset({"age", "cache-control", "date", "etag", "expires", "last-modified", "vary"})


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the directives of `Cache-Control`, by lower-case name."""
    parts = (part.strip().partition("=") for part in headers.get("Cache-Control", "").split(","))
    return {name.lower(): value.strip('" ') for name, _, value in parts if name}


def lifetime(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds a response is fresh from its arrival; 0 if not given."""
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
    """Return whether the response may be cached."""
    return "no-store" not in directives(headers) and headers.get("Vary", "").strip() != "*"


def condition(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that revalidate a cached response; empty without a validator."""
    asked = {}
    if "ETag" in headers:
        asked["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        asked["If-Modified-Since"] = headers["Last-Modified"]
    return asked


def confirmed(kept: Mapping[str, str], update: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a cached response, updated from a 304."""
    headers = CIMultiDict(kept)
    for name in ("Age", "Date"):
        headers.pop(name, None)
    headers.update({name: value for name, value in update.items() if name.lower() in RENEWED})
    return headers


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds of `Retry-After`, a number or a date; 0 if missing."""
    said = headers.get("Retry-After", "")
    date = read_http_date(said)
    return _seconds(said) if date is None else max(0.0, (date - now).total_seconds())


def _seconds(text: str) -> float:
    text = text.strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0
