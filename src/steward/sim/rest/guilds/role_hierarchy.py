"""
The role hierarchy: a bot may act only on roles and members below its highest role.

Source: discord-api-docs, developers/topics/permissions.mdx, "Permission Hierarchy".
"""

from __future__ import annotations

from steward.sim.guilds.guild import Guild
from steward.sim.guilds.role import Role
from steward.sim.people.member import Member
from steward.sim.rest.call import Call
from steward.sim.rest.errors import refuse_if


def highest(member: Member) -> int:
    """Return the position of a member's highest role, 0 without roles."""
    return max((member.guild.roles[role_id].position for role_id in member.role_ids), default=0)


def require_above_role(call: Call, guild: Guild, role: Role) -> None:
    """Require the bot's highest role to be above a role (50013)."""
    refuse_if(role.position >= highest(call.member(guild)), 50013)


def require_above_member(call: Call, guild: Guild, member: Member) -> None:
    """Require the bot's highest role to be above that of another member, who must not own the guild (50013)."""
    if member.id == call.bot.id:
        return
    refuse_if(member.id == guild.owner_id or highest(member) >= highest(call.member(guild)), 50013)
