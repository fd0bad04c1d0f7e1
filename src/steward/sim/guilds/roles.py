"""The roles of a guild and its members' permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.channels.message import roles_named_in
from steward.sim.guilds.permissions import ALL, BITS, EVERYONE, WHILE_TIMED_OUT, in_channel
from steward.sim.guilds.role import Role
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member


class GuildRoles(dict[int, Role]):
    """The roles of one guild by id, including @everyone."""

    def __init__(self, guild: Guild) -> None:
        self.everyone = Role(guild.id, "@everyone", EVERYONE)
        super().__init__({guild.id: self.everyone})
        self._guild = guild

    def insert(self, role: Role) -> Role:
        """Insert a new role just above @everyone, as Discord does; the others move up."""
        for other in self.values():
            other.position += other is not self.everyone
        role.position = 1
        self[role.id] = role
        self._emit("CREATE", {"role": role.payload()})
        return role

    def add_for(self, bot: BotAccount, role_id: int, permissions: int) -> Role:
        """Create a bot's own role, the highest; it is announced by GUILD_CREATE only."""
        role = self[role_id] = Role(role_id, bot.name, permissions, len(self), bot.id)
        return role

    def of_bot(self, bot: BotAccount) -> Role:
        """Return a bot's own role."""
        return next(role for role in self.values() if role.bot_id == bot.id)

    def changed(self, role: Role) -> None:
        """Emit GUILD_ROLE_UPDATE."""
        self._emit("UPDATE", {"role": role.payload()})

    def remove(self, role: Role) -> None:
        """Delete a role, its overwrites, and its assignments to members."""
        del self[role.id]
        for member in self._guild.members.stored.values():
            member.take(role.id)
        for channel in self._guild.channels.values():
            channel.overwrites.pop(role.id, None)
        self._emit("DELETE", {"role_id": str(role.id)})

    def pinged_by(self, text: str, *, any_role: bool) -> list[int]:
        """Return the ids of the roles that a text pings; `any_role` for an author with MENTION_EVERYONE."""
        named = (self.get(role_id) for role_id in roles_named_in(text))
        return [role.id for role in named if role is not None and (any_role or role.mentionable)]

    def permissions_of(self, user_id: int) -> int:
        """Return a member's permission bits in the guild."""
        if user_id == self._guild.owner_id:
            return ALL
        found = self.everyone.permissions
        for role_id in self._held_by(user_id):
            found |= self[role_id].permissions
        return ALL if found & BITS["administrator"] else found & self._left_to(user_id)

    def permissions_in(self, channel: Channel, who: Member | BotAccount) -> int:
        """Return a member's permission bits in a channel."""
        if who.id == self._guild.owner_id:
            return ALL
        base = self.permissions_of(who.id)
        found = in_channel(
            base,
            channel.overwrites,
            everyone_id=self.everyone.id,
            role_ids=self._held_by(who.id),
            member_id=who.id,
            channel_type=channel.kind,
        )
        return found if base & BITS["administrator"] else found & self._left_to(who.id)

    def _left_to(self, user_id: int) -> int:
        """Return the mask of a member's permissions: few while timed out (topics/permissions.mdx)."""
        member = self._guild.members.stored.get(user_id)
        return WHILE_TIMED_OUT if member is not None and member.timed_out else ALL

    def _held_by(self, user_id: int) -> list[int]:
        member = self._guild.members.stored.get(user_id)
        return member.role_ids if member is not None else []

    def _emit(self, what: str, data: Json) -> None:
        guild = self._guild
        guild.emit(f"GUILD_ROLE_{what}", {"guild_id": str(guild.id)} | data)
