"""
The reading child: what to read as a JSON object on stdin, batches as JSON on stdout, one a line.

It imports as little as possible. It begins where it is told to, and says with each batch how far that goes: who keeps a
batch together with its place loses nothing and keeps nothing twice, whenever either of them ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from steward.bots.music.catalogue.imports.outside import listener_number
from steward.bots.music.catalogue.imports.problems import UnreadableFile, UnreadableLine
from steward.bots.music.catalogue.imports.sources import ImportSource, SourceFile
from steward.bots.music.catalogue.imports.tables import KNOWN, ImportTable, table_of

LINES_AT_ONCE = 5000
NAMED = 5
"""Bad lines that are named, with the reason."""


def main() -> None:
    """Read the file that is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this ends it
    try:
        for batch in batches_of(**json.load(sys.stdin)):
            sys.stdout.write(json.dumps(batch) + "\n")
            sys.stdout.flush()
    except BrokenPipeError:  # whoever started this has ended
        os._exit(1)


def batches_of(path: str, salt: str, nobody: str, member: int, place: int, line: int) -> Iterator[dict[str, Any]]:
    """
    Yield what a file has, from a place on, and at the end a batch without rows, or what is wrong with the file.

    Args:
        salt: makes the numbers of listeners.
        nobody: stands for a listener without a name.
        member, place, line: where to go on: the file of an archive, bytes of it, and lines.

    """
    number = partial(listener_number, bytes.fromhex(salt))
    try:
        with open(path, "rb") as raw:  # noqa: PTH123 - one import less
            source, is_known = ImportSource(raw, os.path.basename(path)), False  # noqa: PTH119
            for file in source.files():
                table = table_of(file.head, file.name, is_archived=source.is_archive, number=number, nobody=nobody)
                is_known |= table is not None
                if table is not None and file.index >= member:
                    at = (place, line) if file.index == member else (0, 0)
                    yield from _batches(source, file, table, *at)
            if not is_known:
                raise UnreadableFile("has no file in it that I know.", KNOWN)
            yield {"is_last": True, "read": source.read_bytes}
    except UnreadableFile as error:
        yield {"problem": error.sentence, "remedy": error.remedy}
    except OSError as error:
        yield {"problem": f"can't be read ({error.strerror}).", "remedy": ""}


def _batches(
    source: ImportSource, file: SourceFile, table: ImportTable, place: int, line: int
) -> Iterator[dict[str, Any]]:
    bad: list[str] = []
    lines = good = 0

    def batch() -> dict[str, Any]:
        return {
            "kind": table.kind,
            "rows": table.rows(),
            "at": (file.index, place, line),
            "read": source.read_bytes,
            "lines": lines,
            "good": good,
            "bad": bad[:NAMED],
        }

    where = f" of {file.name}" if source.is_archive else ""
    for one in file.lines(place, line):
        place, line = one.end, one.number
        if table.has_header and line == 1:
            continue
        if one.content is not None and not one.content.strip():
            continue
        lines += 1
        try:
            table.add(_text(one.content))
            good += 1
        except UnreadableLine as error:
            bad.append(f"line {line:,}{where}: {error}") if len(bad) < NAMED else None
        if lines >= LINES_AT_ONCE or table.size >= LINES_AT_ONCE:
            yield batch()
            bad, lines, good = [], 0, 0
    yield batch()


def _text(content: bytes | None) -> str:
    if content is None:
        raise UnreadableLine("it is longer than a megabyte")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableLine("it isn't UTF-8") from None


if __name__ == "__main__":
    main()
