"""
What is due once, in SQL: a row until its effect is committed, together with the end of the row.

Of what is done nothing is remembered: put again, it is due again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.store.dialect import marks
from steward.store.instants import from_millis, to_millis
from steward.store.transaction import Row, Transaction, Value

TOPIC = "due"
"""Announced whenever there may be something to do earlier than was known."""

LONGEST_REST = timedelta(minutes=10)
"""Nothing rests longer between two tries."""

_ITEMS = "SELECT kind, number, name, guild_id, at, attempts, problem FROM due"


@dataclass(frozen=True, slots=True)
class DueItem:
    """
    One thing that is due.

    Attributes:
        number: of what: of an event, a poll.
        name: which of its kind and number; empty where there is one only.
        due_at: when, in milliseconds since 1970.
        attempts: how often it has failed.

    """

    kind: str
    number: int
    name: str
    guild_id: int
    due_at: int
    attempts: int = 0

    @property
    def at(self) -> datetime:
        """When it is due, an instant."""
        return from_millis(self.due_at)


def put(tx: Transaction, kind: str, number: int, at: datetime, *, guild_id: int, name: str = "") -> None:
    """Have something done at an instant; what waits under the same kind, number and name is moved there."""
    due_at = to_millis(at)
    row = {"kind": kind, "number": number, "name": name, "guild_id": guild_id, "at": due_at, "try_at": due_at}
    if not tx.insert_new("due", row):
        tx.execute(
            "UPDATE due SET at = ?, try_at = ?, attempts = 0, problem = NULL"
            " WHERE kind = ? AND number = ? AND name = ? AND at <> ?",
            (due_at, due_at, kind, number, name, due_at),
        )
    tx.notify(TOPIC)


def waiting(tx: Transaction, kinds: Collection[str], number: int) -> list[DueItem]:
    """Return what is yet to be done of a number."""
    sql = f"{_ITEMS} WHERE kind IN ({marks(kinds)}) AND number = ? ORDER BY kind, name"
    return [_read(row) for row in tx.all(sql, (*kinds, number))]


def forget(tx: Transaction, kinds: Collection[str], number: int) -> int:
    """Have nothing more done of a number; return how much there was."""
    return tx.execute(f"DELETE FROM due WHERE kind IN ({marks(kinds)}) AND number = ?", (*kinds, number))  # noqa: S608


def drop(tx: Transaction, item: DueItem) -> bool:
    """Let go of an item; False if it is done, moved or forgotten already."""
    return tx.execute(f"DELETE FROM due{_ITSELF}", _key(item)) == 1  # noqa: S608 - ours


def guilds(tx: Transaction, kinds: Collection[str]) -> tuple[list[int], int | None]:
    """Return the guilds of which something can be done now, the earliest first, and when there is more, in ms."""
    which = f"kind IN ({marks(kinds)})"
    sql = f"SELECT guild_id, MIN(try_at) FROM due WHERE try_at <= ? AND {which} GROUP BY guild_id ORDER BY 2, 1"  # noqa: S608
    found = [row[0] for row in tx.all(sql, (tx.now_ms, *kinds))]
    upcoming = tx.value(f"SELECT MIN(try_at) FROM due WHERE try_at > ? AND {which}", (tx.now_ms, *kinds))  # noqa: S608
    return found, upcoming


def first(tx: Transaction, kinds: Collection[str], guild_id: int) -> DueItem | None:
    """Return what is to be done next of a guild, if anything can be done now."""
    row = tx.one(
        f"{_ITEMS} WHERE try_at <= ? AND guild_id = ? AND kind IN ({marks(kinds)})"
        " ORDER BY try_at, number, kind, name LIMIT 1",
        (tx.now_ms, guild_id, *kinds),
    )
    return None if row is None else _read(row)


def put_off(tx: Transaction, item: DueItem, until: datetime, problem: str | None) -> None:
    """Have an item that has failed tried again at an instant."""
    sql = f"UPDATE due SET try_at = ?, attempts = attempts + 1, problem = ?{_ITSELF}"  # noqa: S608 - ours
    tx.execute(sql, (to_millis(until), problem, *_key(item)))


def end_rests(tx: Transaction) -> None:
    """Have tried now what rests longer than anything does: the clock was wrong."""
    sql = "UPDATE due SET try_at = at WHERE attempts > 0 AND try_at > ?"
    tx.execute(sql, (to_millis(tx.now + LONGEST_REST),))


def problems(tx: Transaction, kinds: Collection[str]) -> list[tuple[DueItem, str]]:
    """Return what keeps failing, each with the sentence that says so."""
    sql = f"{_ITEMS} WHERE kind IN ({marks(kinds)}) AND problem IS NOT NULL ORDER BY number, kind, name"
    return [(_read(row), row["problem"]) for row in tx.all(sql, tuple(kinds))]


_ITSELF = " WHERE kind = ? AND number = ? AND name = ? AND at = ?"


def _key(item: DueItem) -> tuple[Value, ...]:
    return item.kind, item.number, item.name, item.due_at


def _read(row: Row) -> DueItem:
    return DueItem(row["kind"], row["number"], row["name"], row["guild_id"], row["at"], row["attempts"])
