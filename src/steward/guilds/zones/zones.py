"""On whose clock a time is read that a member types: their own, or that of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


NOT_SET = (
    "This server hasn't set a time zone, so I used {zone}. Its managers can set it with `/timezone server`,"
    " and you can set your own with `/timezone set`."
)
OWN = "I read that on your own clock ({zone}); this server's is {guild}."


@dataclass(frozen=True, slots=True)
class GuildZone:
    """
    The zone of a server.

    Attributes:
        chosen: whether somebody has chosen it; else it is the default.

    """

    zone: ZoneInfo
    chosen: bool


class Zones:
    """Knows the zones of servers and members."""

    def __init__(self, members: MemberZones, of_guild: Callable[[int], GuildZone]) -> None:
        self.members = members
        self.of_guild = of_guild

    def guild_zone(self, guild_id: int) -> ZoneInfo:
        """Return the zone of a server, chosen or not."""
        return self.of_guild(guild_id).zone

    async def typed_by(self, guild_id: int, user_id: int) -> ZoneInfo:
        """Return the zone in which a member types times in a server."""
        return await self.members.of(user_id) or self.of_guild(guild_id).zone

    async def note(self, guild_id: int, user_id: int, zone: ZoneInfo) -> str:
        """Return what a member has to know of the zone in which their time was read; empty where it is the server's."""
        guild, own = self.of_guild(guild_id), await self.members.of(user_id)
        if own is not None and own.key == zone.key:
            chosen = guild.zone.key if guild.chosen else "not set"
            return "" if chosen == zone.key else OWN.format(zone=zone.key, guild=chosen)
        if guild.zone.key == zone.key and not guild.chosen:
            return NOT_SET.format(zone=zone.key)
        return ""
