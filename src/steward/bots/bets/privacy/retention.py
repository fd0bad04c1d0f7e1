"""How long what bets keep about members is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from steward.bots.bets.markets.draft import MARKET_DRAFTS
from steward.bots.bets.privacy.activity import inactive
from steward.bots.bets.settling.draft import RULING_DRAFTS
from steward.bots.bets.slips.kept import PARLAYS, SLIPS
from steward.guilds.retention import OldDrafts, OldRows
from steward.store import Transaction
from steward.store.retention import Rows

KEEP_FORMER = timedelta(days=365)
"""How long it is known at most that somebody was forgotten; it ends with the season."""
KEEP_DRAFTS = timedelta(days=30)


def old_rows(keep: timedelta | None) -> Iterator[OldRows | OldDrafts]:
    """Yield old breaks, stand-ins and drafts, and the wallets of who did nothing for so long; None for no wallets."""
    yield OldRows(Rows("bet_breaks WHERE 1 = 1"), timedelta(0), "until_at")
    yield OldRows(Rows("bet_former_members WHERE 1 = 1"), KEEP_FORMER)
    for drafts in (MARKET_DRAFTS, SLIPS, PARLAYS, RULING_DRAFTS):
        yield OldDrafts(drafts, KEEP_DRAFTS)
    if keep is not None:
        owned = Rows("bet_accounts WHERE kind = 'wallet' AND owner_id > 0")
        yield OldRows(owned, keep, "used_at", too_old=inactive, drop=_forget_some)


def _forget_some(tx: Transaction, old: Rows, most: int) -> int:
    sql = f"SELECT guild_id, owner_id FROM {old.sql} ORDER BY used_at LIMIT {most}"  # noqa: S608 - ours
    owners = tx.all(sql, old.args)
    if owners:
        from steward.bots.bets.privacy.forgetting import forget_idle_member

        for guild_id, user_id in owners:
            forget_idle_member(tx, guild_id, user_id)
    return len(owners)
