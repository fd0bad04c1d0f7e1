"""Who is active: whoever has done something of late, or has something open. In units mode no entry of a wallet says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from steward.store import Transaction, to_millis
from steward.store.retention import Rows

TRACES: Mapping[str, str] = {
    "bet_transactions.actor_id": "at >= ?",
    "bet_bets.user_id": "(changed_at >= ? OR status = 'open')",
    "bet_markets.creator_id": "(made_at >= ? OR status <> 'settled')",
    "bet_market_stakes.user_id": "(changed_at >= ? OR status = 'open')",
    "bet_market_steps.user_id": "at >= ?",
    "bet_manual_slips.user_id": "changed_at >= ?",
    "bet_manual_slips.graded_by": "changed_at >= ?",
    "bet_limits.user_id": "changed_at >= ?",
    "bet_preferences.user_id": "changed_at >= ?",
    "bet_gradings.grader_id": "at >= ?",
    "bet_gradings.seconder_id": "at >= ?",
    "bet_reviews.opened_by": "opened_at >= ?",
    "bet_reviews.proposer_id": "(opened_at >= ? OR ended_at IS NULL)",
}
"""Each column with a member's id beside that of the wallet, and which of its rows say that the member is active."""

_OF_FEW = ("bet_manual_slips.graded_by", "bet_gradings", "bet_reviews")
"""Those without an index by member: each is read once, not once for each wallet."""


def inactive(_: Transaction, since: datetime) -> Rows:
    """Return the condition on rows of `bet_accounts` that their members have done nothing since then."""
    parts = []
    for column, recent in TRACES.items():
        table, member = column.split(".")
        rows = f"FROM {table} x WHERE {recent} AND x.{member}"
        if column.startswith(_OF_FEW):
            parts.append(f"(guild_id, owner_id) NOT IN (SELECT x.guild_id, x.{member} {rows} IS NOT NULL)")
        else:
            own = f"{rows} = bet_accounts.owner_id AND x.guild_id = bet_accounts.guild_id"
            parts.append(f"NOT EXISTS (SELECT 1 {own})")
    return Rows(" AND ".join(parts), (to_millis(since),) * len(parts))
