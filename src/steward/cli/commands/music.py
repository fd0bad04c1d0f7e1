"""`steward music import|imported|forget`: other people's listening, and tags, for the music bot."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from steward.bots.installed import every_migration
from steward.bots.music.catalogue.imports.importing import FileOutcome, FileProgress, find_file, import_file
from steward.bots.music.catalogue.imports.taking import (
    ImportedFile,
    forget_imports,
    imported_files,
    outside_counts,
)
from steward.bots.music.recommend.learning.relearning import learn_soon
from steward.cli.main import AddParser, show_help
from steward.cli.outcome import CommandOutcome, print_outcome
from steward.cli.reading import reading_tables
from steward.cli.settings_flags import add_settings_flags, load_settings
from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.settings import Settings
from steward.store import Store, from_millis, open_store
from steward.store.sqlite.file_lock import DatabaseInUse
from steward.text.plurals import counted

TABLES_SINCE = 6
"""The step of the music bot's migrations that has tables of imports."""
STEPS = 10
"""Lines of progress a file, where there is no terminal."""


def add_parser(add: AddParser) -> None:
    parser = add(
        epilog="Exit codes: 0 done, 75 the database is in use or can't be read now, 78 fix the file or the settings."
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    parser.set_defaults(run=show_help(parser))
    for name, work, purpose in (
        ("import", _import, "import listens of ListenBrainz, tables of MusicBrainz, or CSV files; stop the bot first"),
        ("imported", _imported, "list the files that were imported, and how far; the bot can keep running"),
        ("forget", _forget, "forget the listeners that were imported; artists and tags stay; stop the bot first"),
    ):
        action = actions.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if name == "import":
            action.add_argument("files", nargs="+", type=Path, metavar="FILE", help="recognised by what is in it")
        print_outcome(action, work)
        add_settings_flags(action)


def _import(args: argparse.Namespace) -> CommandOutcome:
    settings = load_settings(args)
    for path in args.files:
        find_file(path)  # else the last one's name would be found to be wrong hours later

    async def work(store: Store) -> tuple[list[FileOutcome], tuple[int, int]]:
        done = []
        for path in args.files:
            with _progress(path.name, is_shown=not args.json) as shown:
                done.append(await import_file(store, path, shown))
        return done, await store.read(outside_counts)

    done, (listeners, pairs) = _with_store(settings, work)
    lines = [line for one in done for line in _sentences(one)]
    lines.append(_kept(listeners, pairs))
    if not all(one.was_done for one in done):
        lines.append("The bot learns from them within some minutes of its start.")
    files = [{**_facts(one.file), "problems": list(one.bad), "was_done": one.was_done} for one in done]
    return CommandOutcome("\n".join(lines), {"files": files, "listeners": listeners, "pairs": pairs})


def _imported(args: argparse.Namespace) -> CommandOutcome:
    with reading_tables(load_settings(args), "music", "imports of music", version=TABLES_SINCE) as tx:
        files, (listeners, pairs) = imported_files(tx), outside_counts(tx)
    lines = [f"{one.name}: {_read(one)}; {_state(one)}." for one in files] or ["Nothing was imported."]
    if files:
        lines.append(_kept(listeners, pairs))
    return CommandOutcome(
        "\n".join(lines), {"files": [_facts(one) for one in files], "listeners": listeners, "pairs": pairs}
    )


def _forget(args: argparse.Namespace) -> CommandOutcome:
    async def work(store: Store) -> int:
        listeners, _ = await store.read(outside_counts)
        while await store.write(forget_imports):
            pass
        await store.write(learn_soon)
        return listeners

    listeners = _with_store(load_settings(args), work)
    return CommandOutcome(
        f"{counted(listeners, 'listener')} from outside forgotten. The bot learns anew without them after its start.",
        {"listeners": listeners},
    )


def _with_store(settings: Settings, work: Callable[[Store], Any]) -> Any:
    async def run() -> Any:
        async with open_store(settings.database, SystemClock(), migrations=every_migration(), readers=1) as store:
            return await work(store)

    try:
        return asyncio.run(run())
    except DatabaseInUse as error:
        raise NotReady(error.sentence, remedy="Stop the bot, do this, start it again.") from error


def _sentences(done: FileOutcome) -> Iterator[str]:
    file = done.file
    if done.was_done:
        yield f"{file.name} was imported already, {_state(file)}."
        return
    yield f"{file.name}: {_read(file)}."
    yield from (f"- {said}" for said in done.bad)
    if file.bad > len(done.bad):
        yield f"- and {counted(file.bad - len(done.bad), 'other')}"
    if done.waiting_tags:
        yield f"{counted(done.waiting_tags, 'tag')} of artists wait for their names: import MusicBrainz's table `tag`."


def _kept(listeners: int, pairs: int) -> str:
    return f"Kept: {counted(listeners, 'listener')} from outside, {counted(pairs, 'pair')} of listener and artist."


def _read(file: ImportedFile) -> str:
    left_out = f", {file.bad:,} left out" if file.bad else ""
    return f"{counted(file.lines, 'line')} read, {file.kept:,} kept{left_out}"


def _state(file: ImportedFile) -> str:
    if file.finished_ms is None:
        return "not to its end; import it again, and it goes on there"
    return f"done {from_millis(file.finished_ms):%Y-%m-%d %H:%M} UTC"


def _facts(file: ImportedFile) -> dict[str, Any]:
    told = {"name": file.name, "lines": file.lines, "bad": file.bad, "kept": file.kept}
    return {**told, "finished": file.finished_ms is not None}


@contextmanager
def _progress(name: str, *, is_shown: bool) -> Iterator[Callable[[FileProgress], None]]:
    """Give what is told how far a file is: a bar on a terminal, ten lines elsewhere; nothing with --json."""
    if not is_shown:
        yield lambda _: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(name, total=1.0)
            yield lambda at: progress.update(task, completed=at.share, description=f"{name}: {at.lines:,} lines")
    else:
        yield _lines(name)


def _lines(name: str) -> Callable[[FileProgress], None]:
    said = [0]

    def say(at: FileProgress) -> None:
        step = int(at.share * STEPS)
        if step > said[0]:
            said[0] = step
            print(f"{name}: {100 * step // STEPS} %, {at.lines:,} lines", file=sys.stderr, flush=True)

    return say
