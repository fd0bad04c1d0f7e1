"""Members who do not want to be counted."""

from __future__ import annotations

from steward.store import Store, Transaction


class OptOuts:
    """Knows who is not to be counted one by one; `(guild_id, user_id) in opt_outs` asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: set[tuple[int, int]] = set()

    def __contains__(self, member: tuple[int, int]) -> bool:
        return member in self._known

    def may_track(self, guild_id: int, user_id: int) -> bool:
        """Tell whether a member may be counted one by one."""
        return (guild_id, user_id) not in self._known

    async def load(self) -> None:
        rows = await self._store.read(lambda tx: tx.all("SELECT guild_id, user_id FROM opt_outs"))
        self._known = {(guild_id, user_id) for guild_id, user_id in rows}

    async def add(self, guild_id: int, user_id: int) -> None:
        """Count a member no more; what was counted stays until it is forgotten."""

        def work(tx: Transaction) -> None:
            tx.insert_new("opt_outs", {"guild_id": guild_id, "user_id": user_id, "at": tx.now_ms})

        self._known.add((guild_id, user_id))
        await self._store.write(work)

    async def remove(self, guild_id: int, user_id: int) -> None:
        """Count a member again."""
        sql = "DELETE FROM opt_outs WHERE guild_id = ? AND user_id = ?"
        await self._store.write(lambda tx: tx.execute(sql, (guild_id, user_id)))
        self._known.discard((guild_id, user_id))
