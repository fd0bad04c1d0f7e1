"""Stand-ins for members who are forgotten: what a rule needs to know of one, without their id."""

from __future__ import annotations

from hashlib import blake2b
from secrets import token_hex

from steward.store import Transaction, kv

_KEY = "bets.stand_in_key"


def stand_in(tx: Transaction, guild_id: int, user_id: int) -> str:
    """Return what stands for a member of a guild: a hash with a key of this database, another one in each guild."""
    if kv.get(tx, _KEY) is None:
        tx.insert_new("kv", {"key": _KEY, "value": token_hex(32)})
    return known_stand_in(tx, guild_id, user_id) or ""


def known_stand_in(tx: Transaction, guild_id: int, user_id: int) -> str | None:
    """Return the same without writing; None where no member has one yet."""
    key = kv.get(tx, _KEY)
    if key is None:
        return None
    return blake2b(f"{guild_id}:{user_id}".encode(), digest_size=16, key=bytes.fromhex(key)).hexdigest()
