"""On whose clock a time is read that a member types: their own, or that of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from steward.guilds.zones.member_zones import MemberZones

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
            return "" if guild.chosen and guild.zone.key == zone.key else OWN.format(zone=zone.key, guild=_said(guild))
        if guild.zone.key == zone.key and not guild.chosen:
            return NOT_SET.format(zone=zone.key)
        return ""


def _said(guild: GuildZone) -> str:
    return guild.zone.key if guild.chosen else "not set"
