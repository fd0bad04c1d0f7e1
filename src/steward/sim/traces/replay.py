"""Replays a trace in a guild."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from math import cos, tau
from zlib import crc32

from steward.runtime.clock import Clock
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member
from steward.sim.traces.trace import Trace, TraceLine

_BUSIEST_HOUR = 20.0
_NIGHT_LOSS = 0.45  # share of the busiest hour's online members who are offline at the quietest hour
_LONGEST_TEXT = 2000
_ONLINE_INTERVAL = 300.0  # seconds between updates of the online count


def share_online(hour: float) -> float:
    """Return the online count at an hour of the day, as a fraction of the busiest hour's."""
    return 1 - _NIGHT_LOSS * (1 - cos((hour - _BUSIEST_HOUR) / 24 * tau)) / 2


class Replay:
    """
    Replays a trace.

    A user who acts without having joined becomes one of the guild's existing members. The lines of a minute are spread
    evenly over it.

    `sent` counts the lines by kind (the ban of a member also counts as a leave). Lines without effect are counted as
    `already_member` (a member joins), `refused` (a banned user acts or is banned) or `empty` (a message without text).
    `played` of `total` lines are done.

    Each user writes in one of the `channels`. `start` is the first midnight, by default such that the first line is
    played now. `breathe`: whether the online count follows the hour of the day.
    """

    def __init__(
        self,
        trace: Trace,
        guild: Guild,
        channels: Sequence[Channel],
        clock: Clock,
        *,
        start: datetime | None = None,
        breathe: bool = False,
    ) -> None:
        if not channels:
            raise ValueError("A replay needs at least one text channel.")
        self.sent: Counter[str] = Counter()
        self.total = len(trace.lines)
        self.played = 0
        self._trace = trace
        self._guild = guild
        self._channels = channels
        self._clock = clock
        self._start = start
        self._breathe = breathe
        self._people: dict[str, Member] = {}
        self._acts: dict[str, Callable[[TraceLine], str]] = {
            "join": self._join,
            "leave": self._leave,
            "message": self._message,
            "rename": self._rename,
            "ban": self._ban,
            "unban": self._unban,
        }

    async def run(self) -> None:
        """Replay the trace to its end; lines whose time has passed are played immediately."""
        if not self._trace.lines:
            return
        midnight = self._midnight()
        async with asyncio.TaskGroup() as group:
            breathing = group.create_task(self._update_online()) if self._breathe else None
            for seconds, line in _timed(self._trace.lines):
                wait = midnight + seconds - self._clock.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                self.sent[self._acts[line.kind](line)] += 1
                self.played += 1
            if breathing is not None:
                breathing.cancel()

    def _midnight(self) -> float:
        now = self._clock.monotonic()
        if self._start is None:
            first, _ = next(_timed(self._trace.lines))
            return now - first
        return now + (self._start - self._clock.now()).total_seconds()

    async def _update_online(self) -> None:
        hour = _hour(self._clock.now())
        most = round(self._guild.online_count / share_online(hour))
        last = self._guild.online_count
        while True:
            await asyncio.sleep(_ONLINE_INTERVAL)
            now = round(most * share_online(_hour(self._clock.now())))
            self._guild.members.shift_online(now - last)
            last = now

    def _join(self, line: TraceLine) -> str:
        known = self._people.get(line.user)
        if known is None:
            self._people[line.user] = self._guild.join(line.user)
        elif known.id in self._guild.members:
            return "already_member"
        elif known.id in self._guild.bans:
            return "refused"
        else:
            self._people[line.user] = self._guild.join(known.user)
        return "join"

    def _leave(self, line: TraceLine) -> str:
        member = self._member(line.user)
        if member is None:
            return "refused"
        member.leave()
        return "leave"

    def _message(self, line: TraceLine) -> str:
        member = self._member(line.user)
        if member is None:
            return "refused"
        if not line.text.strip():
            return "empty"
        channel = self._channels[crc32(line.user.encode()) % len(self._channels)]
        try:
            member.say(channel, line.text[:_LONGEST_TEXT])
        except PermissionError:
            return "refused"
        return "message"

    def _rename(self, line: TraceLine) -> str:
        member = self._member(line.user)
        if member is None:
            return "refused"
        del self._people[line.user]
        self._people[line.text] = member
        member.rename(line.text[:32])
        return "rename"

    def _ban(self, line: TraceLine) -> str:
        member = self._people.get(line.user) or self._member(line.user)
        if member is None or member.id in self._guild.bans:
            return "refused"
        if member.id in self._guild.members:
            self._guild.ban(member)
            self.sent["leave"] += 1  # GUILD_MEMBER_REMOVE is sent too
        else:
            self._guild.ban(member.user)
        return "ban"

    def _unban(self, line: TraceLine) -> str:
        known = self._people.get(line.user)
        if known is None or known.id not in self._guild.bans:
            return "refused"
        self._guild.unban(known.user)
        return "unban"

    def _member(self, name: str) -> Member | None:
        """Return the member of a name, who rejoins if necessary; None if banned."""
        known = self._people.get(name)
        if known is None:
            before = self._guild.member_count
            known = self._people[name] = self._guild.meet(name)
            if self._guild.member_count > before:  # the crowd is used up, so a new user joined
                self.sent["join"] += 1
        elif known.id in self._guild.bans:
            return None
        elif known.id not in self._guild.members:
            known = self._people[name] = self._guild.join(known.user)
            self.sent["join"] += 1
        return known


def _timed(lines: Sequence[TraceLine]) -> Iterator[tuple[float, TraceLine]]:
    """Yield each line with its seconds since the first midnight; the lines of a minute are spread over it."""
    for minute, group in groupby(lines, key=lambda line: line.minute):
        same = list(group)
        for index, line in enumerate(same):
            yield minute * 60 + 60 * (index + 0.5) / len(same), line


def _hour(moment: datetime) -> float:
    return moment.hour + moment.minute / 60
