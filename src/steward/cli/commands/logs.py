"""`steward logs`: show the newest lines of the log file, and follow it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from steward.cli.log_file import LogFileReader, LogLine
from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NeedsOperator
from steward.runtime.logs.logs import FILE_NAME
from steward.runtime.logs.tree import TreeRenderer, one_line
from steward.settings import SettingsError

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
