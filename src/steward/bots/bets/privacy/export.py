"""The tables that `/export` writes."""

from __future__ import annotations

from collections.abc import Mapping

from steward.store.export.export import Table

TABLES: Mapping[str, Table] = {
    "accounts of play money": Table(
        "accounts", "bet_accounts", ("id", "kind", "owner_id", "balance", "entries", "used_at"), ("id",)
    ),
    "entries of play money": Table(
        "entries",
        "bet_transactions t JOIN bet_entries e ON e.transaction_id = t.id",
        ("transaction_id", "account_id", "at", "kind", "actor_id", "reverses_id", "amount", "balance"),
        ("transaction_id", "account_id"),
        "t.guild_id = ?",
        columns_of={
            "transaction_id": "t.id",
            "account_id": "e.account_id",
            "at": "t.at",
            "kind": "t.kind",
            "actor_id": "t.actor_id",
            "reverses_id": "t.reverses",
            "amount": "e.amount",
            "balance": "e.balance",
        },
    ),
}
