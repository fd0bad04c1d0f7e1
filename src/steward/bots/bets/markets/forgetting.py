"""What becomes of a forgotten member's markets and stakes: both go on, and are nobody's."""

from __future__ import annotations

from steward.bots.bets.markets.draft import MARKET_DRAFTS
from steward.bots.bets.markets.former_members import note_part
from steward.bots.bets.markets.market import MarketStatus
from steward.bots.bets.markets.notices import of_guild
from steward.bots.bets.markets.rows import locked
from steward.store import Transaction
from steward.store.outbox import outbox


def forget_markets(tx: Transaction, guild_id: int, user_id: int) -> None:
    """
    Take a member's id out of all markets of a guild.

    Their stakes stay in: what those are paid is taken out of circulation. What they proposed and nobody has confirmed
    is withdrawn; else they could come back and confirm it themselves. Until a market is settled a stand-in keeps who
    made it or had a say in it, and its post, which may name them, is drawn anew.
    """
    mine = tx.all(
        "SELECT id FROM bet_markets WHERE guild_id = ? AND status <> 'settled' AND (creator_id = ? OR EXISTS"
        " (SELECT 1 FROM bet_market_steps s WHERE s.market = bet_markets.id AND s.user_id = ?)) ORDER BY id",
        (guild_id, user_id, user_id),
    )
    proposers = "SELECT user_id FROM bet_market_steps WHERE market = ? AND step = 'proposed' ORDER BY number DESC"
    for (market_id,) in mine:
        market = locked(tx, market_id)
        if market.status is MarketStatus.SETTLED:
            continue
        note_part(tx, market, user_id)
        if market.status is MarketStatus.PROPOSED and tx.value(f"{proposers} LIMIT 1", (market_id,)) == user_id:
            tx.execute("UPDATE bet_markets SET status = 'closed', answer = NULL WHERE id = ?", (market_id,))
    for table in ("bet_market_stakes", "bet_market_steps"):
        tx.execute(f"UPDATE {table} SET user_id = NULL WHERE guild_id = ? AND user_id = ?", (guild_id, user_id))  # noqa: S608
    tx.execute("UPDATE bet_markets SET creator_id = NULL WHERE guild_id = ? AND creator_id = ?", (guild_id, user_id))
    MARKET_DRAFTS.drop(tx, guild_id, user_id)
    outbox.forget_user(tx, user_id, lambda key: key.startswith(of_guild(guild_id)))
