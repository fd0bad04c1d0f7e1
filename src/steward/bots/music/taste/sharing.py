"""Who lets the members of a server see their taste: nobody, unless they say so there."""

from __future__ import annotations

from collections.abc import Iterable

from steward.bots.music.catalogue.lookups import rows_in
from steward.bots.music.recommend.listening import keep_norms
from steward.bots.music.taste.members import listener_of, own_listener
from steward.store import Transaction


def share_taste(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Let the members of a server see a member's taste, and be recommended by it."""
    listener = own_listener(tx, user_id)
    tx.insert_new("music_sharing", {"guild_id": guild_id, "user_id": user_id, "at": tx.now_ms})
    keep_norms(tx, listener, listener)


def hide_taste(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Hide a member's taste again."""
    tx.execute("DELETE FROM music_sharing WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))
    listener = listener_of(tx, user_id)
    if listener is not None:
        keep_norms(tx, listener, listener)


def shares_taste(tx: Transaction, guild_id: int, user_id: int) -> bool:
    """Return whether a member lets others of a server see their taste."""
    sql = "SELECT 1 FROM music_sharing WHERE guild_id = ? AND user_id = ?"
    return tx.value(sql, (guild_id, user_id)) is not None


def who_shares(tx: Transaction, guild_id: int, users: Iterable[int]) -> set[int]:
    """Return those of some members who let others of a server see their taste."""
    sql = "SELECT user_id FROM music_sharing WHERE guild_id = ? AND user_id IN ({})"
    return {user_id for (user_id,) in rows_in(tx, sql, sorted(users), guild_id)}
