"""Who was forgotten in this season: they get no second starting balance. Kept as stand-ins, without ids."""

from __future__ import annotations

from steward.bots.bets.stand_ins import known_stand_in, stand_in
from steward.store import Transaction


def note_former_member(tx: Transaction, guild_id: int, user_id: int, claimed_ms: int) -> None:
    """
    Keep that a member who is about to be forgotten had the starting balance.

    Args:
        claimed_ms: when they last claimed; 0 for never.

    """
    tx.upsert(
        "bet_former_members",
        key={"guild_id": guild_id, "member_stand_in": stand_in(tx, guild_id, user_id)},
        values={"claimed_at": claimed_ms, "at": tx.now_ms},
    )


def former_claim(tx: Transaction, guild_id: int, user_id: int) -> int | None:
    """Return when a member who was forgotten in this season had last claimed; None for whoever was not."""
    found = known_stand_in(tx, guild_id, user_id)
    sql = "SELECT claimed_at FROM bet_former_members WHERE guild_id = ? AND member_stand_in = ?"
    claimed_ms: int | None = None if found is None else tx.value(sql, (guild_id, found))
    return claimed_ms


def kept_of_former_member(tx: Transaction, guild_id: int, user_id: int) -> list[dict[str, int]]:
    """Return what is kept of a member who was forgotten in this season, for `/privacy`."""
    claimed_ms = former_claim(tx, guild_id, user_id)
    return [] if claimed_ms is None else [{"claimed_at": claimed_ms}]


def begin_anew(tx: Transaction, guild_id: int) -> None:
    """Drop who was forgotten: with a new season everybody gets the starting balance."""
    tx.execute("DELETE FROM bet_former_members WHERE guild_id = ?", (guild_id,))
