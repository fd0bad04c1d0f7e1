"""
What Discord's payloads say, read within its ranges: an id, an instant, a number, a text, a list.

What lies outside is no fact that a table could keep, so whoever reads an event by these loses that event and nothing
else (`LeanClient.on_gateway`). Sources: Discord's docs, Reference > "Snowflakes", "ISO8601 Date/Time".
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from steward.text.cutting import storable

Payload = dict[str, Any]

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
EPOCH_MS = 1_420_070_400_000
LARGEST_ID = 2**63 - 1  # Discord's ids have 64 bits, of which the first is needed from 2084 on
LAST = EPOCH + timedelta(milliseconds=2**41)
"""The instant of the largest id: nothing that Discord tells of lies beyond."""
AHEAD = timedelta(days=1)
"""By so much this machine's clock may be behind before what is told is taken to be no moment of the past."""
LONGEST = 256
MOST = 2**31 - 1

_DIGITS = 20


class Unreadable(ValueError):
    """A payload does not say what it should."""


def snowflake(value: object) -> int:
    """
    Return an id, from 1 to 2^63 - 1.

    Raises:
        Unreadable: it is none.

    """
    is_text = type(value) is str and len(value) <= _DIGITS and value.isascii() and value.isdigit()
    if is_text or type(value) is int:
        number = int(value)  # type: ignore[call-overload] # a text of digits, or a number
        if 0 < number <= LARGEST_ID:
            return int(number)
    raise Unreadable("this is no id")


def possible_snowflake(value: object) -> int | None:
    """Return an id, or None where the payload has none."""
    return None if value is None else snowflake(value)


def instant(value: object) -> datetime:
    """
    Return an aware instant, from Discord's epoch on and before `LAST`.

    Raises:
        Unreadable: it is none.

    """
    if type(value) is str:
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None and EPOCH <= at < LAST:
            return at
    raise Unreadable("this is no instant")


def joined_at(member: Payload, heard_at: datetime) -> datetime:
    """
    Return when a member joined.

    Guests who were invited to voice have no such moment (docs: Guild > "Guild Member Object"), and nobody joins after
    it was heard of: then it is the moment at which it was.

    Raises:
        Unreadable: it says something else.

    """
    told = member["joined_at"]
    at = heard_at if told is None else instant(told)
    return at if at <= heard_at + AHEAD else heard_at


def created_ms(snowflake_id: int) -> int:
    """Return when a thing was made, in milliseconds since 1970, as its id says."""
    return (snowflake_id >> 22) + EPOCH_MS


def first_made(millis: int) -> int:
    """Return the smallest id of a thing made so many milliseconds after 1970, or later."""
    return (millis - EPOCH_MS) << 22


def count(value: object) -> int:
    """
    Return how many there are, from 0 to 2^31 - 1.

    Raises:
        Unreadable: it is no such number.

    """
    if type(value) is int and 0 <= value <= MOST:
        return value
    raise Unreadable("this is no number of things")


def text(value: object, longest: int = LONGEST) -> str:
    """
    Return a text that every table takes: without zero bytes and lone surrogates, cut to so many characters.

    Raises:
        Unreadable: it is no text.

    """
    if type(value) is not str:
        raise Unreadable("this is no text")
    return storable(value[:longest])


def records(value: object) -> list[Payload]:
    """
    Return a list of objects.

    Raises:
        Unreadable: it is none.

    """
    if type(value) is list and all(type(one) is dict for one in value):
        return value
    raise Unreadable("this is no list of objects")


def user_name(user: Payload) -> str:
    """Return what a user is called outside of any server, as Discord shows it."""
    return text(user.get("global_name") or user["username"])


_KEPT = "\n\t"
_DROPPED = ("Cc", "Cs")  # control characters, NUL among them, and halves of surrogate pairs


def tidy(data: Any) -> None:
    """Tidy every text of an interaction's data in place: the values of options and of a modal's fields."""
    if isinstance(data, list):
        for item in data:
            tidy(item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if key == "value" and isinstance(item, str):
                data[key] = tidied(item)
            elif key != "resolved":
                tidy(item)


def tidied(text: str) -> str:
    """Return a text without control characters; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in _KEPT or unicodedata.category(letter) not in _DROPPED)
