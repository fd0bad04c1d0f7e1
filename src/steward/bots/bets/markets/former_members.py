"""Who made a market, or had a say in its answer, and was forgotten: kept as stand-ins, until the market is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.bots.bets.stand_ins import known_stand_in, stand_in
from steward.store import Transaction

if TYPE_CHECKING:
    from steward.bots.bets.markets.market import MemberMarket


def note_part(tx: Transaction, market: MemberMarket, user_id: int) -> None:
    """Keep that a member who is about to be forgotten made a locked market or had a say in it, if they did."""
    said = "SELECT 1 FROM bet_market_steps WHERE market = ? AND user_id = ? AND step IN ('proposed', 'confirmed')"
    made = market.creator_id == user_id
    if made or tx.value(f"{said} LIMIT 1", (market.id, user_id)) is not None:
        member = {"guild_id": market.guild_id, "member_stand_in": stand_in(tx, market.guild_id, user_id)}
        tx.insert_new("bet_market_former_members", {**member, "market": market.id, "made": int(made)})


def formerly_made(tx: Transaction, market: MemberMarket, user_id: int) -> bool:
    """Whether a member made a market and was forgotten since."""
    return _made(tx, market, user_id) == 1


def formerly_had_say(tx: Transaction, market: MemberMarket, user_id: int) -> bool:
    """Whether a member made a market, or proposed or confirmed its answer, and was forgotten since."""
    return _made(tx, market, user_id) is not None


def kept_parts(tx: Transaction, guild_id: int, user_id: int) -> list[dict[str, int | str]]:
    """Return what is kept of a member who was forgotten, for `/privacy`."""
    found = known_stand_in(tx, guild_id, user_id)
    sql = (
        "SELECT m.made_at, m.question, f.made FROM bet_market_former_members f JOIN bet_markets m ON m.id = f.market"
        " WHERE f.guild_id = ? AND f.member_stand_in = ? ORDER BY m.id"
    )
    rows = [] if found is None else tx.all(sql, (guild_id, found))
    return [{"at": at, "question": question, "made": made} for at, question, made in rows]


def drop_former_members(tx: Transaction, market_id: int) -> None:
    """Drop who was forgotten of a market that is settled: nothing is left to decide."""
    tx.execute("DELETE FROM bet_market_former_members WHERE market = ?", (market_id,))


def _made(tx: Transaction, market: MemberMarket, user_id: int) -> int | None:
    """Return 1 for who made it, 0 for who had another say in it, None for everybody else."""
    found = known_stand_in(tx, market.guild_id, user_id)
    sql = "SELECT made FROM bet_market_former_members WHERE guild_id = ? AND member_stand_in = ? AND market = ?"
    made: int | None = None if found is None else tx.value(sql, (market.guild_id, found, market.id))
    return made
