"""Plays a trace in a guild, each act at its time."""

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
_NIGHT_LOSS = 0.45  # at the quietest hour this share of those online at the busiest is away
_LONGEST_TEXT = 2000
_BREATH = 300.0


def share_online(hour: float) -> float:
    """Return how many of the busiest hour's people are online at an hour of the day, as a share of 1."""
    return 1 - _NIGHT_LOSS * (1 - cos((hour - _BUSIEST_HOUR) / 24 * tau)) / 2


class Replay:
    """
    Plays a trace.

    A user of the trace who acts without having joined is one of the guild's members; one who joins while a member is
    counted as `already_member`, and nothing is sent. The lines of a minute are spread over it.

    `sent` counts by kind what was done (a ban of a member is a leave as well); besides the trace's kinds there are
    `already_member`, `refused` (a banned user acts, a ban that is one already) and `empty` (a message without text).
    `played` of `total` lines are done.

    Args:
        trace: what happens.
        guild: where.
        channels: where people speak, each user mostly in the same.
        clock: the time.
        start: when the trace's first midnight is; by default such that the first act happens now.
        breathe: whether the crowd's online count follows the hour of the day.

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
            raise ValueError("A replay needs at least one text channel to speak in.")
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
        """Play the trace to its end; acts whose time is past are played at once."""
        if not self._trace.lines:
            return
        midnight = self._midnight()
        async with asyncio.TaskGroup() as group:
            breathing = group.create_task(self._breathe_on()) if self._breathe else None
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

    async def _breathe_on(self) -> None:
        hour = _hour(self._clock.now())
        most = round(self._guild.online_count / share_online(hour))
        last = self._guild.online_count
        while True:
            await asyncio.sleep(_BREATH)
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
            self.sent["leave"] += 1  # whoever is banned leaves, and that is told too
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
        """Return who acts under a name; one who left comes back first (a join), one who is banned cannot."""
        known = self._people.get(name)
        if known is None:
            before = self._guild.member_count
            known = self._people[name] = self._guild.meet(name)
            if self._guild.member_count > before:  # nobody was left to meet: a newcomer
                self.sent["join"] += 1
        elif known.id in self._guild.bans:
            return None
        elif known.id not in self._guild.members:
            known = self._people[name] = self._guild.join(known.user)
            self.sent["join"] += 1
        return known


def _timed(lines: Sequence[TraceLine]) -> Iterator[tuple[float, TraceLine]]:
    """Yield each line with its seconds since the first midnight: those of a minute spread over it."""
    for minute, group in groupby(lines, key=lambda line: line.minute):
        same = list(group)
        for place, line in enumerate(same):
            yield minute * 60 + 60 * (place + 0.5) / len(same), line


def _hour(moment: datetime) -> float:
    return moment.hour + moment.minute / 60
