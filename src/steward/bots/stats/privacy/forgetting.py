"""How what the statistics know of a member is forgotten."""

from __future__ import annotations

from functools import partial
from secrets import randbelow

from steward.store import Store, Transaction

NOBODY = "(forgotten)"


async def forget_member(store: Store, guild_id: int, user_id: int) -> None:
    """
    Delete what a member did, and take name and id out of joins, leaves and bans.

    Their draft of `/setup` goes, too.
    """
    # The same stand-in for all events of the member: who stayed how long is still known, of nobody in particular.
    await store.write(partial(_forget, guild_id=guild_id, user_id=user_id, stand_in=-1 - randbelow(2**62)))


def _forget(tx: Transaction, guild_id: int, user_id: int, stand_in: int) -> None:
    who = (guild_id, user_id)
    tx.execute("DELETE FROM stats_members WHERE guild_id = ? AND user_id = ?", who)
    for (event,) in tx.all("SELECT id FROM member_events WHERE guild_id = ? AND user_id = ?", who):
        tx.execute(
            "UPDATE member_events SET user_id = ?, name = ?, origin = ? WHERE id = ?",
            (stand_in, NOBODY, f"forgotten:{event}", event),
        )
