"""
Who sits in voice, and for how long.

Time is counted while Discord's events arrive; what happens without them is not known and not counted. The event that
says that somebody has gone may be lost: where nothing is heard of somebody for `UNHEARD`, their time stops counting
until something is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.store import to_millis

COUNT_EVERY = 60.0
DOUBTFUL = 3 * 3_600_000  # milliseconds
UNHEARD = DOUBTFUL + 1_800_000

Sat = Callable[[int, int, int, int, int], None]
"""Takes a guild, a channel, a user, and from when to when that user sat there, in milliseconds since the epoch."""


@dataclass(slots=True)
class _Sitting:
    """
    Somebody in a channel.

    Attributes:
        since: up to when the time has been counted, in milliseconds.
        heard_at: when Discord last said that they sit there, in milliseconds.
        put_off_at: when asking for them was last put off, in milliseconds.

    """

    channel_id: int
    since: int
    heard_at: int
    put_off_at: int = 0


class VoiceTime:
    """
    Follows who is where.

    Args:
        hears: whether Discord's events arrive.

    """

    def __init__(self, clock: Clock, *, hears: Callable[[], bool]) -> None:
        self._clock = clock
        self._hears = hears
        self._guilds: dict[int, dict[int, _Sitting]] = {}
        self._sat: list[Sat] = []
        self._number: list[Callable[[int, int], None]] = []
        self._isolation = Isolation("count time in voice")

    def on_sat(self, sink: Sat) -> None:
        """Have `sink` called with each span of a sitting: every minute, and at its end."""
        self._sat.append(sink)

    def on_number(self, sink: Callable[[int, int], None]) -> None:
        """Have `sink` called with a guild and how many sit in voice there, whenever that changes."""
        self._number.append(sink)

    def moved(self, guild_id: int, user_id: int, channel_id: int | None) -> None:
        """Note where somebody sits from now on; None for nowhere."""
        sitting = self._guilds.get(guild_id, {}).get(user_id)
        now = self._now()
        if sitting is not None and sitting.channel_id == channel_id:
            sitting.heard_at = now
            return  # muted, deafened, on camera: no move
        if sitting is not None:
            self._count(guild_id, user_id, sitting, now)
            del self._guilds[guild_id][user_id]
        if channel_id is not None:
            self._guilds.setdefault(guild_id, {})[user_id] = _Sitting(channel_id, now, now)
        self._tell(guild_id, len(self._guilds.get(guild_id, ())))

    def seen(self, guild_id: int, places: Mapping[int, int]) -> None:
        """
        Take over who sits where (channel by user), as Discord says at the beginning of a session.

        What they did since they were last heard of is not known, so they sit there from now on.
        """
        now = self._now()
        self._guilds.pop(guild_id, None)
        if places:
            self._guilds[guild_id] = {user_id: _Sitting(channel_id, now, now) for user_id, channel_id in places.items()}
        self._tell(guild_id, len(places))

    def channel_of(self, guild_id: int, user_id: int) -> int | None:
        """Return the channel in which somebody sits, as far as it is known; None for none."""
        sitting = self._guilds.get(guild_id, {}).get(user_id)
        return None if sitting is None else sitting.channel_id

    def sitting_in(self, guild_id: int, channel_id: int) -> list[int]:
        """Return who sits in a channel, as far as it is known."""
        sittings = self._guilds.get(guild_id, {})
        return sorted(user_id for user_id, sitting in sittings.items() if sitting.channel_id == channel_id)

    def doubtful(self) -> list[tuple[int, int]]:
        """Return guild and user of those to ask for: nothing was heard of them for three hours, while events arrive."""
        if not self._hears():
            return []
        before = self._now() - DOUBTFUL
        return [
            (guild_id, user_id)
            for guild_id, sittings in self._guilds.items()
            for user_id, sitting in sittings.items()
            if max(sitting.heard_at, sitting.put_off_at) <= before
        ]

    def is_doubtful(self, guild_id: int, user_id: int) -> bool:
        """Return whether somebody is taken to sit in voice, and nothing was heard of them for three hours."""
        sitting = self._guilds.get(guild_id, {}).get(user_id)
        return sitting is not None and sitting.heard_at <= self._now() - DOUBTFUL

    def put_off(self, guild_id: int, user_id: int) -> None:
        """Have somebody asked for only after another three hours."""
        sitting = self._guilds.get(guild_id, {}).get(user_id)
        if sitting is not None:
            sitting.put_off_at = self._now()

    def emptied(self, guild_id: int, channel_id: int) -> None:
        """Note that nobody sits in a channel any more: it was deleted."""
        sittings = self._guilds.get(guild_id, {})
        for user_id in [user_id for user_id, sitting in sittings.items() if sitting.channel_id == channel_id]:
            self.moved(guild_id, user_id, None)

    def gone(self, guild_id: int) -> None:
        """Forget a guild that cannot be seen any more."""
        self._guilds.pop(guild_id, None)

    async def run(self) -> None:
        """Count every minute, for ever."""
        while True:
            await asyncio.sleep(COUNT_EVERY)
            self.count()

    def count(self) -> None:
        """Count the time up to now; time in which nothing was heard is passed over."""
        now, hears = self._now(), self._hears()
        for guild_id, sittings in self._guilds.items():
            with self._isolation.item(guild_id):
                for user_id, sitting in sittings.items():
                    if hears:
                        self._count(guild_id, user_id, sitting, now)
                    sitting.since = now

    def _count(self, guild_id: int, user_id: int, sitting: _Sitting, now: int) -> None:
        since, until = sitting.since, min(now, sitting.heard_at + UNHEARD)
        sitting.since = now  # whatever comes of it: nothing is counted twice
        if since < until:
            for sink in self._sat:
                sink(guild_id, sitting.channel_id, user_id, since, until)

    def _tell(self, guild_id: int, people: int) -> None:
        for sink in self._number:
            sink(guild_id, people)

    def _now(self) -> int:
        return to_millis(self._clock.now())
