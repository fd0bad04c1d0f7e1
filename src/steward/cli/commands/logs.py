"""`steward logs`: show the newest lines of the log file, and follow it."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NeedsOperator
from steward.runtime.logs.logs import FILE_NAME
from steward.runtime.logs.tree import TreeRenderer, one_line
from steward.settings import SettingsError

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


LINES = 50
LEVELS = ("debug", "info", "warning", "error", "critical")
USUAL_FOLDER = Path("data") / "logs"


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Show the newest lines of the log file, as a tree on a terminal, otherwise one per line.",
        epilog="Exit codes: 0 shown, 78 there is no log file; 130 you ended --follow with Ctrl-C.",
    )
    parser.add_argument("-n", "--lines", type=int, default=LINES, metavar="N", help=f"how many; default {LINES}")
    parser.add_argument("-f", "--follow", action="store_true", help="keep showing new lines until Ctrl-C")
    parser.add_argument("--level", choices=LEVELS, default="debug", help="only lines of this level or worse")
    parser.add_argument("--json", action="store_true", help="print the lines as they are in the file, as JSON")
    parser.add_argument("--file", type=Path, metavar="FILE", help="read this file instead of the one in the settings")
    add_settings_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    path = args.file or _path(args)
    if not path.is_file():
        remedy = "Check the path." if args.file else "The first `steward run` creates it."
        raise NeedsOperator(f"There is no log file {path} yet.", remedy=remedy)
    render = _renderer(as_json=args.json)
    with LogFileReader(path, least=logging.getLevelNamesMapping()[args.level.upper()]) as file:
        lines = file.last(max(0, args.lines))
        for line in lines:
            print(render(line))
        if args.follow:
            sys.stdout.flush()
            asyncio.run(_follow(file, render))
        elif not lines and args.lines > 0:
            print(f"There are no lines of level {args.level} or worse.", file=sys.stderr)
    return 0


async def _follow(file: LogFileReader, render: Callable[[LogLine], str]) -> None:
    async for line in file.added():
        print(render(line), flush=True)


def _path(args: argparse.Namespace) -> Path:
    try:
        folder = load_settings(args).log_dir
    except SettingsError:  # the log may say what is wrong
        folder = USUAL_FOLDER
        print("The settings have problems (`steward doctor` names them); this is the usual file.", file=sys.stderr)
    if folder is None:
        raise NeedsOperator(
            "There is no log file: STEWARD_LOG_DIR is off.", remedy="Set it to a folder, or name a --file."
        )
    return folder / FILE_NAME


def _renderer(*, as_json: bool) -> Callable[[LogLine], str]:
    """Return how to show a line: unchanged, as a tree on a terminal, or as one line with its date."""
    if as_json:
        return lambda line: line.text
    if not sys.stdout.isatty():
        return lambda line: line.text if line.fields is None else f"{line.date} {one_line(None, '', line.fields)}"
    tree, day = TreeRenderer(colours=True, tracebacks=True), ""

    def shown(line: LogLine) -> str:
        nonlocal day
        if line.fields is None:
            return line.text
        head = f"\x1b[2m{line.date} (UTC)\x1b[0m\n" if line.date != day else ""
        day = line.date
        return head + tree(None, "", dict(line.fields))

    return shown
