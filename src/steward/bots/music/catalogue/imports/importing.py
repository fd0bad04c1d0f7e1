"""Import files: read in a child process, written batch by batch; killed anywhere, it goes on where it was."""

from __future__ import annotations

import asyncio
import hashlib
import json
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from steward.bots.music.catalogue.imports.taking import (
    MOST_PAIRS,
    FileBatch,
    ImportedFile,
    begin_file,
    drop_file,
    finish_file,
    have_fewer,
    join_tags,
    knows_source_artists,
    salt,
    settle_names,
    take_batch,
    waiting_tags,
)
from steward.bots.music.recommend.learning.relearning import learn_soon
from steward.errors import NeedsOperator, NotReady
from steward.store import Store, Transaction

CHILD = (sys.executable, "-m", "steward.bots.music.catalogue.imports")
LOOKED_AT = 1 << 20
"""Bytes at the beginning and at the end by which a file is known again."""
NAMED = 5
_OF_SOURCES = ("mb_aliases", "mb_artist_tags")


class FileProgress(NamedTuple):
    """How far a file is: the share of its bytes, from 0 to 1, and the lines read until now."""

    share: float
    lines: int


class FileOutcome(NamedTuple):
    """
    What became of a file.

    Attributes:
        bad: some of the lines that couldn't be read, with the reason.
        was_done: whether it was imported before, so that nothing was to be done.
        waiting_tags: how many tags of artists wait for MusicBrainz's table of their names.

    """

    file: ImportedFile
    bad: Sequence[str] = ()
    was_done: bool = False
    waiting_tags: int = 0


class FoundFile(NamedTuple):
    """A file that can be read; the fingerprint is the same wherever it is."""

    path: str
    fingerprint: str
    size: int


def find_file(path: Path) -> FoundFile:
    """
    Return a file that is to be imported.

    Raises:
        NeedsOperator: it is missing, empty, no file, or may not be read.

    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe that nobody writes to would wait for ever
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
            raise NeedsOperator(f"{path} is {what}, not a file.", remedy="Save the data to a file first.")
        if not status.st_size:
            raise NeedsOperator(f"{path} is empty.", remedy="Download it again.")
        found = hashlib.sha256(str(status.st_size).encode())
        with path.open("rb") as file:
            found.update(file.read(LOOKED_AT))
            file.seek(max(0, status.st_size - LOOKED_AT))
            found.update(file.read(LOOKED_AT))
    except OSError as error:
        raise NeedsOperator(f"{path} can't be read ({error.strerror}).", remedy="Name a file.") from error
    return FoundFile(str(path.absolute()), found.hexdigest(), status.st_size)


async def import_file(
    store: Store,
    path: Path,
    shown: Callable[[FileProgress], None] = lambda _: None,
    *,
    child: Sequence[str] = CHILD,
    most_pairs: int = MOST_PAIRS,
) -> FileOutcome:
    """
    Import a file, or the rest of it; what is learnt from listening is learnt anew soon.

    Args:
        shown: called after each batch.
        child: the command that reads.
        most_pairs: see `have_fewer`.

    Raises:
        NeedsOperator: the file can't be read, not to its end, or nothing in it; what came before that is kept.
        NotReady: the child has ended early; the next call goes on where it was.

    """
    found = await asyncio.to_thread(find_file, path)
    file = await store.write(partial(begin_file, fingerprint=found.fingerprint, name=path.name))
    if file.finished_ms is not None:
        return FileOutcome(file, was_done=True)
    asked = {
        "path": found.path,
        "salt": await store.write(salt),
        "nobody": found.fingerprint,
        "member": file.member,
        "place": file.place,
        "line": file.line,
    }
    bad: list[str] = []
    lines = file.lines
    async with aclosing(_said(child, asked)) as saying:
        async for said in saying:
            if "problem" in said:
                await store.write(partial(drop_file, file=file.id))
                raise NeedsOperator(f"{path} {said['problem']}", remedy=said["remedy"])
            if said.get("is_last"):
                break
            batch = FileBatch(**said)
            if batch.kind in _OF_SOURCES:
                await _until_none(store, settle_names)
                await _require_artists(store, file.id)
            await store.write(partial(take_batch, file=file.id, batch=batch))
            if batch.kind == "plays":
                await _until_none(store, partial(have_fewer, most=most_pairs))
            bad += batch.bad[: NAMED - len(bad)]
            lines += batch.lines
            shown(FileProgress(min(1.0, batch.read / found.size), lines))
    for step in (settle_names, join_tags, partial(have_fewer, most=most_pairs)):
        await _until_none(store, step)
    return await _finished(store, path, file.id, bad)


async def _require_artists(store: Store, file: int) -> None:
    if not await store.read(knows_source_artists):
        await store.write(partial(drop_file, file=file))
        raise NeedsOperator(
            "I don't know yet which artists MusicBrainz's numbers stand for.",
            remedy="Import listens, then the table `artist` (it is in mbdump.tar.bz2), then this.",
        )


async def _finished(store: Store, path: Path, file: int, bad: Sequence[str]) -> FileOutcome:
    def finish(tx: Transaction) -> tuple[ImportedFile, int]:
        done = finish_file(tx, file)
        if done.lines and done.lines == done.bad:
            drop_file(tx, file)
        else:
            learn_soon(tx)
        return done, waiting_tags(tx)

    done, waiting = await store.write(finish)
    if done.lines and done.lines == done.bad:
        raise NeedsOperator(f"No line of {path} can be read: {'; '.join(bad)}.")
    return FileOutcome(done, bad, waiting_tags=waiting)


async def _until_none(store: Store, step: Callable[[Transaction], bool]) -> None:
    while await store.write(step):
        pass


async def _said(command: Sequence[str], asked: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield what the child says; it waits while what it said isn't kept yet."""
    process = await asyncio.to_thread(_Child, command)
    try:
        await asyncio.to_thread(process.ask, json.dumps(asked).encode())
        has_ended = False
        while line := await asyncio.to_thread(process.output.readline):
            said = json.loads(line)
            has_ended = "kind" not in said
            yield said
        if not has_ended:
            raise NotReady(
                f"The process that reads the file has ended early: {await asyncio.to_thread(process.why)}.",
                remedy="Run the same command again: it goes on where it was.",
            )
    finally:
        await asyncio.to_thread(process.end)


class _Child:
    """The reading child, for calls in a thread."""

    def __init__(self, command: Sequence[str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._errors)  # noqa: S603 - our own
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("There are pipes.")
        self._input, self.output = self._process.stdin, self._process.stdout

    def ask(self, asked: bytes) -> None:
        with suppress(BrokenPipeError), self._input:  # it has ended: that is said where it is read
            self._input.write(asked)

    def why(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        complaint = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        return complaint[:200] or f"exit code {code}"

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self.output.close()
        self._errors.close()
