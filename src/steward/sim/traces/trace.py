"""
Traces: what people did in a community in a day, one JSON object a line.

`{"t": "HH:MM", "kind": "join", "user": "alice"}`; kinds are join, leave, message (with `text`), rename (with `to`), ban
and unban. Times go on: one that falls back by more than an hour is the next that a twelve-hour clock shows so (real
chat logs have such clocks), so 12:59 is followed by 01:00 in the afternoon, and 23:59 by 00:00 of the next day.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Self

import orjson

from steward.errors import NeedsOperator

KINDS = ("join", "leave", "message", "rename", "ban", "unban")
_NEEDS = {"message": "text", "rename": "to"}
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY, _HALF_DAY, _HOUR = 24 * 60, 12 * 60, 60
_GZIP = b"\x1f\x8b"


class BadTrace(NeedsOperator):
    """A file is no trace; the sentence names the line."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One act: `minute` counts from the first day's midnight; `text` is a message's, or a rename's new name."""

    minute: int
    kind: str
    user: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened, in order."""

    lines: tuple[TraceLine, ...]

    @property
    def kinds(self) -> Counter[str]:
        """How many lines there are of each kind."""
        return Counter(line.kind for line in self.lines)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """
        Read a file, plain or gzip.

        Raises:
            BadTrace: it cannot be read, or a line is wrong; the sentence names it.

        """
        try:
            raw = Path(path).read_bytes()
            if raw.startswith(_GZIP):
                raw = gzip.decompress(raw)
        except (OSError, EOFError) as error:
            raise BadTrace(f"The trace {path} cannot be read: {error}.", remedy="Check the path.") from error
        return cls.read(raw.splitlines(), str(path))

    @classmethod
    def community_day(cls) -> Self:
        """Return the trace that ships with the simulator: an invented day of a lively community of 5,000."""
        packed = files("steward.sim").joinpath("data/community-day.jsonl.gz").read_bytes()
        return cls.read(gzip.decompress(packed).splitlines(), "community-day.jsonl.gz")

    @classmethod
    def read(cls, rows: Iterable[bytes], name: str = "trace") -> Self:
        """
        Read rows of JSON; empty ones are skipped.

        Raises:
            BadTrace: one is wrong; the sentence names it.

        """
        lines: list[TraceLine] = []
        last = 0
        for number, row in enumerate(rows, start=1):
            if not row.strip():
                continue
            line = _read_line(row, f"{name}, line {number}", last)
            last = line.minute
            lines.append(line)
        return cls(tuple(lines))


def _read_line(row: bytes, where: str, last: int) -> TraceLine:
    try:
        found = orjson.loads(row)
    except orjson.JSONDecodeError:
        raise _bad(where, "it is not JSON") from None
    if not isinstance(found, dict):
        raise _bad(where, "it is not a JSON object")
    time, kind, user = found.get("t"), found.get("kind"), found.get("user")
    clock = _TIME.fullmatch(time) if isinstance(time, str) else None
    if clock is None:
        raise _bad(where, f'"t" must be a time such as "09:05", not {time!r}')
    if kind not in KINDS:
        raise _bad(where, f'"kind" must be one of {", ".join(KINDS)}, not {kind!r}')
    if not isinstance(user, str) or not user:
        raise _bad(where, f'"user" must be a name, not {user!r}')
    text = found.get(_NEEDS.get(kind, ""), "")
    if not isinstance(text, str) or (kind in _NEEDS and _NEEDS[kind] not in found) or (kind == "rename" and not text):
        raise _bad(where, f'a {kind} needs "{_NEEDS[kind]}", a text')
    return TraceLine(_minute(int(clock[1]) * _HOUR + int(clock[2]), last), kind, user, text)


def _minute(of_day: int, last: int) -> int:
    """Return a minute since the first midnight, given that of the line before."""
    minute = last - last % _DAY + of_day
    while minute < last - _HOUR:
        minute += _HALF_DAY
    return max(minute, last)


def _bad(where: str, why: str) -> BadTrace:
    return BadTrace(f"{where}: {why}.", remedy="Correct or remove the line.")
