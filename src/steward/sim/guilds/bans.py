"""The bans of a guild; most exist only as a computed population."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from steward.sim.guilds import audit_log
from steward.sim.guilds.permissions import BITS
from steward.sim.people.population import Population, Roll
from steward.sim.people.user import User
from steward.sim.snowflake import LOW_BITS, milliseconds

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild

_NEEDED_FOR_EVENTS = BITS["ban_members"] | BITS["view_audit_log"]


class Bans:
    """The bans of one guild; the users of `crowd` are banned from the start."""

    def __init__(self, guild: Guild, crowd: Population) -> None:
        self.roll = Roll(crowd)
        self._guild = guild
        self._reasons: dict[int, str | None] = {}

    def __len__(self) -> int:
        return len(self.roll)

    def __contains__(self, user_id: int) -> bool:
        return user_id in self.roll

    def reason(self, user_id: int) -> str | None:
        """Return the reason of a ban, if one was given."""
        return self._reasons.get(user_id)

    def add(self, user: User, by: int | None, reason: str | None, *, forget: float = 0) -> None:
        """Ban a user and delete their messages of the last `forget` seconds; a second ban has no effect."""
        guild = self._guild
        if user.id in self.roll:
            return
        self.roll.add(user.id)
        self._reasons[user.id] = reason
        self._emit("GUILD_BAN_ADD", user)
        if member := guild.members.get(user.id):
            guild.members.remove(member)
        guild.log_change(audit_log.BAN, user.id, by, reason)
        self._forget_messages(user, forget)

    def lift(self, user: User, by: int | None, reason: str | None) -> None:
        """Lift a ban, if there is one."""
        if user.id not in self.roll:
            return
        self.roll.discard(user.id)
        self._reasons.pop(user.id, None)
        self._emit("GUILD_BAN_REMOVE", user)
        self._guild.log_change(audit_log.UNBAN, user.id, by, reason)

    def _forget_messages(self, user: User, seconds: float) -> None:
        if not seconds:
            return
        first = milliseconds(self._guild.world.clock.now() - timedelta(seconds=seconds)) << LOW_BITS
        for channel in (*self._guild.channels.values(), *self._guild.threads.values()):
            recent = channel.messages[channel.messages.first_from(first) :]
            channel.remove_messages([message.id for message in recent if message.author.id == user.id])

    def _emit(self, name: str, user: User) -> None:
        data = {"guild_id": str(self._guild.id), "user": user.payload()}
        self._guild.emit(name, data, needs=_NEEDED_FOR_EVENTS)
