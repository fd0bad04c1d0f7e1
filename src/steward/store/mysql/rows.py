"""Rows that are read by name or by position; asyncmy gives tuples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar


class MysqlRow(tuple[Any, ...]):
    """See `steward.store.transaction.Row`."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    def __getitem__(self, key: Any, /) -> Any:
        return super().__getitem__(self.places[key] if isinstance(key, str) else key)

    def keys(self) -> Sequence[str]:
        """Return the column names in their order."""
        return list(self.places)


def named(rows: Iterable[tuple[Any, ...]], names: Sequence[str]) -> list[MysqlRow]:
    """Return the rows with the names of their columns, sums of whole numbers as whole numbers."""
    # A class for each answer: the names lie there once, not in every row.
    kind = type("MysqlRow", (MysqlRow,), {"__slots__": (), "places": {name: place for place, name in enumerate(names)}})
    return [kind(_plain(row)) for row in rows]


def _plain(row: tuple[Any, ...]) -> Iterator[Any]:
    for value in row:
        yield _number(value) if type(value) is Decimal else value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
