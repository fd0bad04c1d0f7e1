"""Small values that survive a restart, such as the id of the heartbeat message. Keys are `bot.what.id`."""

from __future__ import annotations

from steward.store.transaction import Transaction


def get(tx: Transaction, key: str) -> str | None:
    """Return the value of `key`, or None."""
    value: str | None = tx.value('SELECT value FROM kv WHERE "key" = ?', (key,))
    return value


def put(tx: Transaction, key: str, value: str) -> None:
    """Set the value of `key`."""
    tx.upsert("kv", key={"key": key}, values={"value": value})


def forget(tx: Transaction, key: str) -> None:
    """Delete `key` if it exists."""
    tx.execute('DELETE FROM kv WHERE "key" = ?', (key,))


def under(tx: Transaction, prefix: str) -> dict[str, str]:
    """Return all values whose key begins with `prefix`."""
    # A range instead of LIKE: it uses the key's index and has no wildcards.
    rows = tx.all(
        'SELECT "key", value FROM kv WHERE "key" >= ? AND "key" < ? ORDER BY "key"', (prefix, prefix + "\U0010ffff")
    )
    return {row["key"]: row["value"] for row in rows}
