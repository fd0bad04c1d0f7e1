"""
Backups in Steward's portable format, the same for all engines: gzip of JSON lines.

    {"steward_backup": 1, "versions": {"core": 3, "stats": 4}}
    {"table": "kv", "columns": ["key", "value"]}
    ["greeting", "hello"]                                           a row; bytes are {"hex": "..."}
    {"end": {"kv": {"rows": 1, "hash": "..."}}}

The hash of a table does not depend on the order of its rows. Reading and writing keep some hundred rows in memory.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from steward.errors import NeedsOperator, NotReady
from steward.runtime.process.disk import make_private, sync
from steward.store.transaction import Row

FORM = 1
SUFFIX = ".jsonl.gz"
MADE_AT = f"-{'[0-9]' * 8}-{'[0-9]' * 6}"
"""The time in a backup's name, for `glob`."""
AT_ONCE, AT_ONCE_CHARS = 500, 4_000_000
LONGEST_LINE = 24 * 1024 * 1024
"""Of a row, in bytes: Discord accepts files of 10 MB, which are twice as long here."""
MAX_UNPACKED, FREELY_UNPACKED = 200, 64 * 1024 * 1024
"""How many times its size a file may unpack to, beyond a harmless size: our rows compress about tenfold."""
_SHORT_LINE = 64 * 1024
_LARGEST_WHOLE = 1 << 63
_OTHER_BACKUP = (
    "Back the database up with its own tools (pg_dump, mariadb-dump; SQLite: stop Steward and copy the file)."
)
_MAGIC = b"\x1f\x8b"

ReadTable = Callable[[str], Iterator[Row]]
"""Yields the rows of a table, a few in memory at a time."""


@dataclass(slots=True)
class Digest:
    """The number of rows and a hash of them, independent of their order."""

    rows: int = 0
    total: int = 0

    def add(self, line: str) -> None:
        """Add one row as written in the file."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(sha256(line.encode()).digest(), "big")) % (1 << 256)

    def as_data(self) -> dict[str, Any]:
        """Return the values for the end of the file."""
        return {"rows": self.rows, "hash": f"{self.total:064x}"}


@dataclass(frozen=True, slots=True)
class Contents:
    """
    The contents of a backup.

    Attributes:
        versions: of each part of the schema.
        tables: the digest of each.
        columns: of each table that has rows.

    """

    versions: Mapping[str, int]
    tables: Mapping[str, Digest]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict, compare=False)

    @property
    def rows(self) -> int:
        return sum(digest.rows for digest in self.tables.values())


def is_portable(path: Path) -> bool:
    """Tell whether a file looks like a portable backup."""
    if not path.is_file():  # reading a pipe would block
        return False
    try:
        with path.open("rb") as file:
            return file.read(2) == _MAGIC
    except OSError:
        return False


def write_portable(path: Path, versions: Mapping[str, int], tables: Iterable[str], read: ReadTable) -> Contents:
    """
    Write a backup to `path`, which is replaced atomically once the backup is synced.

    Raises:
        NotReady: it could not be written; the old file at `path` is untouched.
        NeedsOperator: `check_portable` would refuse it; the old file at `path` is untouched.

    """
    unfinished = path.with_name(path.name + ".part")
    digests: dict[str, Digest] = {}
    unpacked = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        make_private(unfinished)
        with gzip.open(unfinished, "wt", compresslevel=5, encoding="utf-8", newline="\n") as file:
            file.write(_line({"steward_backup": FORM, "versions": dict(versions)}))
            for table in tables:
                digests[table] = Digest()
                for row in read(table):
                    if digests[table].rows == 0:
                        file.write(_line({"table": table, "columns": list(row.keys())}))
                    line = row_line(row)
                    _refuse_unreadable(line, table)
                    unpacked += len(line.encode())
                    digests[table].add(line)
                    file.write(line)
            file.write(_line({"end": {table: digest.as_data() for table, digest in digests.items()}}))
        if unpacked > _most_unpacked(unfinished):
            raise NeedsOperator(
                "The rows of the database repeat themselves so much that a portable backup could not be restored.",
                remedy=_OTHER_BACKUP,
            )
        sync(unfinished)
        unfinished.replace(path)
        sync(path.parent)
    except OSError as error:
        raise NotReady(
            f"The backup {path} could not be written ({error.strerror or error}); the database itself is untouched.",
            remedy="Free some space or choose another place for the backup.",
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return Contents(versions, digests)


def _refuse_unreadable(line: str, table: str) -> None:
    encoded = line.encode()
    if len(encoded) > LONGEST_LINE or not _is_plain(encoded):
        why = f"A row of {table} is too long, or has too many quotes, for a portable backup."
    elif _has_bad_number(line):
        why = f"A row of {table} has a number that a portable backup can't hold (infinity, or not a number)."
    else:
        return
    raise NeedsOperator(why, remedy=_OTHER_BACKUP)


def _has_bad_number(line: str) -> bool:
    if "NaN" not in line and "Infinity" not in line:
        return False
    try:
        json.loads(line, parse_constant=_no_number)
    except ValueError:
        return True
    return False


def check_portable(path: Path) -> Contents:
    """
    Read a backup to its end and check it.

    Raises:
        NeedsOperator: it is missing, not a backup of Steward's, cut short or damaged.

    """
    try:
        return _read_through(path)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        # A damaged file may contain anything: its hashes are compared at the end only.
        raise _unusable(path, "its content makes no sense") from error


def _read_through(path: Path) -> Contents:
    digests: dict[str, Digest] = {}
    columns: dict[str, Sequence[str]] = {}
    versions: dict[str, int] | None = None
    promised: dict[str, Any] | None = None
    table = ""
    for line in _lines(path):
        value = _value(line, path)
        if promised is not None:
            raise _unusable(path, "there is data after its end")
        if versions is None:
            if not isinstance(value, dict) or value.get("steward_backup") != FORM:
                raise _unusable(path, "its first line is not that of a backup")
            versions = {str(part): int(version) for part, version in value["versions"].items()}
        elif isinstance(value, list):
            if len(value) != len(columns[table]) or not all(map(_is_value, value)):
                raise _unusable(path, f"a row of {table} makes no sense")
            digests[table].add(line)
        elif "table" in value:
            table, columns[value["table"]] = value["table"], value["columns"]
            if table in digests or len(set(columns[table])) != len(columns[table]):
                raise _unusable(path, f"the table {table} makes no sense")
            digests[table] = Digest()
        else:
            promised = value.get("end")
    if versions is None or promised is None:
        raise _unusable(path, "it ends too early")
    for name in promised:
        digests.setdefault(name, Digest())
    if {name: digest.as_data() for name, digest in digests.items()} != promised:
        raise _unusable(path, "its rows do not match its checksums")
    return Contents(versions, digests, columns)


def _is_value(one: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == {"hex"} and isinstance(one["hex"], str)
    if isinstance(one, int):
        return not isinstance(one, bool) and -_LARGEST_WHOLE <= one < _LARGEST_WHOLE
    return one is None or isinstance(one, str | float)


def read_portable(path: Path) -> Iterator[tuple[str, Sequence[str], list[list[Any]]]]:
    """Yield the rows of a checked backup: table, columns, and some hundred rows at a time."""
    table = ""
    columns: list[str] = []
    rows: list[list[Any]] = []
    chars = 0
    for line in _lines(path):
        value = _value(line, path)
        if isinstance(value, list):
            rows.append([bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in value])
            chars += len(line)
            if len(rows) < AT_ONCE and chars < AT_ONCE_CHARS:
                continue
        if rows:
            yield table, columns, rows
            rows, chars = [], 0
        if "table" in value:
            table, columns = value["table"], value["columns"]


def row_line(row: Iterable[Any]) -> str:
    return _line([{"hex": bytes(one).hex()} if isinstance(one, bytes | memoryview) else one for one in row])


def digest_of(rows: Iterable[Row]) -> Digest:
    digest = Digest()
    for row in rows:
        digest.add(row_line(row))
    return digest


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines(path: Path) -> Iterator[str]:
    try:
        left = _most_unpacked(path)
        with gzip.open(path, "rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                left -= len(line)
                if len(line) > LONGEST_LINE or not _is_plain(line):
                    raise _unusable(path, "a line is too long")
                if left < 0:
                    raise _unusable(path, f"it unpacks to more than {MAX_UNPACKED} times its size")
                yield line.decode()
    except FileNotFoundError:
        raise NeedsOperator(f"There is no file {path}.", remedy="Name the backup to restore.") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unusable(path, str(error)) from error


def _most_unpacked(path: Path) -> int:
    return FREELY_UNPACKED + MAX_UNPACKED * path.stat().st_size


def _is_plain(line: bytes) -> bool:
    """Tell whether a line has few values, however long: many small ones would take far more memory than its size."""
    if len(line) <= _SHORT_LINE:
        return True
    if line.count(b'"') > _SHORT_LINE:
        return False
    outside = line.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    return sum(map(len, outside)) <= _SHORT_LINE


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _value(line: str, path: Path) -> Any:
    try:
        return json.loads(line, parse_constant=_no_number)
    except ValueError as error:
        raise _unusable(path, "a line cannot be read") from error


def _unusable(path: Path, why: str) -> NeedsOperator:
    return NeedsOperator(f"{path} is not a complete backup of Steward's: {why}.", remedy="Use an older backup.")
