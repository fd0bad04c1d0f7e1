"""Kinds of values: text, booleans, numbers, sizes, choices, paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from steward.settings.declare import Kind
from steward.settings.problems import BadValue, nearest
from steward.settings.secret import Secret

YES = frozenset({"true", "yes", "on", "1", "y"})
NO = frozenset({"false", "no", "off", "0", "n"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([KMGT]?)(?:I?B)?", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*")
SHORTEST_PASSWORD = 12
_MEGABYTES = {"": 1.0, "K": 1 / 1024, "M": 1.0, "G": 1024.0, "T": 1024.0 * 1024}


def text() -> Kind[str]:
    """Return the kind of non-empty text."""
    return Kind(str, "text")


def path() -> Kind[Path]:
    """Return the kind of paths; `~` is expanded, relative paths start at the working folder."""

    def read(given: str) -> Path:
        if "\0" in given:
            raise BadValue("contains a NUL character", "Write a path such as data or /var/lib/steward.")
        try:
            return Path(given).expanduser()
        except RuntimeError as error:
            raise BadValue("names a home folder that doesn't exist", "Write the whole path.") from error

    return Kind(read, "path")


def path_or_off() -> Kind[Path | None]:
    """Return the kind of paths that may be `off`, read as None."""
    inner = path()
    return Kind(lambda given: None if given.lower() in NO | {"none"} else inner.read(given), "path, or off")


def name_list() -> Kind[frozenset[str]]:
    """Return the kind of comma-separated names."""
    return Kind(lambda given: frozenset(re.split(r"[\s,]+", given.strip(" ,").lower())), "names, separated by commas")


def boolean() -> Kind[bool]:
    """Return the kind of booleans: true/false, yes/no, on/off, 1/0."""

    def read(given: str) -> bool:
        word = given.lower()
        if word in YES or word in NO:
            return word in YES
        raise BadValue("is neither yes nor no", "Write true or false.")

    return Kind(read, "true or false")


def integer(low: int, high: int) -> Kind[int]:
    """Return the kind of integers from `low` to `high`, inclusive."""

    def read(given: str) -> int:
        if not _INTEGER.fullmatch(given):
            raise BadValue("is not a whole number" + _comment_hint(given), f"Write {low} to {high}, digits only.")
        return _within(int(given), low, high)

    return Kind(read, f"{low} to {high}")


def megabytes(low: int, high: int) -> Kind[int]:
    """Return the kind of sizes in MiB; a bare number is MiB, units such as 1GB work, too."""

    def read(given: str) -> int:
        match = _SIZE.fullmatch(given)
        if match is None:
            raise BadValue("is not a size", "Write megabytes such as 800, or 1GB.")
        return _within(round(float(match[1]) * _MEGABYTES[match[2].upper()]), low, high)

    return Kind(read, f"{low} to {high} MB")


def choice(*options: str, also: Mapping[str, str] | None = None) -> Kind[str]:
    """Return the kind of one of `options`, in any case; `also` maps further spellings to them."""
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
    """Return the kind of base URLs, without a trailing slash."""
    fix = "Write a URL such as https://steward.example.org."

    def read(given: str) -> str:
        parts = address_parts(given, fix)
        if parts.query or parts.fragment or parts.username:
            raise BadValue("has a user, query or fragment, which a base URL can't have", fix)
        return given.rstrip("/")

    return Kind(read, "http(s) URL")


def password() -> Kind[Secret]:
    """Return the kind of passwords that people type."""

    def read(given: str) -> Secret:
        if len(given) < SHORTEST_PASSWORD:
            raise BadValue(f"is shorter than {SHORTEST_PASSWORD} characters", "Write a longer one.")
        return Secret(given)

    return Kind(read, f"a password of {SHORTEST_PASSWORD} characters or more")


def host_names() -> Kind[tuple[str, ...]]:
    """Return the kind of a list of host names, as they stand in a web address."""

    def read(given: str) -> tuple[str, ...]:
        names = tuple(name.strip().lower() for name in given.split(",") if name.strip())
        for name in names:
            if not _HOST.fullmatch(name):
                raise BadValue(f"has {name!r}, which is no host name", "Write names alone: bot.example.org.")
        return names

    return Kind(read, "host names, separated by commas")


def address_parts(given: str, fix: str) -> SplitResult:
    """Return the parts of a web URL; `BadValue` if it is invalid."""
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadValue("is not a URL", fix) from error
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", given):
        raise BadValue("is not an http or https URL", fix)
    return parts


def log_level() -> Kind[str]:
    """Return the kind of log levels, DEBUG to CRITICAL."""
    return choice(*LEVELS, also={"warn": "WARNING", "fatal": "CRITICAL", "err": "ERROR"})


def area_levels() -> Kind[tuple[tuple[str, str], ...]]:
    """Return the kind of logger levels such as `steward.store=DEBUG, discord=INFO`."""
    level = log_level()

    def read(given: str) -> tuple[tuple[str, str], ...]:
        found = {}
        for item in filter(None, (part.strip() for part in given.split(","))):
            area, equals, word = (part.strip() for part in item.partition("="))
            if not equals or not re.fullmatch(r"\w+(\.\w+)*", area):
                raise BadValue(f"has {item!r} instead of AREA=LEVEL", "Write it like steward.store=DEBUG.")
            found[area] = level.read(word)
        return tuple(found.items())

    return Kind(read, "AREA=LEVEL, separated by commas")


def _within(value: int, low: int, high: int) -> int:
    if low <= value <= high:
        return value
    side = "less than the minimum" if value < low else "more than the maximum"
    bound = low if value < low else high
    raise BadValue(f"is {side} of {bound}", f"Write {low} to {high}.")


def _comment_hint(given: str) -> str:
    return "; the comment after # is part of the value" if "#" in given else ""
