"""One entry of StatsBot's file: an id, a name and a time, in the forms in which they are found; or what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FIRST_OF_DISCORD = datetime(2015, 1, 1, tzinfo=UTC)
LARGEST_ID = (1 << 63) - 1  # what the database's BIGINT holds
SLACK = timedelta(days=1)  # for clocks and zones that are off

_ID = re.compile(r"[0-9]{17,20}")
_MILLISECONDS_FROM = 1e11  # as seconds, the year 5138
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class StatsBotEntry:
    """
    One event as the file tells it.

    Attributes:
        name: the username; the id, where the file has none.
        written: the time, without a zone where the file says none.

    """

    user_id: int
    name: str
    written: datetime


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one member of an entry; `there` tells whether the entry has it at all."""

    member: str
    why: str
    fix: str
    there: bool = True


class _Refused(ValueError):
    """A value that cannot be taken: `why` completes "the value ...", `fix` says what to write."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


_WRITE_ID = "Write the 17 to 20 digits of the user's id, or take the entry out."
_WRITE_TIME = "Write it as 2025-07-15T21:54:14-04:00, or take the entry out."


def read_entry(value: dict[str, Any], zone: ZoneInfo, now: datetime) -> StatsBotEntry | list[Wrong]:
    """
    Read an entry, or tell all that is wrong with it; members of other names are passed over.

    Args:
        zone: where times are from that say no zone.
        now: the present; later events cannot be.

    """
    wrong: list[Wrong] = []
    user_id, written, name = 0, now, ""
    try:
        user_id = _user_id(value.get("id"))
    except _Refused as refused:
        wrong.append(_wrong("id", value, refused))
    try:
        name = _name(value.get("username")) or str(user_id)
    except _Refused as refused:
        wrong.append(_wrong("username", value, refused))
    try:
        written = _time(value.get("timestamp"), zone, now)
    except _Refused as refused:
        wrong.append(_wrong("timestamp", value, refused))
    return wrong or StatsBotEntry(user_id, name, written)


def _wrong(member: str, value: dict[str, Any], refused: _Refused) -> Wrong:
    if member not in value:
        return Wrong(member, f"the entry has no {member}.", refused.fix, there=False)
    shown = ascii(value[member])  # a lone surrogate could not be printed
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
    return Wrong(member, f"{shown} {refused.why}.", refused.fix)


def _user_id(given: object) -> int:
    if isinstance(given, float):
        raise _Refused("is not exact: some program has rounded the id", _WRITE_ID)
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise _Refused("is not a user's id", _WRITE_ID)
    text = str(given) if isinstance(given, str) or abs(given) <= LARGEST_ID else ""
    if not _ID.fullmatch(text) or int(text) > LARGEST_ID:
        raise _Refused("is not a user's id", _WRITE_ID)
    return int(text)


def _name(given: object) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise _Refused("is not a name", "Write it in double quotes, or null.")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise _Refused("is not UTF-8", "Save the file as UTF-8, or write another name.") from None
    return given


def _time(given: object, zone: ZoneInfo, now: datetime) -> datetime:
    if isinstance(given, str):
        written = _iso(given)
    elif isinstance(given, int | float) and not isinstance(given, bool):
        written = _epoch(given)
    else:
        raise _Refused("is not a time", _WRITE_TIME)
    try:
        moment = written if written.tzinfo is not None else written.replace(tzinfo=zone)
        if moment.astimezone(UTC) < FIRST_OF_DISCORD:
            raise _Refused("is before there was Discord (2015)", _WRITE_TIME)
        if moment.astimezone(UTC) > now + SLACK:
            raise _Refused("has not come yet", _WRITE_TIME)
    except OverflowError:
        raise _Refused("is out of range", _WRITE_TIME) from None
    return written


def _iso(given: str) -> datetime:
    try:
        written = datetime.fromisoformat(given.strip())
    except ValueError:
        raise _Refused("is not a time", _WRITE_TIME) from None
    if ":" not in given and "T" not in given:
        raise _Refused("is a date without a time of day", _WRITE_TIME)
    return written


def _epoch(given: float) -> datetime:
    """Return the time of so many seconds, or milliseconds, since 1970."""
    try:
        return datetime.fromtimestamp(given / 1000 if given > _MILLISECONDS_FROM else given, UTC)
    except (ValueError, OverflowError, OSError):
        raise _Refused("is not a time", _WRITE_TIME) from None
