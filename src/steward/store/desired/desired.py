"""
What Discord should show, in SQL: a row an item, marked in the transaction that changes what it should show.

What that is stands in a bot's own tables and is read when it is written (`steward.client.posts.desired_state`): nothing
queues up, and only the newest is ever sent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from steward.store.dialect import chunks, marks
from steward.store.instants import to_millis
from steward.store.transaction import Transaction, Value

LONGEST_REST = timedelta(minutes=10)
"""Nothing rests longer between two tries."""

_LONGEST_REST_MS = LONGEST_REST // timedelta(milliseconds=1)
_ITEMS = "SELECT kind, number, name, guild_id, lane, revision, shown, ref, attempts, problem FROM desired"
_MARK = "UPDATE desired SET revision = revision + 1, dirty = CASE WHEN waits_for IS NULL THEN 1 ELSE 0 END"
_ITSELF = " WHERE kind = ? AND number = ? AND name = ?"
_NOW = "dirty = 1 AND (not_before <= ? OR not_before > ?)"  # longer than anything rests: the clock was wrong


@dataclass(frozen=True, slots=True)
class DesiredItem:
    """
    One thing that should be shown.

    Attributes:
        number: of what: of an event, a poll.
        name: which of its kind and number; mostly empty.
        lane: what is in it is written one after the other: a channel or a guild.
        revision: of what should be shown.
        shown: the revision that is.
        ref: Discord's id of what is there; None for nothing.
        attempts: that have failed in a row.
        problem: what stands in the way, a sentence; None for nothing.

    """

    kind: str
    number: int
    name: str
    guild_id: int
    lane: int
    revision: int
    shown: int
    ref: int | None
    attempts: int
    problem: str | None

    @property
    def is_shown(self) -> bool:
        """Whether it shows what it should."""
        return self.shown == self.revision


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What has come of a write.

    Attributes:
        ref: Discord's id of what is there now; None for nothing.
        problem: what people are told although nothing is to be tried again; None for nothing.

    """

    ref: int | None
    problem: str | None = None


def topic(kind: str) -> str:
    """Name what is announced whenever there may be something to write of a kind."""
    return f"desired {kind}"


def put(tx: Transaction, kind: str, number: int, *, guild_id: int, lane: int, name: str = "") -> None:
    """Have something shown; what is there already is looked at again."""
    row = {"kind": kind, "number": number, "name": name, "guild_id": guild_id, "lane": lane}
    if tx.insert_new("desired", row | {"revision": tx.now_ms, "shown": 0, "dirty": 1}):
        tx.notify(topic(kind))
    else:
        mark(tx, kind, number)


def promise(tx: Transaction, kind: str, number: int, *, guild_id: int, lane: int, key: str) -> None:
    """Have something shown by a message of the outbox, in place of what was shown before; `key` names the message."""
    values = {"guild_id": guild_id, "lane": lane, "ref": None, "dirty": 0, "waits_for": key}
    rested = {"not_before": 0, "attempts": 0, "problem": None}
    row = {"kind": kind, "number": number, "name": "", "revision": tx.now_ms, "shown": tx.now_ms}
    if not tx.insert_new("desired", row | values):
        changes = ", ".join(f"{column} = ?" for column in values | rested)
        sql = f"UPDATE desired SET {changes}, shown = revision{_ITSELF}"  # noqa: S608 - ours
        tx.execute(sql, (*(values | rested).values(), kind, number, ""))


def mark(tx: Transaction, kind: str, number: int) -> None:
    """Note that what was put of a number should show something else; it locks the row."""
    mark_some(tx, kind, [number])


def mark_some(tx: Transaction, kind: str, numbers: Collection[int]) -> None:
    """Note that what was put of some numbers should show something else; it locks their rows, the lowest first."""
    changed = 0
    for some in chunks(sorted(numbers)):
        changed += tx.execute(f"{_MARK} WHERE kind = ? AND number IN ({marks(some)})", (kind, *some))
    if changed:
        tx.notify(topic(kind))


def forget(tx: Transaction, kinds: Collection[str], number: int) -> int:
    """Have nothing of a number shown any more, and return how many rows went; Discord keeps what it has."""
    return tx.execute(f"DELETE FROM desired WHERE kind IN ({marks(kinds)}) AND number = ?", (*kinds, number))  # noqa: S608


def free(tx: Transaction, key: str) -> None:
    """Look at what has waited for a message: it was sent, or given up."""
    for (kind,) in tx.all("SELECT DISTINCT kind FROM desired WHERE waits_for = ?", (key,)):
        tx.execute("UPDATE desired SET dirty = 1, waits_for = NULL WHERE waits_for = ? AND kind = ?", (key, kind))
        tx.notify(topic(kind))


def review(tx: Transaction, kind: str) -> list[tuple[DesiredItem, str]]:
    """Look at whatever waits for a message that is not on its way, and return what has a problem, with the sentence."""
    tx.execute(
        "UPDATE desired SET dirty = 1, waits_for = NULL WHERE kind = ? AND waits_for IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE message_key = waits_for AND state = 'waiting')",
        (kind,),
    )
    rows = tx.all(f"{_ITEMS} WHERE kind = ? AND problem IS NOT NULL ORDER BY number, name", (kind,))
    return [(DesiredItem(*row), row["problem"]) for row in rows]


def find(tx: Transaction, kind: str, number: int) -> DesiredItem | None:
    """Return what was put of a number; None for nothing."""
    row = tx.one(_ITEMS + _ITSELF, (kind, number, ""))
    return None if row is None else DesiredItem(*row)


def number_of(tx: Transaction, kind: str, ref: int) -> int | None:
    """Return the number of what Discord has under an id; None where that is nothing of ours."""
    number: int | None = tx.value("SELECT number FROM desired WHERE kind = ? AND ref = ?", (kind, ref))
    return number


def lanes(tx: Transaction, kind: str) -> tuple[list[tuple[int, int]], int | None]:
    """Return the lanes in which something can be written now, each with its guild, and when there is more, in ms."""
    now, latest = tx.now_ms, tx.now_ms + _LONGEST_REST_MS
    sql = f"SELECT lane, guild_id, MIN(not_before) FROM desired WHERE kind = ? AND {_NOW}"  # noqa: S608 - ours
    found = tx.all(f"{sql} GROUP BY lane, guild_id ORDER BY 3, 1", (kind, now, latest))
    upcoming = "SELECT MIN(not_before) FROM desired WHERE kind = ? AND dirty = 1 AND not_before > ? AND not_before <= ?"
    return [(lane, guild_id) for lane, guild_id, _ in found], tx.value(upcoming, (kind, now, latest))


def first(tx: Transaction, kind: str, lane: int) -> DesiredItem | None:
    """Return what is written next in a lane, if anything can be now: what was left alone for longest."""
    sql = f"{_ITEMS} WHERE kind = ? AND lane = ? AND {_NOW} ORDER BY not_before, number, name LIMIT 1"
    row = tx.one(sql, (kind, lane, tx.now_ms, tx.now_ms + _LONGEST_REST_MS))
    return None if row is None else DesiredItem(*row)


def note(tx: Transaction, item: DesiredItem, outcome: Outcome | None, not_before: datetime) -> None:
    """
    Note what has come of a write, and when the next is allowed; None ends the item.

    Marked meanwhile, it stays dirty. Shown by another process or promised anew, it becomes so: which of the two writes
    came last, nobody knows.
    """
    if outcome is None:
        tx.execute(f"DELETE FROM desired{_ITSELF} AND revision = ?", (*_key(item), item.revision))  # noqa: S608 - ours
        return
    changed = tx.execute(
        "UPDATE desired SET shown = ?, ref = ?, problem = ?, not_before = ?, attempts = 0,"  # noqa: S608 - ours
        f" dirty = CASE WHEN revision = ? THEN 0 ELSE 1 END{_ITSELF}"
        " AND shown <= ? AND waits_for IS NULL AND COALESCE(ref, 0) = ?",
        (
            *(item.revision, outcome.ref, outcome.problem, to_millis(not_before), item.revision),
            *(*_key(item), item.revision, item.ref or 0),
        ),
    )
    if not changed:
        mark(tx, item.kind, item.number)


def wait(tx: Transaction, item: DesiredItem, key: str) -> None:
    """Leave an item alone until a message is sent or given up; one that is not on its way is waited for no more."""
    sql = (
        f"UPDATE desired SET dirty = 0, waits_for = ?{_ITSELF}"  # noqa: S608 - ours
        " AND EXISTS (SELECT 1 FROM outbox WHERE message_key = ? AND state = 'waiting')"
    )
    tx.execute(sql, (key, *_key(item), key))


def rest(tx: Transaction, item: DesiredItem, until: datetime, problem: str | None) -> None:
    """Have an item that could not be written left alone until an instant."""
    sql = f"UPDATE desired SET not_before = ?, attempts = attempts + 1, problem = ?{_ITSELF} AND waits_for IS NULL"  # noqa: S608
    tx.execute(sql, (to_millis(until), problem, *_key(item)))


def _key(item: DesiredItem) -> tuple[Value, ...]:
    return item.kind, item.number, item.name
