"""`steward import statsbot FILE`: import the joins, leaves, bans and unbans that another bot has recorded."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from steward.bots.installed import every_migration
from steward.bots.stats.counts.facts import MemberEvent
from steward.bots.stats.statsbot.file import LISTS, FileReading, StatsBotFile, StatsBotFileError
from steward.bots.stats.statsbot.importing import Imported, import_events
from steward.cli.main import AddParser
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NeedsOperator, NotReady
from steward.runtime.clock import Clock, SystemClock
from steward.settings import Settings
from steward.store.opening import location, open_store, sqlite_path
from steward.store.server.address import server_address
from steward.store.sqlite.file_lock import DatabaseInUse
from steward.store.transaction import Transaction

if TYPE_CHECKING:
    from rich.progress import Progress

EVENTS_A_STEP = 1000


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Import the joins, leaves, bans and unbans of StatsBot's member_stats.json: all or nothing, "
        "each once, however often you import it. Stop the bot first.",
        epilog="Exit codes: 0 imported, 75 the database is in use, 78 fix the file or the settings.",
    )
    parser.add_argument("source", choices=("statsbot",), help="whose file it is")
    parser.add_argument("file", type=Path, metavar="FILE", help="StatsBot's data/member_stats.json")
    parser.add_argument("--guild", metavar="ID", help="the server it's about; default: GUILD_ID")
    parser.add_argument(
        "--timezone", metavar="ZONE", help="the time zone of times without one; default: STEWARD_TIMEZONE"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing; works while the bot runs")
    parser.add_argument("--json", action="store_true", help="print the summary or the problems as JSON")
    add_settings_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the whole file, then import it; print the summary and return the exit code."""
    named = (("GUILD_ID", args.guild), ("STEWARD_TIMEZONE", args.timezone))
    args.assignments += [(name, value) for name, value in named if value is not None]
    settings, clock = load_settings(args), SystemClock()
    if settings.guild_id is None:
        raise NeedsOperator(
            "I don't know which server the file is about.", remedy="Add --guild and the server's id, or set GUILD_ID."
        )
    source = _Source(args.file, settings.guild_id, settings, clock.now())
    try:
        with _progress(shown=sys.stdout.isatty() and not args.json) as steps:
            reading = source.check(steps("Checking"))
            imported = _import(source, steps("Importing"), clock, dry=args.dry_run)
    except StatsBotFileError as error:
        if not args.json:
            raise
        problems = [asdict(problem) for problem in error.problems]
        print(json.dumps({"ok": False, "problems": problems, "more": error.count - len(problems)}))
        return error.exit_code
    if args.json:
        print(json.dumps(_as_data(reading, imported, settings, dry=args.dry_run)))
    else:
        print(*_sentences(reading, imported, settings, dry=args.dry_run), sep="\n")
    return 0


Step = Callable[[float], None]
"""Called with the share of the file that has been read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The file and how to read it; each pass reads it again, since it may not fit into memory."""

    path: Path
    guild_id: int
    settings: Settings
    now: datetime

    def check(self, step: Step) -> FileReading:
        """Read the whole file without writing anything."""
        with self.open(step) as (file, events):
            for _ in events:
                pass
        return file.reading

    @contextmanager
    def open(self, step: Step) -> Iterator[tuple[StatsBotFile, Iterator[MemberEvent]]]:
        """Return a context manager giving the file and its events."""
        try:
            # Bytes that are not UTF-8 become surrogates, which no name may contain, so that their line is reported.
            if self.path.exists() and not self.path.is_file():  # the file is read twice, which a pipe cannot be
                raise NeedsOperator(f"{self.path} isn't a file.", remedy="Save the data to a file first.")
            raw = self.path.open("rb")
        except OSError as error:
            raise NeedsOperator(
                f"The file {self.path} cannot be read ({error.strerror}).",
                remedy="Name StatsBot's file: data/member_stats.json in its folder.",
            ) from error
        with raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape") as text:
            file = StatsBotFile(text, guild_id=self.guild_id, zone=self.settings.timezone, now=self.now)
            yield file, self._with_progress(file, raw, step)

    def _with_progress(self, file: StatsBotFile, raw: BinaryIO, step: Step) -> Iterator[MemberEvent]:
        size = max(1, self.path.stat().st_size)
        for number, event in enumerate(file):
            if number % EVENTS_A_STEP == 0:
                step(raw.tell() / size)
            yield event
        step(1.0)


def _import(source: _Source, step: Step, clock: Clock, *, dry: bool) -> Imported:
    from steward.runtime.logs.logs import configure_logs

    settings = source.settings
    with ExitStack() as stack:
        stack.enter_context(
            configure_logs(level=settings.log_level, format=settings.log_format, secrets=settings.secrets())
        )
        if server_address(settings.database) is not None:
            return asyncio.run(_write(source, step, clock, settings.database, undo=dry))
        database = sqlite_path(settings.database)
        if dry:
            database = _copy(database, Path(stack.enter_context(_folder_beside(database))))
        try:
            return asyncio.run(_write(source, step, clock, database))
        except DatabaseInUse as error:
            raise NotReady(
                error.sentence, remedy="Stop the bot, import, start it again; --dry-run works while it runs."
            ) from error


class _UndoneError(Exception):
    """Raised at the end of a dry run on a server to roll the transaction back."""

    def __init__(self, imported: Imported) -> None:
        super().__init__(imported)
        self.imported = imported


async def _write(source: _Source, step: Step, clock: Clock, database: Path | str, *, undo: bool = False) -> Imported:
    cancelled = threading.Event()

    def work(tx: Transaction) -> Imported:
        with source.open(step) as (_, events):
            imported = import_events(tx, _until(cancelled, events))
        if undo:
            raise _UndoneError(imported)
        return imported

    async with open_store(database, clock, migrations=every_migration(), readers=1) as store:
        try:
            return await store.write(work)
        except _UndoneError as done:
            return done.imported
        except asyncio.CancelledError:  # Ctrl-C: the writing thread must stop too, which rolls back
            cancelled.set()
            raise


def _until(cancelled: threading.Event, events: Iterator[MemberEvent]) -> Iterator[MemberEvent]:
    for event in events:
        if cancelled.is_set():
            raise InterruptedError("cancelled")
        yield event


def _folder_beside(database: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a temporary folder, on the disk of the database if that exists."""
    return tempfile.TemporaryDirectory(prefix=".dry-run-", dir=database.parent if database.exists() else None)


def _copy(database: Path, folder: Path) -> Path:
    """Copy the database if it exists, so that a dry run does exactly what an import would do."""
    import sqlite3

    from steward.store.sqlite.connections import open_reader
    from steward.store.sqlite.faults import explain_at_opening
    from steward.store.sqlite.maintenance.backups import copy_database

    copy = folder / database.name
    if database.exists():
        try:
            with closing(open_reader(database)) as original:
                original.execute("SELECT COUNT(*) FROM sqlite_schema")
                copy_database(original, copy)
        except sqlite3.Error as error:
            raise explain_at_opening(error, database) from error
    return copy


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], Step]]:
    """Return a context manager giving a maker of steps: progress bars on a terminal, nothing elsewhere."""
    if not shown:
        yield lambda _: lambda _: None
        return
    from rich.progress import Progress

    with Progress(transient=True) as progress:
        yield lambda what: _bar(progress, what)


def _bar(progress: Progress, what: str) -> Step:
    task = progress.add_task(what, total=1.0)
    return lambda share: progress.update(task, completed=share)


def _sentences(reading: FileReading, imported: Imported, settings: Settings, *, dry: bool) -> Iterator[str]:
    """Yield the summary, line by line."""
    days = f"{reading.days:,} days, {reading.first_day} to {reading.last_day}" if reading.days else "no days"
    yield f"In the file: {days}; " + ", ".join(f"{reading.events[kind]:,} {name}" for name, kind in LISTS.items()) + "."
    outcome = "Dry run, nothing was written. An import would add" if dry else "Imported:"
    yield (
        f"{outcome} {imported.new:,} new; {imported.known:,} already known, "
        f"{imported.repeated:,} repeated in the file. Server {settings.guild_id}, {location(settings.database)}."
    )
    zone = settings.timezone.key
    if reading.without_zone:
        yield f"{reading.without_zone:,} times have no zone; I read them in {zone} (--timezone)."
    if reading.ambiguous:
        yield f"{reading.ambiguous:,} of them came twice when the clocks went back; I took the first."
    if reading.nonexistent:
        yield f"{reading.nonexistent:,} of them don't exist, because the clocks went forward: is {zone} right?"
    if reading.other_day:
        yield f"{reading.other_day:,} times don't match the date they're listed under; I took the time."


def _as_data(reading: FileReading, imported: Imported, settings: Settings, *, dry: bool) -> dict[str, object]:
    """Return the summary as plain data; ids are text, since they are too long for JavaScript's numbers."""
    return {
        "ok": True,
        "dry_run": dry,
        "guild_id": str(settings.guild_id),
        "database": location(settings.database),
        "timezone": settings.timezone.key,
        "days": reading.days,
        **{name: reading.events[kind] for name, kind in LISTS.items()},
        "new": imported.new,
        "known": imported.known,
        "repeated": imported.repeated,
        "without_zone": reading.without_zone,
        "ambiguous": reading.ambiguous,
        "nonexistent": reading.nonexistent,
        "other_day": reading.other_day,
    }
