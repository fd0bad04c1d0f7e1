"""Read the newest lines of the log file and its rotated files, and follow it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: as in the file, and its JSON object, None if it is none, such as a line cut short by a crash."""

    text: str
    fields: dict[str, Any] | None

    @property
    def date(self) -> str:
        """The day, in UTC."""
        return "" if self.fields is None else str(self.fields.get("timestamp", ""))[:10]

    @property
    def level(self) -> int:
        """Its severity; a line that cannot be parsed is shown at any level."""
        name = "CRITICAL" if self.fields is None else str(self.fields.get("level", "")).upper()
        return logging.getLevelNamesMapping().get(name, logging.CRITICAL)


class LogFileReader:
    """
    The file that `configure_logs` writes, from the level `least` on; use it as `with LogFileReader(path) as file`.

    Rotated files have the suffixes `.1`, `.2` and so on.
    """

    def __init__(self, path: Path, *, least: int = logging.DEBUG) -> None:
        self._path = path
        self._least = least
        self._open: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open.close()

    def last(self, count: int) -> list[LogLine]:
        """Return the newest lines, the oldest first; `added` continues after them."""
        found: list[LogLine] = []
        for number, path in enumerate(self._files()):
            file = path.open(encoding="utf-8", errors="replace")
            lines = [line for line in map(_parsed, file) if line.level >= self._least]
            if number == 0:
                self._open = file
            else:
                file.close()
            found = [*lines, *found][-count:] if count else []
            if len(found) >= count:
                break
        return found

    async def added(self) -> AsyncIterator[LogLine]:
        """Yield each line that is added, for ever, across rotations of the file."""
        rest = ""
        while True:
            for text in self._new():
                if not text.endswith("\n"):  # the line is still being written
                    rest += text
                    continue
                line, rest = _parsed(rest + text), ""
                if line.level >= self._least:
                    yield line
            await asyncio.sleep(LOOK_EVERY)

    def _new(self) -> Iterator[str]:
        if self._open is not None:
            yield from self._open
        if self._path.is_file() and (self._open is None or not self._is_current(self._open)):
            if self._open is not None:
                self._open.close()
            self._open = self._path.open(encoding="utf-8", errors="replace")
            yield from self._open

    def _is_current(self, file: IO[str]) -> bool:
        return os.path.samestat(os.fstat(file.fileno()), self._path.stat())

    def _files(self) -> Iterator[Path]:
        yield self._path
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.{number}")).is_file():
            yield aside
            number += 1


def _parsed(text: str) -> LogLine:
    text = text.rstrip("\n")
    try:
        fields = json.loads(text)
    except ValueError:
        return LogLine(text, None)
    return LogLine(text, fields if isinstance(fields, dict) else None)
