"""The data about one member of a guild, declared once for display, export and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from steward.store.transaction import Transaction, Value

Record = Mapping[str, Value]
Read = Callable[[Transaction, int, int], Sequence[Record]]
"""Returns the records about a user in a guild; called with the guild and the user."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """
    One kind of data about members.

    Attributes:
        name: its name in an export.
        holds: the columns with ids of members that it reads, as `table.column`. A test checks that each such column
            of the database is in one of these.
        read: returns the records; a value named `at` is the time, in milliseconds.
        say: summarises at least one record in a few words, as an item of a list; empty for what is told elsewhere.
        stays: whether it is kept when the member is forgotten, such as an opt-out.

    """

    name: str
    holds: frozenset[str]
    read: Read
    say: Callable[[Sequence[Record]], str]
    stays: bool = False


def selected(sql: str) -> Read:
    """Return a reader for the rows of a SELECT; its two `?` are the guild and the user, its columns name the values."""

    def read(tx: Transaction, guild_id: int, user_id: int) -> list[Record]:
        rows = tx.all(sql, (guild_id, user_id))
        return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a row, not a dict

    return read
