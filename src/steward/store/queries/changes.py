"""Which tables each commit has written, by the SQL of its statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

Tables = frozenset[str]
"""Names of tables, in lower case."""

NONE: Tables = frozenset()
UNKNOWN = "?"
"""Stands for an unknown statement: another program has written."""

_NAME = r'(?:["`]?\w+["`]?\.)?["`]?(\w+)["`]?'
# A statement of another form, such as UPDATE ONLY or a list of tables, counts as writing any table.
_WRITES = re.compile(
    rf"""\s*(?:
        (?:INSERT(?:\s+OR\s+\w+|\s+IGNORE)?|REPLACE)\s+INTO\s+{_NAME}(?![\w.])
        | UPDATE\s+{_NAME}\s+SET\b
        | DELETE\s+FROM\s+{_NAME}\s*(?:WHERE\b|;|$)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_READS = re.compile(r"\s*(?:SELECT|VALUES)\b(?!.*\bINTO\b)", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=256)
def written(sql: str) -> Tables | None:
    """Return the tables that a statement writes; None if unknown, as for CREATE or ALTER."""
    if ";" in sql.rstrip().removesuffix(";"):
        return None
    if _READS.match(sql):
        return NONE
    match = _WRITES.match(sql)
    if match is None:
        return None
    return frozenset(name.lower() for name in match.groups() if name is not None)


@lru_cache(maxsize=128)
def may_read(sql: str) -> Tables:
    """Return the tables that a statement may read: all its words, so that none is missing."""
    return frozenset(_WORD.findall(sql.lower()))


class Changes:
    """
    Numbers the commits of one store and tracks the tables they wrote; on the event loop's thread only.

    The tables come from the SQL of the units of work. The schema has no views, triggers or cascades, which would
    change tables that a statement does not name.

    Attributes:
        number: of the last commit.

    """

    def __init__(self) -> None:
        self.number = 0
        self._last: dict[str, int] = {}
        self._last_unknown = 0
        self._watchers: list[Callable[[Tables | None], None]] = []

    def watch(self, watcher: Callable[[Tables | None], None]) -> None:
        """Call `watcher` after each commit with the tables that were written; None if it may be any."""
        self._watchers.append(watcher)

    def note(self, statements: Iterable[str]) -> None:
        """Note a commit of these statements, before its callers are released."""
        tables: set[str] = set()
        for sql in statements:
            of_one = written(sql)
            if of_one is None:
                self._announce(None)
                return
            tables |= of_one
        if tables:
            self._announce(frozenset(tables))

    def since(self, number: int, tables: Collection[str]) -> bool:
        """Tell whether one of these tables may have been written after the commit of that number."""
        if self.number == number:
            return False
        return self._last_unknown > number or any(self._last.get(table, 0) > number for table in tables)

    def _announce(self, tables: Tables | None) -> None:
        self.number += 1
        if tables is None:
            self._last_unknown = self.number
        else:
            self._last.update(dict.fromkeys(tables, self.number))
        for watcher in self._watchers:
            watcher(tables)
