"""What MariaDB and MySQL say differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steward.store.dialect import changed, insertion


class MysqlDialect:
    """MariaDB and MySQL, with ANSI quotes; `VALUES(column)` is what both know as the new value."""

    name = "mysql"
    auto_key = "BIGINT AUTO_INCREMENT PRIMARY KEY"
    blob = "MEDIUMBLOB"
    compact = ""
    unless_locked = " FOR UPDATE SKIP LOCKED"

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        # A comparison of rows would not use the index: it takes ranges, one for each column that comes to differ.
        ranges = []
        values: list[Any] = []
        for number, column in enumerate(columns):
            ranges.append(" AND ".join([*(f'"{equal}" = ?' for equal in columns[:number]), f'"{column}" > ?']))
            values += place[: number + 1]
        return f"({' OR '.join(f'({each})' for each in ranges)})", tuple(values)

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        # INSERT IGNORE would also swallow texts that are too long and references to nothing.
        column = columns[0]
        return f'{insertion(table, columns)} ON DUPLICATE KEY UPDATE "{column}" = {table}."{column}"'

    def upsert(
        self,
        table: str,
        *,
        key: Sequence[str],
        replace: Sequence[str] = (),
        add: Sequence[str] = (),
        peak: Sequence[str] = (),
    ) -> str:
        columns = (*key, *replace, *add, *peak)
        changes = changed(table, replace, add, peak, new=lambda column: f'VALUES("{column}")', greater="GREATEST")
        if not changes:
            return self.insert_new(table, columns)
        return f"{insertion(table, columns)} ON DUPLICATE KEY UPDATE {', '.join(changes)}"
