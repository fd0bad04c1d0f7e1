"""Tables as files for people, CSV or JSON; read page by page in constant memory."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Protocol

import orjson

from steward.errors import NeedsOperator
from steward.store.instants import from_millis
from steward.store.interface import Store
from steward.store.transaction import Transaction, Value

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel assumes the old encoding of its country; other readers of UTF-8 skip it."""

FORMULA_SIGNS = frozenset("=+-@")
UNSEEN_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # Hangul fillers and the blank of Braille
CONTROLS = frozenset("\t\r\n")
ROWS_A_PAGE = 1000
LARGEST_FILE = 8 * 1024 * 1024  # Discord accepts files of 10 MiB
PLAIN_UP_TO = 1024 * 1024  # larger ones are compressed


class CsvRows:
    """
    Turns rows into the bytes of a CSV file, one at a time (RFC 4180, UTF-8).

    For spreadsheets: names stay unchanged, and no cell is run as a formula. The only CSV writer in the product.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        import csv  # imported here to save memory: exports are rare

        self._line = io.StringIO()
        self._csv = csv.DictWriter(self._line, columns, lineterminator="\r\n")

    def header(self) -> bytes:
        self._line.write(BYTE_ORDER_MARK)
        self._csv.writeheader()
        return self._taken()

    def row(self, row: Mapping[str, Value]) -> bytes:
        self._csv.writerow({name: harmless(value) for name, value in row.items()})
        return self._taken()

    def _taken(self) -> bytes:
        text = self._line.getvalue()
        self._line.seek(0)
        self._line.truncate()
        return text.encode()


def harmless(value: Value) -> Value:
    """
    Put an apostrophe before a text that a spreadsheet would run as a formula (OWASP: "CSV Injection").

    Invisible characters before the sign (spaces, controls, format characters, marks) do not hide it, and its
    full-width and small forms count as well: some spreadsheets drop the former and accept the latter.
    """
    if not isinstance(value, str):
        return value
    first = next((char for char in value if not _is_unseen(char)), "")
    is_formula = unicodedata.normalize("NFKC", first)[:1] in FORMULA_SIGNS
    return f"'{value}" if value and (is_formula or value[0] in CONTROLS) else value


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in "CMZ" or char in UNSEEN_LETTERS


class Format(StrEnum):
    """The file format."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Table:
    """
    What an export reads: rows of one guild.

    Attributes:
        stem: the name of the file, before the dot.
        source: the table, or a join of tables.
        columns: names in the file; `at` and `..._at` are instants, `id` and `..._id` ids.
        key: columns that order and page the rows; unique together.
        where: which rows; its one `?` is the guild.
        hidden: columns that are only read for the order.
        columns_of: the table's names of columns that have another name in the file.

    """

    stem: str
    source: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    where: str = "guild_id = ?"
    hidden: frozenset[str] = frozenset()
    columns_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[str]:
        """The columns that are written."""
        return [name for name in self.columns if name not in self.hidden]

    def own(self, name: str) -> str:
        """Return the database's name of a column."""
        return self.columns_of.get(name, name)


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export."""

    name: str
    content: bytes
    rows: int


class Exporter:
    """Exports the tables of a guild."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def rows(self, guild_id: int, table: Table) -> AsyncIterator[dict[str, Value]]:
        """Yield every row in order of its key; ids as text, since spreadsheets would round them."""
        last: tuple[Value, ...] | None = None
        while True:
            found = await self._store.read(partial(page, table=table, guild_id=guild_id, after=last))
            for row in found:
                named = zip(table.columns, row, strict=True)
                yield {name: readable(name, value) for name, value in named if name not in table.hidden}
            if len(found) < ROWS_A_PAGE:
                return
            last = tuple(found[-1][table.columns.index(name)] for name in table.key)

    async def export(self, guild_id: int, table: Table, form: Format) -> Exported:
        """
        Write one export, compressed if it is large.

        Raises:
            NeedsOperator: it is larger than Discord accepts.

        """
        import gzip  # imported here to save memory: exports are rare

        plain = io.BytesIO()
        packed = gzip.GzipFile(fileobj=plain, mode="wb", mtime=0)
        written = 0
        count = 0
        writer = _Writer(packed, form, table.shown)
        async for row in self.rows(guild_id, table):
            written += writer.add(row)
            count += 1
            if plain.tell() > LARGEST_FILE:
                raise NeedsOperator(
                    f"That is more than {LARGEST_FILE // 1024 // 1024} MB even when compressed.",
                    remedy="Whoever runs the bot has it all in the database.",
                )
        written += writer.end()
        packed.close()
        stem = f"{table.stem}.{form.value}"
        if written <= PLAIN_UP_TO:
            return Exported(stem, gzip.decompress(plain.getvalue()), count)
        return Exported(f"{stem}.gz", plain.getvalue(), count)


class _Out(Protocol):
    def write(self, data: bytes, /) -> int: ...


class _Writer:
    """Writes rows in one of the formats and returns how many bytes each took."""

    def __init__(self, out: _Out, form: Format, columns: Sequence[str]) -> None:
        self._out = out
        self._form = form
        self._rows = 0
        self._csv = CsvRows(columns)

    def add(self, row: Mapping[str, Value]) -> int:
        first, self._rows = self._rows == 0, self._rows + 1
        if self._form is Format.JSON:
            return self._put((b"[\n" if first else b",\n") + orjson.dumps(row))
        return self._put((self._csv.header() if first else b"") + self._csv.row(row))

    def end(self) -> int:
        if self._form is Format.JSON:
            return self._put(b"\n]\n" if self._rows else b"[]\n")
        return 0 if self._rows else self._put(self._csv.header())

    def _put(self, data: bytes) -> int:
        self._out.write(data)
        return len(data)


def page(tx: Transaction, table: Table, guild_id: int, after: tuple[Value, ...] | None) -> list[tuple[Value, ...]]:
    """Return a page of the rows after the key `after`."""
    where, params = [table.where], [guild_id]
    key = [table.own(name) for name in table.key]
    if after is not None:
        # The second condition implies the first; engines that use no index for the second use it for the first.
        where += [f"{key[0]} >= ?", f"({', '.join(key)}) > ({', '.join('?' * len(key))})"]
        params += (after[0], *after)  # type: ignore[arg-type]
    columns = ", ".join(table.own(name) for name in table.columns)
    sql = f"SELECT {columns} FROM {table.source} WHERE {' AND '.join(where)}"  # noqa: S608 - our own names
    rows = tx.all(f"{sql} ORDER BY {', '.join(key)} LIMIT {ROWS_A_PAGE}", params)
    return [tuple(row) for row in rows]


def readable(name: str, value: Value) -> Value:
    """Return a value for people: instants in ISO 8601, ids as text, since spreadsheets would round them."""
    if (name == "at" or name.endswith("_at")) and isinstance(value, int):
        return from_millis(value).isoformat()
    return str(value) if (name == "id" or name.endswith("_id")) and value is not None else value
