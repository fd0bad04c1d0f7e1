"""
A crowd that comes online and goes offline, with a presence event for each member.

The simulator's own crowd is only a number, which a bot that counts presences could not see. Here each member comes and
goes. A newcomer's presence is sent after the join, as Discord does.
"""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim.guilds.guild import Guild
from steward.sim.traces.replay import share_online

EVERY = 60.0  # seconds


class Tide:
    """
    Changes the presences of a guild's crowd with the hour of the day.

    Args:
        guild: its members online now are the crowd.
        clock: the time.

    """

    def __init__(self, guild: Guild, clock: Clock) -> None:
        self._guild = guild
        self._clock = clock
        online = [user_id for user_id in guild.members.roll.after(0, guild.online_count) if user_id != guild.owner_id]
        self._here = [user_id for user_id in online if guild.members.peek(user_id).status != "offline"]
        self._away: list[int] = []
        self._most = len(self._here) / self._share
        self._told = clock.now()
        guild.members.shift_online(1)  # the bot itself, which a bot that counts presences includes

    @property
    def _share(self) -> float:
        now = self._clock.now()
        return share_online(now.hour + now.minute / 60)

    async def run(self) -> None:
        """Change presences for ever."""
        while True:
            await asyncio.sleep(EVERY)
            self._tell_newcomers()
            self._move(round(self._most * self._share) - len(self._here))

    def _tell_newcomers(self) -> None:
        before, self._told = self._told, self._clock.now()
        for member in self._guild.members.stored.values():
            if before < member.joined_at <= self._told and member.status != "offline":
                data = member.presence()
                self._guild.emit("PRESENCE_UPDATE", data, about=member.id)

    def _move(self, by: int) -> None:
        taken, given, status = (self._away, self._here, "online") if by > 0 else (self._here, self._away, "offline")
        for _ in range(min(abs(by), len(taken))):
            given.append(taken.pop())
            member = self._guild.members.get(given[-1])
            if member is not None:  # else the member has left
                member.go_online(status)
