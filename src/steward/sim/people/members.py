"""The members of a guild: most are computed on demand; those that act are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from steward.sim.channels.message import JOINED, Message
from steward.sim.people.member import Member
from steward.sim.people.population import Population, Roll
from steward.sim.people.user import User
from steward.sim.snowflake import made_at

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.bot import BotAccount
    from steward.sim.world import World


class Members:
    """
    The members of one guild, bots included.

    A member of the crowd is stored once it was looked up individually. The first `online` of the crowd are online.
    """

    def __init__(self, world: World, guild: Guild, crowd: Population, *, online: int) -> None:
        self.roll = Roll(crowd)
        self.online = online
        self.stored: dict[int, Member] = {}
        self._world = world
        self._guild = guild
        self._first_online = online

    def __len__(self) -> int:
        return len(self.roll)

    def __contains__(self, user_id: int) -> bool:
        return user_id in self.roll

    @property
    def in_voice(self) -> list[Member]:
        """The members in a voice channel."""
        return [member for member in self.stored.values() if member.voice_channel is not None]

    def get(self, user_id: int) -> Member | None:
        """Return a member and store it if it was one of the crowd; None if there is none."""
        found = self.stored.get(user_id)
        if found is None and user_id in self.roll:
            found = self.stored[user_id] = self.peek(user_id)
        return found

    def peek(self, user_id: int) -> Member:
        """Return a member without storing it; the id must be a member's."""
        found = self.stored.get(user_id)
        if found is None:
            user = self._world.user(user_id)
            assert user is not None  # noqa: S101 - each member has an account
            index = self.roll.population.index_of(user_id)
            status = "online" if index is not None and index < self._first_online else "offline"
            found = Member(self._guild, user, joined_at(user_id), status)
        return found

    def meet(self, name: str) -> Member:
        """Return the next unmet member of the crowd, renamed; if none is left, a new user joins."""
        population = self.roll.population
        unused = (user_id for user_id in self._world.unused_ids(population) if user_id in self.roll)
        user_id = next((user_id for user_id in unused if user_id != self._guild.owner_id), None)
        if user_id is None:
            return self.join(self._world.new_user(name))
        self._world.users[user_id] = User.named(user_id, name)
        member = self.stored[user_id] = self.peek(user_id)
        return member

    def join(self, user: User) -> Member:
        """Add a user as a member; `ValueError` if the user is a member or is banned."""
        guild = self._guild
        if user.id in self.roll:
            raise ValueError(f"{user.name} is already a member of {guild.name}.")
        if user.id in guild.bans:
            raise ValueError(f"{user.name} is banned from {guild.name}; unban first.")
        member = self.stored[user.id] = Member(guild, user, self._world.clock.now(), "online")
        self.roll.add(user.id)
        self.shift_online(1)
        guild.emit("GUILD_MEMBER_ADD", member.payload() | {"guild_id": str(guild.id)})
        if (channel := guild.channels.get(guild.system_channel_id or 0)) is not None:
            channel.post(Message(self._world.snowflakes.next(), channel.id, user, kind=JOINED))
        return member

    def seat(self, bot: BotAccount, role_id: int, *, replace_member: bool) -> Member:
        """Add a bot without events; with `replace_member` it replaces a member of the crowd."""
        if replace_member:
            self.roll.discard(self.roll.population.id_of(self.roll.population.size - 1))
        self.roll.add(bot.id)
        member = Member(self._guild, bot.user, self._world.clock.now(), "online", role_ids=[role_id])
        self.stored[bot.id] = member
        return member

    def remove(self, member: Member) -> None:
        """Remove a member and emit GUILD_MEMBER_REMOVE; nothing happens if it has left."""
        if member.id not in self.roll:
            return
        guild = self._guild
        self.roll.discard(member.id)
        self.stored.pop(member.id, None)
        if (bot := guild.bots.get(member.id)) is not None:
            guild.emit("GUILD_DELETE", {"id": str(guild.id)}, only=bot)
            del guild.bots[bot.id]
            bot.guilds.discard(guild)
        if member.status != "offline":
            self.shift_online(-1)
        member.move_to(None)
        data = {"guild_id": str(guild.id), "user": member.user.payload()}
        guild.emit("GUILD_MEMBER_REMOVE", data)

    def prunable(self, days: int, role_ids: frozenset[int] = frozenset()) -> int:
        """Return how many were offline for `days` and have no roles besides `role_ids`; the crowd is computed."""
        first = max(1, self._first_online)
        index_of = self.roll.population.index_of
        computed = self.roll.count_from(first)
        computed -= sum((index := index_of(user_id)) is not None and index >= first for user_id in self.stored)
        return computed + sum(self._is_prunable(member, days, role_ids) for member in self.stored.values())

    def prune(self, count: int | None, *, days: int, role_ids: frozenset[int]) -> int:
        """Remove up to `count` prunable members, the last of the crowd first; return how many."""
        crowd, removed = self.roll.population, 0
        in_crowd = (crowd.id_of(index) for index in range(crowd.size - 1, 0, -1))
        others = [user_id for user_id in self.stored if crowd.index_of(user_id) is None]
        for user_id in chain(in_crowd, others):
            if removed == count:
                break
            member = self.peek(user_id) if user_id in self.roll else None
            if member is not None and self._is_prunable(member, days, role_ids):
                self.remove(member)
                removed += 1
        return removed

    def _is_prunable(self, member: Member, days: int, role_ids: frozenset[int]) -> bool:
        inactive = member.status == "offline" and member.joined_at <= self._world.clock.now() - timedelta(days=days)
        return inactive and member.id != self._guild.owner_id and role_ids.issuperset(member.role_ids)

    def set_online(self, count: int) -> None:
        """Set the number of online members, clamped to the possible range, without emitting events."""
        self.online = min(max(0, count), len(self.roll))

    def shift_online(self, by: int) -> None:
        """Add to the number of online members, clamped to the possible range."""
        self.set_online(self.online + by)


def joined_at(user_id: int) -> datetime:
    """Return when a member of the crowd joined: 30 days after the account was created."""
    return made_at(user_id) + timedelta(days=30)
