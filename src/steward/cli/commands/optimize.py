"""`steward optimize`: list what could be better, with figures, and apply the safe fixes on request."""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from steward.bots.installed import every_migration
from steward.cli.db_server import analyse_server
from steward.cli.main import AddParser
from steward.cli.running import NotRunning, read_figures, weaknesses
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NeedsOperator
from steward.runtime.clock import SystemClock
from steward.store.migrate import load_schema
from steward.store.opening import sqlite_path
from steward.store.server.address import server_address
from steward.store.sqlite.connections import open_reader, open_writer
from steward.store.sqlite.faults import explain_at_opening
from steward.store.sqlite.file_lock import FileLock
from steward.store.sqlite.file_system import file_system_of, is_networked, mounts_here
from steward.store.sqlite.maintenance.analysis import analyse
from steward.store.sqlite.maintenance.backups import copy_database
from steward.store.weakness import Weakness, ranked


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Look at the database, and at a running bot's own figures, and suggest improvements, the most "
        "important first. With --apply, apply the safe ones after a backup; the bot must be stopped.",
        epilog="Exit codes: 0 done, 75 --apply while the bot runs, 78 someone has to act.",
    )
    parser.add_argument("--apply", action="store_true", help="apply the safe improvements, after a backup")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    add_settings_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the findings, apply the safe ones if asked, and return the exit code."""
    settings = load_settings(args)
    of_bot: list[Weakness] = []
    silence: str | None = None
    try:
        of_bot = list(weaknesses(read_figures(settings.health_host, settings.health_port)))
    except NotRunning as why:
        silence = str(why)
    address = server_address(settings.database)
    if address is None:
        of_database, backup = _file(sqlite_path(settings.database), apply=args.apply)
    else:
        of_database, backup = analyse_server(
            address, apply=args.apply, backups=settings.data_dir / "backups", clock=SystemClock()
        )
    found = ranked([*of_bot, *of_database])
    if args.json:
        print(json.dumps({"running": silence is None, **_as_data(found, backup)}))
        return 0
    if silence is None:
        print("This includes the figures of the running bot.")
    else:
        print(f"I looked only at the database, not at a running bot: {silence}.")
    print(*_sentences(found, backup, applied=args.apply), sep="\n")
    return 0


def _file(path: Path, *, apply: bool) -> tuple[list[Weakness], Path | None]:
    if not path.is_file():
        raise NeedsOperator(f"There is no database {path} yet.", remedy="The bot's first start creates it.")
    try:
        found = analyse(path, load_schema(every_migration()))
    except sqlite3.DatabaseError as error:
        raise NeedsOperator(f"{path} cannot be read: {error}.", remedy="`steward db check` says more.") from error
    return found, _apply(path, found) if apply and any(weakness.fix for weakness in found) else None


def _apply(path: Path, found: Sequence[Weakness]) -> Path:
    """Apply the safe fixes, and return the path of the backup made before."""
    lock = FileLock(path)
    lock.acquire()
    try:
        backup = path.with_name(f"{path.name}.before-optimize-{SystemClock().now():%Y%m%d-%H%M%S}")
        with closing(open_reader(path)) as reader:
            copy_database(reader, backup)
        with closing(open_writer(path, networked=is_networked(file_system_of(path, mounts_here())))) as writer:
            for weakness in found:
                for statement in weakness.fix:
                    writer.execute(statement)
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise explain_at_opening(error, path) from error
    finally:
        lock.release()
    return backup


def _sentences(found: Sequence[Weakness], backup: Path | None, *, applied: bool) -> list[str]:
    lines = [
        f"{number}. {weakness.name}: {weakness.figure}.{f' {weakness.advice}' if weakness.advice else ''}"
        f"{(' Done.' if backup else ' (--apply does it.)') if weakness.fix else ''}"
        for number, weakness in enumerate(found, 1)
    ]
    if backup is not None:
        lines.append(f"A backup from before is at {backup}; delete it once everything works.")
    elif not any(weakness.fix for weakness in found):
        lines.append("Nothing can be improved safely." if applied else "Nothing needs to be done.")
    return lines


def _as_data(found: Sequence[Weakness], backup: Path | None) -> dict[str, object]:
    return {
        "findings": [
            {"name": one.name, "figure": one.figure, "advice": one.advice, "safe": bool(one.fix)} for one in found
        ],
        "applied": backup is not None,
        "backup": str(backup) if backup is not None else None,
    }
