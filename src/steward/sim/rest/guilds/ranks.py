"""
Who stands above whom: a bot may act only on roles and members below its own highest role.

Source: discord-api-docs, developers/topics/permissions.mdx, "Permission Hierarchy".
"""

from __future__ import annotations

from steward.sim.guilds.guild import Guild
from steward.sim.guilds.role import Role
from steward.sim.people.member import Member
from steward.sim.rest.call import Call
from steward.sim.rest.errors import RestRefused


def highest(guild: Guild, member: Member | None) -> int:
    """Return the position of a member's highest role; 0 without any."""
    return max((guild.roles[role_id].position for role_id in member.role_ids), default=0) if member else 0


def need_above_role(call: Call, guild: Guild, role: Role) -> None:
    """
    Insist that the bot stands above a role.

    Raises:
        Refused: it does not (50013).

    """
    if role.position >= highest(guild, guild.members.get(call.bot.id)):
        raise RestRefused.by_code(50013)


def need_above_member(call: Call, guild: Guild, member: Member) -> None:
    """
    Insist that the bot stands above another member.

    Raises:
        Refused: it does not, or the member owns the guild (50013).

    """
    if member.id == call.bot.id:
        return
    if member.id == guild.owner_id or highest(guild, member) >= highest(guild, guild.members.get(call.bot.id)):
        raise RestRefused.by_code(50013)
