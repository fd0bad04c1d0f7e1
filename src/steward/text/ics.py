"""
Calendar files: the part of RFC 5545 that events need, written as its grammar has it.

Each occurrence is an entry of its own, at an instant in UTC: no rule and no zone that a calendar application could
read in another way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

CONTENT_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)
REFRESH = "PT1H"  # RFC 7986, 5.7; as long as the feed is to be kept


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """
    One entry of a calendar.

    Attributes:
        uid: its name, wherever it alone is moved; another once its series moves, or is changed from a later time on.
        sequence: grows with each change.

    """

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False


def calendar_file(entries: Sequence[CalendarEntry], *, name: str) -> bytes:
    """Write a calendar: the same bytes for the same entries, whenever it is asked for."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Steward//Events//EN",
        f"NAME:{_text(name)}",  # RFC 7986, 5.1
        f"X-WR-CALNAME:{_text(name)}",  # the same, as applications older than that know it
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for entry in entries:
        lines += _lines(entry)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _lines(entry: CalendarEntry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_instant(entry.revised_at)}"  # without METHOD, the time of the last revision (3.8.7.2)
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART:{_instant(entry.starts_at)}"
    yield f"DTEND:{_instant(entry.ends_at)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.description:
        yield f"DESCRIPTION:{_text(entry.description)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Escape a text (3.3.11); control characters have no place in one, and lone surrogates none in UTF-8."""
    if not text.isprintable():
        lines = "\n".join(text.splitlines())
        text = "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """End a line, in as many parts as it takes; no part cuts a character."""
    whole = line.encode()
    if len(whole) <= LONGEST_LINE:
        return whole + b"\r\n"
    parts, part = [], b""
    for letter in line:
        octets = letter.encode()
        if len(part) + len(octets) > LONGEST_LINE:
            parts.append(part)
            part = b" "
        part += octets
    return b"".join(one + b"\r\n" for one in (*parts, part))
