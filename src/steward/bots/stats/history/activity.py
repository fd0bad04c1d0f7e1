"""
Messages and time in voice, tallied in memory and added to the tables every few seconds.

A crash loses what was tallied since: at most five seconds of messages and a minute of voice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.history.calendar import Calendars, Level, TimeBucket
from steward.bots.stats.history.series import ACTIVITY
from steward.client.payloads import AHEAD
from steward.guilds.privacy.kept import OptOuts
from steward.runtime.bounded_dict import BoundedDict
from steward.runtime.clock import Clock
from steward.store import Store, Transaction, from_millis, kv, to_millis

WRITE_EVERY = 5.0
NEWEST = "stats.newest_message"

MAX_TALLIES = 50_000
"""So many of channels, and of members, wait for the database, 17 MB each; the oldest are dropped for newer ones."""

REMEMBERED = 1000
"""So many of the newest messages are known by their ids."""

_NEVER = TimeBucket(0, 0)


@dataclass(slots=True)
class ActivityTally:
    """What happened in one hour of a channel, or one day of a member."""

    messages: int = 0
    voice_seconds: int = 0

    def add(self, other: ActivityTally) -> None:
        """Add another to it."""
        self.messages += other.messages
        self.voice_seconds += other.voice_seconds


@dataclass(slots=True)
class _Guild:
    """The hour and the day that is being counted in a guild; looking them up anew for each message would cost more."""

    count_people: bool
    hour: TimeBucket = _NEVER
    day: int = 0


Key = tuple[int, int, int]
"""Guild, first instant of the hour (or the day), channel (or member)."""

Buckets = dict[tuple[int, int], list[tuple[Level, int]]]
"""By guild and instant: the levels and the first instants of what they are part of."""


class Activity:
    """
    Counts messages and voice time of all guilds.

    Args:
        counts_people: whether members are counted one by one in a guild.
        losses: told of tallies that are dropped while the database takes none.

    """

    def __init__(
        self,
        store: Store,
        calendars: Calendars,
        clock: Clock,
        *,
        counts_people: Callable[[int], bool],
        opt_outs: OptOuts,
        losses: Losses,
    ) -> None:
        self._store = store
        self._calendars = calendars
        self._clock = clock
        self._counts_people = counts_people
        self._opt_outs = opt_outs
        self._losses = losses
        self._guilds: dict[int, _Guild] = {}
        self._channels: dict[Key, ActivityTally] = {}
        self._members: dict[Key, ActivityTally] = {}
        self._newest = 0
        self._newest_past = 0
        self._told = BoundedDict[int, None](REMEMBERED)
        self._writing = asyncio.Lock()
        self._tallied = asyncio.Event()
        add = [measure.value for measure in ACTIVITY]
        upsert = store.dialect.upsert
        self._add_to_series = upsert("stats_series", key=("guild_id", "level", "at"), add=add)
        self._add_to_channels = upsert("stats_channels", key=("guild_id", "level", "at", "channel_id"), add=add)
        self._add_to_members = upsert("stats_members", key=("guild_id", "level", "at", "user_id"), add=add)

    async def load(self) -> None:
        """Read which message was counted last."""
        self._newest = int(await self._store.read(lambda tx: kv.get(tx, NEWEST)) or 0)

    def configured(self, guild_id: int, _: object) -> None:
        """Forget what is remembered of a guild's settings: they have changed."""
        self._guilds.pop(guild_id, None)

    def message(self, guild_id: int, channel_id: int, user_id: int, message_id: int, at: int) -> None:
        """Count a message; `at`: its instant in milliseconds."""
        if message_id <= self._newest_past or self._is_repeated(message_id):
            return  # told by the session of the earlier process, too, or twice by this one
        if message_id > self._newest and at <= to_millis(self._clock.now() + AHEAD):
            self._newest = message_id  # an id of a time to come would have all others taken for counted
        self._count(guild_id, channel_id, user_id, at, messages=1)

    def _is_repeated(self, message_id: int) -> bool:
        """Tell whether a message was told before: Discord may repeat an event (docs: Reference > "Consistency")."""
        if message_id in self._told:
            return True
        self._told[message_id] = None
        return False

    def past_message(self, guild_id: int, channel_id: int, user_id: int, message_id: int, at: int) -> None:
        """Count a message told by the session of an earlier process, unless that process has counted it."""
        if message_id > self._newest:
            if at <= to_millis(self._clock.now() + AHEAD):
                self._newest = self._newest_past = message_id
            self._count(guild_id, channel_id, user_id, at, messages=1)

    def voice(self, guild_id: int, channel_id: int, user_id: int, begin: int, end: int) -> None:
        """Count whole seconds in voice, from one instant to another in milliseconds, each in its own hour."""
        calendar = self._calendars.of(guild_id)
        while begin < end:
            until = min(end, calendar.bucket(Level.HOUR, begin).end)
            self._count(guild_id, channel_id, user_id, begin, voice_seconds=until // 1000 - begin // 1000)
            begin = until

    def forget_member(self, guild_id: int, user_id: int) -> None:
        """Drop what is tallied of a member."""
        for key in [key for key in self._members if (key[0], key[2]) == (guild_id, user_id)]:
            del self._members[key]

    async def run(self) -> None:
        """Write what is tallied a few seconds after it was, for ever."""
        while True:
            await self._tallied.wait()
            await asyncio.sleep(WRITE_EVERY)
            self._tallied.clear()
            await self.flush()

    async def flush(self) -> None:
        """
        Write what is tallied, in one transaction; in parts where one tally can't be written, which is skipped.

        Raises:
            NotReady: the database cannot be written now; the tallies are kept for the next time.

        """
        async with self._writing:
            await self._losses.mark()
            channels, members, newest = self._channels, self._members, self._newest
            if not channels and not members:
                return
            self._channels, self._members = {}, {}
            try:
                await self._write(channels, members, newest)
            finally:
                if channels or members:  # the oldest first: they are dropped first
                    self._channels, self._members = _merged(channels, self._channels), _merged(members, self._members)
                    self._drop_oldest()
                    self._tallied.set()

    async def _write(self, channels: dict[Key, ActivityTally], members: dict[Key, ActivityTally], newest: int) -> None:
        """Write tallies and take them out; what can't be written now is left in."""
        try:
            await self._store.write(self._work(channels, members, newest))
        except Exception as error:
            if not self._store.is_content_error(error):
                raise
            await self._write_apart(channels, lambda some: self._work(some, {}, newest))
            await self._write_apart(members, lambda some: self._work({}, some, newest))
        else:
            channels.clear()
            members.clear()

    async def _write_apart(
        self,
        tallies: dict[Key, ActivityTally],
        work: Callable[[dict[Key, ActivityTally]], Callable[[Transaction], None]],
    ) -> None:
        async def write(some: Sequence[tuple[Key, ActivityTally]]) -> None:
            await self._store.write(work(dict(some)))

        dealt = self._store.skipper.writing("activity", tuple(tallies.items()), write, ids=lambda one: one[0])
        async for some in dealt:
            for key, _ in some:
                del tallies[key]

    def _count(
        self, guild_id: int, channel_id: int, user_id: int, at: int, *, messages: int = 0, voice_seconds: int = 0
    ) -> None:
        guild = self._guilds.get(guild_id)
        if guild is None:
            guild = self._guilds[guild_id] = _Guild(self._counts_people(guild_id))
        if not guild.hour.begin <= at < guild.hour.end:
            calendar = self._calendars.of(guild_id)
            guild.hour, guild.day = calendar.bucket(Level.HOUR, at), calendar.bucket(Level.DAY, at).begin
        keys = [(self._channels, (guild_id, guild.hour.begin, channel_id))]
        if guild.count_people and (guild_id, user_id) not in self._opt_outs:
            keys.append((self._members, (guild_id, guild.day, user_id)))
        for tallies, key in keys:
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = ActivityTally()
                self._drop_oldest()
            tally.messages += messages
            tally.voice_seconds += voice_seconds
        self._tallied.set()

    def _drop_oldest(self) -> None:
        for tallies, level in ((self._channels, Level.HOUR), (self._members, Level.DAY)):
            while len(tallies) > MAX_TALLIES:
                guild_id, at, _ = key = next(iter(tallies))
                del tallies[key]
                end = from_millis(self._calendars.of(guild_id).bucket(level, at).end)
                self._losses.note(guild_id, from_millis(at), max(from_millis(at + 1), min(end, self._clock.now())))

    def _work(
        self, channels: dict[Key, ActivityTally], members: dict[Key, ActivityTally], newest: int
    ) -> Callable[[Transaction], None]:
        of_channels = self._buckets(channels, (Level.HOUR, Level.DAY))
        of_members = self._buckets(members, (Level.DAY, Level.MONTH))
        by_guild: dict[tuple[int, ...], ActivityTally] = {}
        for guild_id, level, begin, _, *tally in _rows(channels, of_channels):
            by_guild.setdefault((guild_id, level, begin), ActivityTally()).add(ActivityTally(*tally))

        def work(tx: Transaction) -> None:
            # Rows are made one by one: a list of all who wrote in a busy moment would take 1 MB.
            tx.executemany(
                self._add_to_series, ((*key, one.messages, one.voice_seconds) for key, one in by_guild.items())
            )
            tx.executemany(self._add_to_channels, _rows(channels, of_channels))
            tx.executemany(self._add_to_members, _rows(members, of_members))
            kv.put(tx, NEWEST, str(newest))

        return work

    def _buckets(self, tallies: Iterable[Key], levels: Sequence[Level]) -> Buckets:
        """Say where each guild and instant belong; looked up here, as calendars are not for other threads."""
        instants = {(guild_id, at) for guild_id, at, _ in tallies}
        return {
            (guild_id, at): [(level, self._calendars.of(guild_id).bucket(level, at).begin) for level in levels]
            for guild_id, at in instants
        }


def _rows(tallies: Mapping[Key, ActivityTally], buckets: Buckets) -> Iterator[tuple[int, ...]]:
    """Yield (guild, level, bucket, channel or member, messages, seconds); one bucket may come more than once."""
    for (guild_id, at, who), tally in tallies.items():
        for level, begin in buckets[guild_id, at]:
            yield (guild_id, level, begin, who, tally.messages, tally.voice_seconds)


def _merged(earlier: dict[Key, ActivityTally], later: dict[Key, ActivityTally]) -> dict[Key, ActivityTally]:
    for key, tally in later.items():
        earlier.setdefault(key, ActivityTally()).add(tally)
    return earlier
