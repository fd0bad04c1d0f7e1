"""What MariaDB's and MySQL's information_schema knows about tables."""

from __future__ import annotations

from collections.abc import Iterator

from steward.store.server.session import DatabaseSession
from steward.store.weakness import TABLES_LISTED, Weakness

FREE_SHARE, FREE_BYTES = 0.2, 16_000_000  # InnoDB keeps some megabytes free in each large table


def indexes(session: DatabaseSession) -> set[str]:
    sql = "SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()"
    return {row[0] for row in session.execute(sql).fetchall()}


def rows_by_table(session: DatabaseSession) -> dict[str, int]:
    """Return the server's estimate of the rows in each table."""
    return {name: rows for name, _, rows, _ in _tables(session)}


def weaknesses(session: DatabaseSession) -> Iterator[Weakness]:
    """Yield what could be better about tables, and the largest tables."""
    tables = _tables(session)
    for name, size, _, free in tables:
        if free >= FREE_BYTES and free >= FREE_SHARE * (size + free):
            figure = f"{name}: {free / 1e6:.1f} of {(size + free) / 1e6:.1f} MB are free, left by deleted rows"
            yield Weakness("Wasted space", figure, "Rebuild the table.", free, (f'OPTIMIZE TABLE "{name}"',))
    for name, size, rows, _ in tables[:TABLES_LISTED]:
        yield Weakness("Large table", f"{name}: {size / 1e6:.1f} MB, about {rows:,} rows", "", size)


def _tables(session: DatabaseSession) -> list[tuple[str, int, int, int]]:
    sql = (
        "SELECT table_name, data_length + index_length, table_rows, data_free FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 2 DESC, 1"
    )
    return [(row[0], int(row[1] or 0), int(row[2] or 0), int(row[3] or 0)) for row in session.execute(sql).fetchall()]
