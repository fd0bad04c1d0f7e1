"""Kinds of values: text, yes or no, numbers, sizes, choices, paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from steward.settings.declare import Kind
from steward.settings.problems import BadValue, nearest

YES = frozenset({"true", "yes", "on", "1", "y"})
NO = frozenset({"false", "no", "off", "0", "n"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([KMGT]?)(?:I?B)?", re.IGNORECASE)
_MEGABYTES = {"": 1.0, "K": 1 / 1024, "M": 1.0, "G": 1024.0, "T": 1024.0 * 1024}


def text() -> Kind[str]:
    """Return the kind of any text but the empty one."""
    return Kind(str, "text")


def path() -> Kind[Path]:
    """Return the kind of files and folders; `~` is the home folder, a relative one lies in the working folder."""

    def read(given: str) -> Path:
        if "\0" in given:
            raise BadValue("holds a NUL character", "Write a path such as data or /var/lib/steward.")
        try:
            return Path(given).expanduser()
        except RuntimeError as error:
            raise BadValue("names a home folder that doesn't exist", "Write the whole path.") from error

    return Kind(read, "path")


def path_or_off() -> Kind[Path | None]:
    """Return the kind of folders that may be `off`, which is None."""
    inner = path()
    return Kind(lambda given: None if given.lower() in NO | {"none"} else inner.read(given), "path, or off")


def name_list() -> Kind[frozenset[str]]:
    """Return the kind of names with commas between them."""
    return Kind(lambda given: frozenset(re.split(r"[\s,]+", given.strip(" ,").lower())), "names, with commas between")


def boolean() -> Kind[bool]:
    """Return the kind of yes or no, as true/false, yes/no, on/off, 1/0."""

    def read(given: str) -> bool:
        word = given.lower()
        if word in YES or word in NO:
            return word in YES
        raise BadValue("is neither yes nor no", "Write true or false.")

    return Kind(read, "true or false")


def integer(low: int, high: int) -> Kind[int]:
    """Return the kind of whole numbers from `low` to `high`, both included."""

    def read(given: str) -> int:
        if not _INTEGER.fullmatch(given):
            raise BadValue("is not a whole number" + _comment_hint(given), f"Write {low} to {high}, digits only.")
        return _within(int(given), low, high)

    return Kind(read, f"{low} to {high}")


def megabytes(low: int, high: int) -> Kind[int]:
    """Return the kind of memory sizes in MiB; a bare number is MiB, and units such as 1GB work too."""

    def read(given: str) -> int:
        match = _SIZE.fullmatch(given)
        if match is None:
            raise BadValue("is not a size", "Write megabytes such as 800, or 1GB.")
        return _within(round(float(match[1]) * _MEGABYTES[match[2].upper()]), low, high)

    return Kind(read, f"{low} to {high} MB")


def choice(*options: str, also: Mapping[str, str] | None = None) -> Kind[str]:
    """Return the kind that takes one of some words, in any case; `also` maps further spellings to them."""
    known = {option.lower(): option for option in options} | dict(also or {})

    def read(given: str) -> str:
        word = given.lower()
        if word in known:
            return known[word]
        near = nearest(word, known)
        hint = "" if near is None else f" Did you mean {known[near]}?"
        raise BadValue(f"is not one of {', '.join(options)}", f"Write one of these.{hint}")

    return Kind(read, ", ".join(options))


def web_address() -> Kind[str]:
    """Return the kind of addresses on the web that paths are put behind, without a slash at the end."""
    fix = "Write an address such as https://steward.example.org."

    def read(given: str) -> str:
        parts = address_parts(given, fix)
        if parts.query or parts.fragment or parts.username:
            raise BadValue("has a user, query or fragment, which cannot stay before a path", fix)
        return given.rstrip("/")

    return Kind(read, "http(s) address")


def address_parts(given: str, fix: str) -> SplitResult:
    """
    Return the parts of an address on the web.

    Raises:
        BadValue: it is none.

    """
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadValue("is not an address", fix) from error
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", given):
        raise BadValue("is not an http or https address", fix)
    return parts


def log_level() -> Kind[str]:
    """Return the kind of log levels, from DEBUG (all) to CRITICAL (next to nothing)."""
    return choice(*LEVELS, also={"warn": "WARNING", "fatal": "CRITICAL", "err": "ERROR"})


def area_levels() -> Kind[tuple[tuple[str, str], ...]]:
    """Return the kind of lists such as `steward.store=DEBUG, discord=INFO`: areas of the log with their levels."""
    level = log_level()

    def read(given: str) -> tuple[tuple[str, str], ...]:
        found = {}
        for item in filter(None, (part.strip() for part in given.split(","))):
            area, equals, word = (part.strip() for part in item.partition("="))
            if not equals or not re.fullmatch(r"\w+(\.\w+)*", area):
                raise BadValue(f"has {item!r} where AREA=LEVEL should be", "Write such as steward.store=DEBUG.")
            found[area] = level.read(word)
        return tuple(found.items())

    return Kind(read, "AREA=LEVEL, with commas between several")


def _within(value: int, low: int, high: int) -> int:
    if low <= value <= high:
        return value
    side = "less than the least" if value < low else "more than the most"
    bound = low if value < low else high
    raise BadValue(f"is {side} that is allowed, {bound}", f"Write {low} to {high}.")


def _comment_hint(given: str) -> str:
    return "; the text from # on is part of it here" if "#" in given else ""
