"""Members as listeners: the number under which a member's taste is kept, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.listening import forget_listener
from steward.store import Transaction
from steward.store.due import due

IMPORT = "music_import"
"""The kind of due work that imports a history; its number is the listener's."""
DAY_MS = 86_400_000

_OF_LISTENER = (
    "music_links",
    "music_listens",
    "music_favourites",
    "music_opinions",
    "music_shown",
    "music_playlist_tracks",
    "music_playlists",
)


def listener_of(tx: Transaction, user_id: int) -> int | None:
    """Return a member's number as a listener; None if nothing is kept of them."""
    found: int | None = tx.value("SELECT listener FROM music_members WHERE user_id = ?", (user_id,))
    return found


def own_listener(tx: Transaction, user_id: int) -> int:
    """Return the number of a member who uses the bot now; they get one if they have none."""
    row = tx.one("SELECT listener, used_at FROM music_members WHERE user_id = ?", (user_id,))
    if row is None:
        tx.insert_new("music_members", {"user_id": user_id, "at": tx.now_ms, "used_at": tx.now_ms})
        found: int = tx.value("SELECT listener FROM music_members WHERE user_id = ?", (user_id,))
        return found
    if tx.now_ms - row["used_at"] > DAY_MS:
        tx.execute("UPDATE music_members SET used_at = ? WHERE listener = ?", (tx.now_ms, row["listener"]))
    return int(row["listener"])


def users_of(tx: Transaction, listeners: Iterable[int]) -> dict[int, int]:
    """Return whose each of some listeners is; those who are nobody's are left out."""
    sql = "SELECT listener, user_id FROM music_members WHERE listener IN ({})"
    return dict(map(tuple, rows_in(tx, sql, sorted(listeners))))


def listeners_of(tx: Transaction, users: Iterable[int]) -> dict[int, int]:
    """Return the number of each of some members; those of whom nothing is kept are left out."""
    sql = "SELECT user_id, listener FROM music_members WHERE user_id IN ({})"
    return dict(map(tuple, rows_in(tx, sql, sorted(users))))


def forget_taste(tx: Transaction, user_id: int) -> int:
    """Delete all that is kept of a member, in all servers, and return how many rows that were."""
    rows = tx.execute("DELETE FROM music_sharing WHERE user_id = ?", (user_id,))
    listener = listener_of(tx, user_id)
    if listener is None:
        return rows
    due.forget(tx, (IMPORT,), listener)
    for table in _OF_LISTENER:
        rows += tx.execute(f"DELETE FROM {table} WHERE listener = ?", (listener,))  # noqa: S608 - ours
    rows += forget_listener(tx, listener)
    return rows + tx.execute("DELETE FROM music_members WHERE listener = ?", (listener,))
