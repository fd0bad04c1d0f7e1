"""`steward db upgrade|backup|restore|check|export`: maintain the database."""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

from steward.bots.installed import every_migration
from steward.cli.database_file import database_file
from steward.cli.db_server import all_rows, back_up, check, restore_backup
from steward.cli.main import AddParser, show_help
from steward.cli.outcome import CommandOutcome, print_outcome
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import SystemClock
from steward.runtime.process.disk import make_private
from steward.store.backup.blueprint import check_backup
from steward.store.backup.portable import SUFFIX, check_portable, is_portable
from steward.store.instants import to_millis
from steward.store.migrate import Schema, load_schema
from steward.store.opening import open_store, sqlite_path
from steward.store.server.address import server_address
from steward.store.server.options import ServerOptions
from steward.store.sqlite.connections import open_reader
from steward.store.sqlite.maintenance.backups import copy_database
from steward.store.sqlite.maintenance.restoring import check_database, restore
from steward.store.sqlite.maintenance.transferring import make_database, read_table, table_names, write_backup
from steward.store.transaction import Row


def add_parser(add: AddParser) -> None:
    parser = add(
        epilog="Exit codes: 0 done, 75 the database is in use or the disk is full, 78 someone has to act.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    parser.set_defaults(run=show_help(parser))
    for name, work, purpose in (
        ("upgrade", _upgrade, "update the tables, as a start would, after making a copy"),
        ("backup", _backup, "write a full copy and check it; the bot can keep running"),
        ("restore", _restore, "replace the database with a backup; the bot must be stopped"),
        ("check", _check, "check the whole database for damage; the bot can keep running"),
        ("export", _export, "print every row of every table, one JSON object per line; the bot can keep running"),
    ):
        action = actions.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if name == "backup":
            action.add_argument("file", type=Path, nargs="?", help="where to; default: backups/ beside the database")
        elif name == "restore":
            action.add_argument("file", type=Path, help="a file written by `steward db backup`")
            action.add_argument(
                "--force",
                action="store_true",
                help="overwrite a database on a server even if it has rows; they are saved to a file first",
            )
        elif name == "export":
            action.add_argument("file", type=Path, nargs="?", help="where to; default: standard output")
        print_outcome(action, work)
        add_settings_flags(action)


def _upgrade(args: argparse.Namespace) -> CommandOutcome:
    settings = load_settings(args)
    options = ServerOptions(backups=settings.data_dir / "backups")

    async def upgrade() -> str:
        async with open_store(settings.database, SystemClock(), migrations=every_migration(), server=options) as store:
            return store.location

    location = asyncio.run(upgrade())
    return CommandOutcome(f"{location} is up to date.", {"database": location})


def _backup(args: argparse.Namespace) -> CommandOutcome:
    settings = load_settings(args)
    address = server_address(settings.database)
    if address is not None:
        return back_up(address, args.file, settings.data_dir / "backups", SystemClock())
    path = database_file(load_settings(args))
    schema = load_schema(every_migration())
    target: Path = args.file or path.parent / "backups" / f"{path.stem}-{SystemClock().now():%Y%m%d-%H%M%S}.sqlite3"
    if target.exists():
        raise NeedsOperator(f"{target} exists already.", remedy="Choose another name, or move it away.")
    if target.name.endswith(SUFFIX):
        check_database(path, schema)
        write_backup(path, schema, target)
        check_portable(target)
    else:
        with closing(open_reader(path)) as connection:
            copy_database(connection, target)
        check_database(target, schema)
    size = target.stat().st_size
    done = f"{path} was copied to {target} ({size / 1e6:.1f} MB), and the copy is sound."
    return CommandOutcome(done, {"database": path, "backup": target, "bytes": size})


def _restore(args: argparse.Namespace) -> CommandOutcome:
    settings = load_settings(args)
    address = server_address(settings.database)
    if address is not None:
        return restore_backup(address, args.file, settings.data_dir / "backups", SystemClock(), force=args.force)
    path = sqlite_path(settings.database)
    put = _restore_portable if is_portable(args.file) else restore
    kept = put(args.file, path, load_schema(every_migration()))
    sentence = f"{args.file} was restored to {path}."
    if kept is not None:
        sentence += f"\nThe previous one is kept as {kept}."
    return CommandOutcome(sentence, {"database": path, "backup": args.file, "kept": kept})


def _restore_portable(backup: Path, path: Path, schema: Schema) -> Path | None:
    contents = check_backup(backup, schema)
    made = path.with_name(f"{path.name}.made")
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        made.unlink(missing_ok=True)
        make_database(backup, contents, schema, made, to_millis(SystemClock().now()))
        return restore(made, path, schema)
    except (OSError, sqlite3.Error) as error:
        raise NotReady(
            f"{made} couldn't be written ({error}); nothing was changed.", remedy="Free some space and try again."
        ) from error
    finally:
        made.unlink(missing_ok=True)


def _check(args: argparse.Namespace) -> CommandOutcome:
    address = server_address(load_settings(args).database)
    if address is not None:
        return check(address)
    path = database_file(load_settings(args))
    check_database(path, load_schema(every_migration()))
    size = path.stat().st_size
    return CommandOutcome(f"{path} is sound ({size / 1e6:.1f} MB).", {"database": path, "bytes": size})


def _export(args: argparse.Namespace) -> CommandOutcome | None:
    address = server_address(load_settings(args).database)
    everything = _rows_of_file(database_file(load_settings(args))) if address is None else all_rows(address)
    with everything as rows:
        if args.file is None:
            _write(rows, sys.stdout)
            return None
        try:
            make_private(args.file)
            with args.file.open("w", encoding="utf-8") as file:
                count = _write(rows, file)
        except FileExistsError:
            raise NeedsOperator(
                f"{args.file} exists already.", remedy="Choose another name, or move it away."
            ) from None
        except OSError as error:
            raise NotReady(
                f"{args.file} can't be written ({error}).", remedy="Free some space, or choose another."
            ) from error
    return CommandOutcome(f"{count:,} rows are in {args.file}.", {"file": args.file, "rows": count})


def _write(rows: Iterator[tuple[str, Row]], file: TextIO) -> int:
    count = 0
    for table, row in rows:
        values = dict(zip(row.keys(), row, strict=True))
        # Bytes, such as a report's pictures, in hexadecimal, since JSON has none.
        file.write(json.dumps({"table": table, **values}, ensure_ascii=False, default=bytes.hex) + "\n")
        count += 1
    return count


@contextmanager
def _rows_of_file(path: Path) -> Iterator[Iterator[tuple[str, Row]]]:
    """Return a context manager giving every row of one committed state, a few in memory at a time."""
    with closing(open_reader(path)) as connection:
        connection.execute("BEGIN")
        yield ((table, row) for table in table_names(connection) for row in read_table(connection, table))
