"""
Traces: the activity of a community, one JSON object per line.

`{"t": "HH:MM", "kind": "join", "user": "alice"}`; kinds are join, leave, message (with `text`), rename (with `to`), ban
and unban. Times ascend: one that is more than an hour before the previous is advanced by 12 hours until it is not,
because some chat logs have twelve-hour clocks. So 01:00 after 12:59 is 13:00, and 00:00 after 23:59 is the next day.
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
    """A trace is invalid; the message names the line."""


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One action; `minute` is since the first midnight, `text` is the message or the new name of a rename."""

    minute: int
    kind: str
    user: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A sequence of actions in order of time."""

    lines: tuple[TraceLine, ...]

    @property
    def kinds(self) -> Counter[str]:
        """The number of lines by kind."""
        return Counter(line.kind for line in self.lines)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a file, plain or gzip; `BadTrace` if the file cannot be read, or a line is invalid."""
        try:
            raw = Path(path).read_bytes()
            if raw.startswith(_GZIP):
                raw = gzip.decompress(raw)
        except (OSError, EOFError) as error:
            raise BadTrace(f"The trace {path} cannot be read: {error}.", remedy="Check the path.") from error
        return cls.read(raw.splitlines(), str(path))

    @classmethod
    def community_day(cls) -> Self:
        """Return the trace that ships with the simulator: a generated day of an active community of 5,000."""
        packed = files("steward.sim").joinpath("data/community-day.jsonl.gz").read_bytes()
        return cls.read(gzip.decompress(packed).splitlines(), "community-day.jsonl.gz")

    @classmethod
    def read(cls, rows: Iterable[bytes], name: str = "trace") -> Self:
        """
        Read lines of JSON; empty ones are skipped.

        Raises:
            BadTrace: a line is invalid.

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
    """Return a line's minute since the first midnight, given that of the previous line."""
    minute = last - last % _DAY + of_day
    while minute < last - _HOUR:
        minute += _HALF_DAY
    return max(minute, last)


def _bad(where: str, why: str) -> BadTrace:
    return BadTrace(f"{where}: {why}.", remedy="Correct or remove the line.")
