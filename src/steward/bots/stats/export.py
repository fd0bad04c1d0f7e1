"""All that is kept of a guild, as CSV or JSON: read page by page, so that any amount takes the same memory."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

import orjson

from steward.bots.stats.calendar import Level
from steward.errors import NeedsOperator
from steward.store import Store, Transaction, Value, from_millis

PAGE = 1000
LARGEST = 8 * 1024 * 1024  # Discord takes 10 MiB a file
PLAIN_UP_TO = 1024 * 1024  # larger ones are compressed


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSON = "json"


class Kept(StrEnum):
    """What is exported."""

    EVENTS = "joins, leaves, bans"
    DAYS = "each day"
    HOURS = "each hour"
    CHANNELS = "each channel"
    MEMBERS = "each member"


@dataclass(frozen=True, slots=True)
class _Table:
    """
    Where it is kept.

    Attributes:
        columns: as they are written, by name; `at` is an instant.
        key: what orders and pages the rows.
        level: of series; None for single rows.

    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    level: Level | None = None


_FLOWS = ("joins", "leaves", "kicks", "banned", "unbanned", "messages", "voice_seconds")
_SERIES = ("at", "members", "online", "bans", "peak_online", "peak_voice", *_FLOWS)
_TABLES: Mapping[Kept, _Table] = {
    Kept.EVENTS: _Table("member_events", ("id", "at", "kind", "user_id", "name"), ("at", "id")),
    Kept.DAYS: _Table("stats_series", _SERIES, ("at",), Level.DAY),
    Kept.HOURS: _Table("stats_series", _SERIES, ("at",), Level.HOUR),
    Kept.CHANNELS: _Table(
        "stats_channels", ("at", "channel_id", "messages", "voice_seconds"), ("at", "channel_id"), Level.DAY
    ),
    Kept.MEMBERS: _Table("stats_members", ("at", "user_id", "messages", "voice_seconds"), ("at", "user_id"), Level.DAY),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export: its file's name, its content, how many rows it has."""

    name: str
    content: bytes
    rows: int


class Exporter:
    """Writes what is kept of a guild."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def rows(self, guild_id: int, kept: Kept) -> AsyncIterator[dict[str, Value]]:
        """Yield every row in order of time; ids as text, for spreadsheets would round them."""
        table = _TABLES[kept]
        last: tuple[Value, ...] | None = None
        while True:
            page = await self._store.read(partial(_page, table=table, guild_id=guild_id, after=last))
            for row in page:
                yield {
                    name: _shown(name, value) for name, value in zip(table.columns, row, strict=True) if name != "id"
                }
            if len(page) < PAGE:
                return
            last = tuple(page[-1][table.columns.index(name)] for name in table.key)

    async def export(self, guild_id: int, kept: Kept, form: Format) -> Exported:
        """
        Write one export, compressed where it is large.

        Raises:
            NeedsOperator: it is larger than Discord takes.

        """
        import gzip  # here and below: seldom used, and the bot is to stay small

        plain = io.BytesIO()
        packed = gzip.GzipFile(fileobj=plain, mode="wb", mtime=0)
        written = 0
        count = 0
        writer = _Writer(packed, form, [name for name in _TABLES[kept].columns if name != "id"])
        async for row in self.rows(guild_id, kept):
            written += writer.add(row)
            count += 1
            if plain.tell() > LARGEST:
                raise NeedsOperator(
                    f"That is more than {LARGEST // 1024 // 1024} MB even when compressed.",
                    remedy="Whoever runs the bot has it all in the database.",
                )
        written += writer.end()
        packed.close()
        stem = f"{kept.name.lower()}.{form.value}"
        if written <= PLAIN_UP_TO:
            return Exported(stem, gzip.decompress(plain.getvalue()), count)
        return Exported(f"{stem}.gz", plain.getvalue(), count)


class _Out(Protocol):
    def write(self, data: bytes, /) -> int: ...


class _Writer:
    """Writes rows in one of the formats and says how many bytes each took."""

    def __init__(self, out: _Out, form: Format, columns: Sequence[str]) -> None:
        import csv

        self._out = out
        self._form = form
        self._columns = columns
        self._rows = 0
        self._line = io.StringIO()
        self._csv = csv.DictWriter(self._line, columns, lineterminator="\r\n")

    def add(self, row: Mapping[str, Value]) -> int:
        """Write one row."""
        first, self._rows = self._rows == 0, self._rows + 1
        if self._form is Format.JSON:
            return self._put((b"[\n" if first else b",\n") + orjson.dumps(row))
        if first:
            self._csv.writeheader()
        self._csv.writerow({name: _harmless(value) for name, value in row.items()})
        return self._flush()

    def end(self) -> int:
        """Write what comes after the last row."""
        if self._form is Format.JSON:
            return self._put(b"\n]\n" if self._rows else b"[]\n")
        if not self._rows:
            self._csv.writeheader()
        return self._flush()

    def _flush(self) -> int:
        text = self._line.getvalue()
        self._line.seek(0)
        self._line.truncate()
        return self._put(text.encode())

    def _put(self, data: bytes) -> int:
        self._out.write(data)
        return len(data)


def _page(tx: Transaction, table: _Table, guild_id: int, after: tuple[Value, ...] | None) -> list[tuple[Value, ...]]:
    where, params = ["guild_id = ?"], [guild_id]
    if table.level is not None:
        where.append("level = ?")
        params.append(int(table.level))
    if after is not None:
        where.append(f"({', '.join(table.key)}) > ({', '.join('?' * len(table.key))})")
        params += after  # type: ignore[arg-type]
    sql = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE {' AND '.join(where)}"  # noqa: S608 - our own names
    rows = tx.all(f"{sql} ORDER BY {', '.join(table.key)} LIMIT {PAGE}", params)
    return [tuple(row) for row in rows]


def _shown(name: str, value: Value) -> Value:
    if name == "at" and isinstance(value, int):
        return from_millis(value).isoformat()
    return str(value) if name.endswith("_id") else value


def _harmless(value: Value) -> Value:
    """Keep a spreadsheet from taking a member's name for a formula (CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
