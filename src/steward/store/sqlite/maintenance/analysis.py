"""Find what could be better about an SQLite database, with figures, the most important first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from steward.store.backup.blueprint import blueprint
from steward.store.migrate import Schema
from steward.store.sqlite.connections import open_reader
from steward.store.weakness import ROWS_WORTH_STATISTICS, TABLES_LISTED, Weakness, missing_index, ranked

WASTED_SHARE, WASTED_BYTES = 0.10, 1_000_000
LOG_BYTES = 32_000_000  # twice the size after a checkpoint


def analyse(path: Path, schema: Schema) -> list[Weakness]:
    """
    Analyse a database, which a bot may be using.

    Raises:
        sqlite3.DatabaseError: the file is no database, or damaged.

    """
    with closing(open_reader(path)) as connection:
        found = [
            *_missing_indexes(connection, schema),
            *_wasted_pages(connection),
            *_missing_statistics(connection),
            *_long_log(path),
            *_largest_tables(connection),
        ]
    return ranked(found)


def _missing_indexes(connection: sqlite3.Connection, schema: Schema) -> Iterator[Weakness]:
    """Compare with the indexes of a new database."""
    wanted = blueprint(schema).indexes
    there, tables = _indexes(connection), _rows_by_table(connection)
    for name in sorted(wanted.keys() - there.keys()):
        table, _, sql = wanted[name]
        if table in tables:
            yield missing_index(name, table, tables[table], sql)


def _wasted_pages(connection: sqlite3.Connection) -> Iterator[Weakness]:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    wasted = free * size
    if wasted >= WASTED_BYTES and free >= WASTED_SHARE * pages:
        figure = f"{wasted / 1e6:.1f} of {pages * size / 1e6:.1f} MB are free pages, left by deleted rows"
        yield Weakness("Wasted space", figure, "Rebuild the file without them.", wasted, ("VACUUM",))


def _missing_statistics(connection: sqlite3.Connection) -> Iterator[Weakness]:
    known: set[str] = set()
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        known = {table for (table,) in connection.execute("SELECT DISTINCT tbl FROM sqlite_stat1")}
    large = {name: rows for name, rows in _rows_by_table(connection).items() if rows >= ROWS_WORTH_STATISTICS}
    unknown = sorted(large.keys() - known)
    if unknown:
        figure = f"SQLite has no statistics of {len(unknown)} large tables ({', '.join(unknown)})"
        weight = sum(large[name] for name in unknown)
        yield Weakness("Missing statistics", figure, "Gather them, for better query plans.", weight, ("ANALYZE",))


def _long_log(path: Path) -> Iterator[Weakness]:
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    if size >= LOG_BYTES:
        figure = f"the write-ahead log has {size / 1e6:.1f} MB: every read searches it"
        yield Weakness("Long log", figure, "Checkpoint it into the file.", size, ("PRAGMA wal_checkpoint(TRUNCATE)",))


def _largest_tables(connection: sqlite3.Connection) -> Iterator[Weakness]:
    try:
        sizes = dict(connection.execute("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name").fetchall())
    except sqlite3.OperationalError:  # this SQLite was built without dbstat
        return
    tables = _rows_by_table(connection)
    indexes = {name: table for name, (table, _) in _indexes(connection).items()}
    total: dict[str, int] = {}
    for name, size in sizes.items():
        table = indexes.get(name, name)
        if table in tables:
            total[table] = total.get(table, 0) + size
    for table, size in sorted(total.items(), key=lambda item: -item[1])[:TABLES_LISTED]:
        figure = f"{table}: {size / 1e6:.1f} MB, {tables[table]:,} rows"
        yield Weakness("Large table", figure, "", size)


def _rows_by_table(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from the database itself
        for (name,) in names.fetchall()
    }


def _indexes(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return the table and the SQL of each index made by a statement."""
    rows = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return {name: (table, sql) for name, table, sql in rows}
