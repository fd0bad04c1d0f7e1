"""A guild: its channels, roles, members and bans, and the story that its people act out in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from steward.sim import audit_log, guild_payload
from steward.sim.audit_log import AuditEntry, AuditLog
from steward.sim.bot import Bot
from steward.sim.channel import CATEGORY, TEXT, VOICE, Channel, normalised_name
from steward.sim.events import Event
from steward.sim.member import Member
from steward.sim.permissions import ALL, BITS, EVERYONE, Overwrite, bits_of, in_channel, names_of
from steward.sim.population import Population, Roll
from steward.sim.role import Role
from steward.sim.scheduled_event import ScheduledEvent
from steward.sim.snowflake import LOW_BITS, made_at
from steward.sim.thread import Thread
from steward.sim.user import Json, User

if TYPE_CHECKING:
    from steward.sim.world import World

DEFAULT_BOT_PERMISSIONS = (
    "view_channel", "send_messages", "embed_links", "attach_files", "read_message_history", "connect",
    "manage_channels", "manage_roles", "ban_members", "view_audit_log",
)  # fmt: skip
_HEARS_OF_BANS = BITS["ban_members"] | BITS["view_audit_log"]


class Guild:
    """
    A guild. Make it with `Simulator.add_guild`.

    Most members and bans exist only as numbers; those who act are met one by one, as `Member`.
    """

    def __init__(
        self, world: World, guild_id: int, name: str, members: Population, bans: Population, *, online: int
    ) -> None:
        self.world = world
        self.id = guild_id
        self.name = name
        self.available = True
        self.roll = Roll(members)
        self.ban_roll = Roll(bans)
        self.ban_reasons: dict[int, str | None] = {}
        self.online_count = online
        self.owner_id = members.id_of(0)
        self.system_channel_id: int | None = None
        self.channels: dict[int, Channel] = {}
        self.everyone = Role(guild_id, "@everyone", EVERYONE)
        self.roles: dict[int, Role] = {guild_id: self.everyone}
        self.threads: dict[int, Thread] = {}
        self.bots: dict[int, Bot] = {}
        self.emojis: dict[int, Json] = {}
        self.scheduled_events: dict[int, ScheduledEvent] = {}
        self.audit_log = AuditLog(world.clock, world.snowflakes)
        self._members: dict[int, Member] = {}
        self._first_online = online

    @property
    def member_count(self) -> int:
        """How many members there are, bots included."""
        return len(self.roll)

    @property
    def ban_count(self) -> int:
        """How many users are banned."""
        return len(self.ban_roll)

    @property
    def known_members(self) -> list[Member]:
        """The members who have been met, bots included."""
        return list(self._members.values())

    # Channels and roles

    def add_text_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a text channel."""
        return self.add_channel(name, TEXT, parent_id=parent.id if parent else None)

    def add_voice_channel(self, name: str, *, parent: Channel | None = None) -> Channel:
        """Make a voice channel."""
        return self.add_channel(name, VOICE, parent_id=parent.id if parent else None)

    def add_category(self, name: str) -> Channel:
        """Make a category."""
        return self.add_channel(name, CATEGORY)

    def add_channel(
        self,
        name: str,
        kind: int,
        *,
        parent_id: int | None = None,
        overwrites: dict[int, Overwrite] | None = None,
    ) -> Channel:
        """Make a channel of any of Discord's types; the name is normalised as Discord does it."""
        channel = Channel(
            self.world,
            self.world.snowflakes.next(),
            kind,
            normalised_name(name, kind),
            self,
            position=len(self.channels),
            parent_id=parent_id,
            overwrites=overwrites or {},
        )
        self.channels[channel.id] = self.world.channels[channel.id] = channel
        channel.emit("CHANNEL_CREATE", channel.payload())
        return channel

    def add_role(self, name: str, *permissions: str) -> Role:
        """Make a role, the lowest but for @everyone, as Discord does."""
        return self.insert_role(Role(self.world.snowflakes.next(), name, bits_of(permissions)))

    def insert_role(self, role: Role) -> Role:
        """Put a new role just above @everyone; the others move up."""
        for other in self.roles.values():
            other.position += other is not self.everyone
        role.position = 1
        self.roles[role.id] = role
        self.emit(Event("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role.payload()}, guild=self))
        return role

    def role_changed(self, role: Role) -> None:
        """Tell everybody of a role's new state."""
        self.emit(Event("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": role.payload()}, guild=self))

    def remove_role(self, role: Role) -> None:
        """Delete a role, and with it what it allowed and who had it."""
        del self.roles[role.id]
        for member in self._members.values():
            member.take(role.id)
        for channel in self.channels.values():
            channel.overwrites.pop(role.id, None)
        self.emit(Event("GUILD_ROLE_DELETE", {"guild_id": str(self.id), "role_id": str(role.id)}, guild=self))

    def add_emoji(self, name: str) -> str:
        """Add a custom emoji and return how messages and reactions name it: `name:id`."""
        emoji_id = self.world.snowflakes.next()
        self.emojis[emoji_id] = {
            "id": str(emoji_id), "name": name, "roles": [], "require_colons": True, "managed": False,
            "animated": False, "available": True,
        }  # fmt: skip
        data = {"guild_id": str(self.id), "emojis": list(self.emojis.values())}
        self.emit(Event("GUILD_EMOJIS_UPDATE", data, guild=self))
        return f"{name}:{emoji_id}"

    def rename(self, name: str) -> None:
        """Give the guild another name."""
        self.name = name
        self.emit(Event("GUILD_UPDATE", guild_payload.guild(self), guild=self))

    # Bots

    def add_bot(self, bot: Bot, *permissions: str, in_place_of_one: bool = False) -> Member:
        """Let a bot in with a role of its own; `in_place_of_one`: it takes the seat of one of the crowd."""
        role = Role(self.world.snowflakes.next(), bot.name, bits_of(permissions), len(self.roles), bot.id)
        self.roles[role.id] = role
        if in_place_of_one:
            self.roll.discard(self.roll.population.id_of(self.roll.population.size - 1))
        member = Member(self, bot.user, self.world.clock.now(), "online", role_ids=[role.id])
        self._members[bot.id] = member
        self.roll.add(bot.id)
        self.bots[bot.id] = bot
        self.emit(Event("GUILD_CREATE", {}, guild=self, only=bot))
        return member

    def remove_bot(self, bot: Bot) -> None:
        """Kick a bot out; it is told by GUILD_DELETE."""
        self.emit(Event("GUILD_DELETE", {"id": str(self.id)}, guild=self, only=bot))
        del self.bots[bot.id]
        self.remove(self._members[bot.id])

    @property
    def bot_permissions(self) -> frozenset[str]:
        """What the first bot may do in the guild, by name."""
        return names_of(self.permissions_of(self._first_bot().id))

    def set_bot_permissions(self, *permissions: str) -> None:
        """Give the first bot's role exactly these permissions (@everyone's still add to them)."""
        bot = self._first_bot()
        role = next(role for role in self.roles.values() if role.bot_id == bot.id)
        role.permissions = bits_of(permissions)
        self.role_changed(role)

    # Members

    def member(self, user_id: int) -> Member | None:
        """Return a member, met now if it was one of the crowd, or None."""
        found = self._members.get(user_id)
        if found is None and user_id in self.roll:
            found = self._members[user_id] = self.glimpse(user_id)
        return found

    def glimpse(self, user_id: int) -> Member:
        """Return somebody on the roll, without meeting one of the crowd for good."""
        found = self._members.get(user_id)
        if found is None:
            user = self.world.user(user_id)
            assert user is not None  # noqa: S101 - whoever is on the roll has an account
            place = self.roll.population.index_of(user_id)
            status = "online" if place is not None and place < self._first_online else "offline"
            found = Member(self, user, self.joined_at(user_id), status)
        return found

    def member_payload(self, user_id: int) -> Json:
        """Return the member object of somebody on the roll, without meeting one of the crowd for good."""
        return self.glimpse(user_id).payload()

    def joined_at(self, user_id: int) -> datetime:
        """Return when a member of the crowd joined: a month after signing up."""
        return made_at(user_id) + timedelta(days=30)

    def meet(self, name: str) -> Member:
        """
        Give a face to one of the crowd: the next member nobody has met, under this name.

        When all have been met, a newcomer joins.
        """
        population = self.roll.population
        user_id = next(
            (found for found in self.world.unmet(population) if found in self.roll and found != self.owner_id),
            None,
        )
        if user_id is None:
            return self.join(name)
        self.world.users[user_id] = User.named(user_id, name)
        member = self.member(user_id)
        assert member is not None  # noqa: S101 - it is on the roll
        return member

    def join(self, name: str | User) -> Member:
        """
        Let somebody in: a new user of that name, or one who was here before.

        Raises:
            ValueError: the user is a member or is banned.

        """
        user = self.world.new_user(name) if isinstance(name, str) else name
        if user.id in self.roll:
            raise ValueError(f"{user.name} is a member of {self.name} already.")
        if user.id in self.ban_roll:
            raise ValueError(f"{user.name} is banned from {self.name}; unban first.")
        member = self._members[user.id] = Member(self, user, self.world.clock.now(), "online")
        self.roll.add(user.id)
        self.shift_online(1)
        data = member.payload() | {"guild_id": str(self.id)}
        self.emit(Event("GUILD_MEMBER_ADD", data, guild=self))
        return member

    def remove(self, member: Member) -> None:
        """Take a member out, as one who leaves; nothing happens when it has left before."""
        if member.id not in self.roll:
            return
        self.roll.discard(member.id)
        self._members.pop(member.id, None)
        self.bots.pop(member.id, None)
        if member.status != "offline":
            self.shift_online(-1)
        member.move_to(None)
        data = {"guild_id": str(self.id), "user": member.user.payload()}
        self.emit(Event("GUILD_MEMBER_REMOVE", data, guild=self))

    def kick(self, member: Member, *, by: int | None = None, reason: str | None = None) -> None:
        """Kick a member, by default as the owner."""
        self.remove(member)
        self._log(audit_log.KICK, member.id, by, reason)

    def ban(self, who: Member | User, *, by: int | None = None, reason: str | None = None) -> None:
        """Ban a member or a stranger, by default as the owner; who is banned already stays so, silently."""
        user = who.user if isinstance(who, Member) else who
        if user.id in self.ban_roll:
            return
        self.ban_roll.add(user.id)
        self.ban_reasons[user.id] = reason
        data = {"guild_id": str(self.id), "user": user.payload()}
        self.emit(Event("GUILD_BAN_ADD", data, guild=self, needs=_HEARS_OF_BANS))
        if member := self.member(user.id):
            self.remove(member)
        self._log(audit_log.BAN, user.id, by, reason)

    def unban(self, user: User, *, by: int | None = None, reason: str | None = None) -> None:
        """Lift a ban, by default as the owner; nothing happens without one."""
        if user.id not in self.ban_roll:
            return
        self.ban_roll.discard(user.id)
        self.ban_reasons.pop(user.id, None)
        data = {"guild_id": str(self.id), "user": user.payload()}
        self.emit(Event("GUILD_BAN_REMOVE", data, guild=self, needs=_HEARS_OF_BANS))
        self._log(audit_log.UNBAN, user.id, by, reason)

    def shift_online(self, by: int) -> None:
        """Add to the online count, within what is possible."""
        self.set_online(self.online_count + by)

    def set_online(self, count: int) -> None:
        """Let so many members be online: the crowd's coming and going, which sends no events."""
        self.online_count = min(max(0, count), self.member_count)

    # Permissions

    def permissions_of(self, user_id: int) -> int:
        """Return a member's permission bits in the guild."""
        if user_id == self.owner_id:
            return ALL
        member = self._members.get(user_id)
        found = self.everyone.permissions
        for role_id in member.role_ids if member else ():
            found |= self.roles[role_id].permissions
        return ALL if found & BITS["administrator"] else found

    def permissions_in(self, channel: Channel, who: Member | Bot) -> int:
        """Return a member's permission bits in a channel."""
        if who.id == self.owner_id:
            return ALL
        member = self._members.get(who.id)
        return in_channel(
            self.permissions_of(who.id),
            channel.overwrites,
            everyone_id=self.id,
            role_ids=member.role_ids if member else (),
            member_id=who.id,
            channel_type=channel.kind,
        )

    def emit(self, event: Event) -> None:
        """Tell the gateway."""
        self.world.emit(event)

    def shard_of(self, shards: int) -> int:
        """Return which of so many shards this guild belongs to."""
        return (self.id >> LOW_BITS) % shards

    def payload(self) -> Json:
        """Return Discord's guild object."""
        return guild_payload.guild(self)

    def log_change(self, action: int, target: int, by: int, reason: str | None) -> None:
        """Write an audit log entry and tell those who may read the log."""
        self._log(action, target, by, reason)

    def _log(self, action: int, target: int, by: int | None, reason: str | None) -> AuditEntry:
        entry = self.audit_log.note(action, by=by or self.owner_id, target=target, reason=reason)
        data = entry.payload() | {"guild_id": str(self.id)}
        needs = BITS["view_audit_log"]
        self.emit(Event("GUILD_AUDIT_LOG_ENTRY_CREATE", data, guild=self, needs=needs))
        return entry

    def _first_bot(self) -> Bot:
        if not self.bots:
            raise LookupError(f"No bot is a member of {self.name}.")
        return next(iter(self.bots.values()))
