"""How a member is forgotten by bets."""

from __future__ import annotations

from steward.bots.bets.care.limits import forget_limits
from steward.bots.bets.ledger.wallets import note_begun, retire
from steward.bots.bets.markets.forgetting import forget_markets
from steward.bots.bets.markets.manual_slips import forget_slips
from steward.bots.bets.placing.bets import forget_bets
from steward.bots.bets.placing.preferences import forget_preferences
from steward.bots.bets.settling.draft import RULING_DRAFTS
from steward.bots.bets.settling.reviews import forget_reviews
from steward.bots.bets.slips.kept import PARLAYS, SLIPS
from steward.store import Transaction


def forget_member(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take what a member has out of circulation, and their id out of all that stays."""
    note_begun(tx, guild_id, user_id)
    forget_idle_member(tx, guild_id, user_id)


def forget_idle_member(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Do the same without noting that the member has had the starting balance."""
    forget_bets(tx, guild_id, user_id)
    forget_markets(tx, guild_id, user_id)
    forget_limits(tx, guild_id, user_id)
    forget_preferences(tx, guild_id, user_id)
    forget_reviews(tx, guild_id, user_id)
    for kept in (SLIPS, PARLAYS, RULING_DRAFTS):
        kept.drop(tx, guild_id, user_id)
    forget_slips(tx, guild_id, user_id)
    retire(tx, guild_id, user_id)
    tx.execute("UPDATE bet_transactions SET actor_id = NULL WHERE guild_id = ? AND actor_id = ?", (guild_id, user_id))
