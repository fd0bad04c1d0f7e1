"""Members who do not want to be counted, and how what is known of one is forgotten."""

from __future__ import annotations

from functools import partial
from secrets import randbelow

from steward.bots.stats.setup_draft import draft_key
from steward.store import Store, Transaction, kv

NOBODY = "(forgotten)"


class OptOuts:
    """
    Knows who is not to be counted one by one; `(guild_id, user_id) in opt_outs` asks.

    Args:
        store: remembers it.

    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[tuple[int, int]] = set()

    def __contains__(self, member: tuple[int, int]) -> bool:
        return member in self._known

    async def load(self) -> None:
        """Read who has opted out."""
        rows = await self._store.read(lambda tx: tx.all("SELECT guild_id, user_id FROM stats_opt_outs"))
        self._known = {(guild_id, user_id) for guild_id, user_id in rows}

    async def add(self, guild_id: int, user_id: int) -> None:
        """Count a member no more; what was counted stays until it is forgotten."""

        def work(tx: Transaction) -> None:
            tx.insert_new("stats_opt_outs", {"guild_id": guild_id, "user_id": user_id, "at": tx.now_ms})

        self._known.add((guild_id, user_id))
        await self._store.write(work)

    async def remove(self, guild_id: int, user_id: int) -> None:
        """Count a member again."""
        sql = "DELETE FROM stats_opt_outs WHERE guild_id = ? AND user_id = ?"
        await self._store.write(lambda tx: tx.execute(sql, (guild_id, user_id)))
        self._known.discard((guild_id, user_id))


async def forget_member(store: Store, guild_id: int, user_id: int) -> None:
    """
    Delete what a member did, and take name and id out of joins, leaves, bans and changes of settings.

    Their draft of `/setup` goes, too. The opt-out stays, or the member would be counted again.
    """
    # The same stand-in for all events of the member: who stayed how long is still known, of nobody in particular.
    await store.write(partial(_forget, guild_id=guild_id, user_id=user_id, stand_in=-1 - randbelow(2**62)))


def _forget(tx: Transaction, guild_id: int, user_id: int, stand_in: int) -> None:
    who = (guild_id, user_id)
    tx.execute("DELETE FROM stats_members WHERE guild_id = ? AND user_id = ?", who)
    tx.execute("UPDATE stats_settings SET changed_by = 0 WHERE guild_id = ? AND changed_by = ?", who)
    kv.forget(tx, draft_key(guild_id, user_id))
    for (event,) in tx.all("SELECT id FROM member_events WHERE guild_id = ? AND user_id = ?", who):
        tx.execute(
            "UPDATE member_events SET user_id = ?, name = ?, origin = ? WHERE id = ?",
            (stand_in, NOBODY, f"forgotten:{event}", event),
        )
