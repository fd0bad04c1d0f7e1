"""The time zones of members: one for each user, in every server that they share with the bot."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from steward.store import Store, Transaction
from steward.store.export.personal import PersonalData
from steward.store.queries.cache import QueryCache
from steward.text.places import zone_named

ZONE_DATA = (
    PersonalData(
        "time_zone",
        frozenset({"member_zones.user_id"}),
        lambda tx, _, user_id: [
            {"at": row["set_at"], "zone": row["zone"]}
            for row in tx.all("SELECT zone, set_at FROM member_zones WHERE user_id = ?", (user_id,))
        ],
        lambda records: f"your time zone, {records[0]['zone']!s}, from `/timezone set`",
    ),
)


class MemberZones:
    """
    Remembers the zones that members have set.

    Args:
        queries: keeps the answers of those who write times often.

    """

    def __init__(self, store: Store, queries: QueryCache) -> None:
        self._store = store
        self._queries = queries

    async def of(self, user_id: int) -> ZoneInfo | None:
        """Return a member's zone; None where they have set none, or one that this machine doesn't know any more."""
        kept = await self._queries.read(_zone_of, user_id)
        return None if kept is None else zone_named(kept)

    async def set(self, user_id: int, zone: ZoneInfo) -> None:
        """Remember a member's zone, in place of another."""

        def work(tx: Transaction) -> None:
            tx.upsert("member_zones", key={"user_id": user_id}, values={"zone": zone.key, "set_at": tx.now_ms})

        await self._store.write(work)

    async def clear(self, user_id: int) -> None:
        await self._store.write(lambda tx: tx.execute("DELETE FROM member_zones WHERE user_id = ?", (user_id,)))


def _zone_of(tx: Transaction, user_id: int) -> str | None:
    zone: str | None = tx.value("SELECT zone FROM member_zones WHERE user_id = ?", (user_id,))
    return zone
