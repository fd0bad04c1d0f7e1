"""
The rules of the statistics bot: what the counts are, what is kept, what the counters should show.

It is told facts and calls nobody at Discord. Member counts follow joins and leaves from the exact number that comes
with each connection. Discord's approximate number is taken for them only where single events are not told, or where
the two have been far apart for three readings: then events have been lost.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from steward.bots.stats.counters import Counter
from steward.bots.stats.facts import GuildCounts, Kind, MemberEvent, Place, Summary
from steward.bots.stats.repeats import Repeats
from steward.bots.stats.store import StatsStore
from steward.runtime.clock import Clock

MOMENT = timedelta(milliseconds=1)

BOOKMARK_EVERY = 30.0
GAP, LEAST_GAP, READINGS = 0.02, 5, 3

Wish = Callable[[int, str], None]


class StatsService:
    """
    Keeps the statistics of one guild.

    Args:
        guild_id: the guild.
        book: where events and counts are kept.
        clock: the time.
        counters: the channels that show a number.
        wish: called with a channel's id and the name it should have.
        single_events: whether joins and leaves are told one by one (the Server Members intent).
        place: how far the events have been told; kept together with them.

    """

    def __init__(
        self,
        guild_id: int,
        book: StatsStore,
        clock: Clock,
        *,
        counters: Sequence[Counter],
        wish: Wish,
        single_events: bool,
        place: Callable[[], Place | None] = lambda: None,
    ) -> None:
        self.guild_id = guild_id
        self.counts = GuildCounts(guild_id)
        self.counters = tuple(counters)
        self.single_events = single_events
        self.recorded = 0
        self._book = book
        self._clock = clock
        self._wish = wish
        self._place = place
        self._kept_place: Place | None = None
        self._counted = Repeats()
        self._kept = Repeats()
        self._far_apart = 0
        self._unwritten: deque[MemberEvent] = deque()
        self._arrived = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()

    def guild_seen(self, name: str, members: int, channels: dict[int, str]) -> None:
        """Take over a guild as Discord describes it at connection: its exact count and its channels' names."""
        self.counts.name = name
        self.counts.members = members
        self._far_apart = 0
        for counter in self.counters:
            if counter.channel_id in channels:
                counter.adopt(channels[counter.channel_id])
        self._changed()

    def channel_renamed(self, channel_id: int, name: str) -> None:
        """Follow an administrator who gives a counter another label."""
        for counter in self.counters:
            if counter.channel_id == channel_id:
                counter.adopt(name)
                self._changed()

    def polled(self, members: int, online: int) -> None:
        """Take over Discord's approximate counts."""
        counts = self.counts
        counts.online = online
        exact = counts.members if self.single_events else None
        far = exact is not None and abs(members - exact) > max(LEAST_GAP, exact * GAP)
        self._far_apart = self._far_apart + 1 if far else 0
        if exact is None or self._far_apart >= READINGS:
            counts.members = members
            self._far_apart = 0
        self._changed()
        self._book.sample(counts, self._clock.now())

    def bans_counted(self, bans: int) -> None:
        """Take over the number of bans, counted one by one."""
        self.counts.bans = bans
        self._changed()

    def happened(self, event: MemberEvent, *, past: bool = False) -> None:
        """
        Count an event and have it kept, unless it says nothing new.

        Args:
            event: what happened.
            past: told by the session of an earlier process: kept, but the present counts contain it already.

        """
        now = self._clock.now()
        if not past and not self._counted.is_one(event, now):
            self._count(event)
        if not self._kept.is_one(event, now):
            self._unwritten.append(event)
            self._written.clear()
            self._arrived.set()

    def _count(self, event: MemberEvent) -> None:
        counts = self.counts
        if event.kind is Kind.JOIN and counts.members is not None:
            counts.members += 1
        elif event.kind is Kind.LEAVE and counts.members is not None:
            counts.members -= 1
        elif event.kind is Kind.BAN and counts.bans is not None:
            counts.bans += 1
        elif event.kind is Kind.UNBAN and counts.bans is not None:
            counts.bans -= 1
        self._changed()

    async def write_events(self) -> None:
        """Keep what happens, as soon as it happens, for ever; what cannot be written now is kept for the next try."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BOOKMARK_EVERY):
                    await self._arrived.wait()
            self._arrived.clear()
            try:
                await self._write_all()
            except BaseException:
                self._arrived.set()
                raise

    def mark(self) -> None:
        """Have the present place kept soon, even if nothing has happened."""
        self._arrived.set()

    async def flush(self) -> None:
        """Return once everything that has happened is kept."""
        await self._written.wait()
        await self._book.flush()

    def presence(self) -> list[str]:
        """Return the texts that the presence turns through."""
        counts = self.counts
        shown = ((counts.members, "members"), (counts.online, "online"), (counts.bans, "bans"))
        return [f"{value:,} {label}" for value, label in shown if value is not None]

    async def today(self, midnight: datetime) -> dict[Kind, int]:
        """Count the events since `midnight`, this moment included."""
        return await self._book.counts_between(self.guild_id, midnight, self._clock.now() + MOMENT)

    async def summary(self, begin: datetime, end: datetime, *, names: int) -> Summary:
        """Sum up `[begin, end)`, with so many names of each kind; what has happened is kept first."""
        await self.flush()
        return await self._book.summary(self.guild_id, begin, end, names=names)

    async def latest(self, kind: Kind, limit: int) -> list[MemberEvent]:
        """Return the newest events of a kind."""
        return await self._book.latest(self.guild_id, kind, limit)

    async def _write_all(self) -> None:
        while self._unwritten or self._place() != self._kept_place:
            batch, place = list(self._unwritten), self._place()  # taken together: the place covers the batch
            await self._book.record(batch, place)
            self._kept_place = place
            for _ in batch:
                self._unwritten.popleft()
            self.recorded += len(batch)
        self._written.set()

    def _changed(self) -> None:
        for counter in self.counters:
            name = counter.name(self.counts)
            if name is not None:
                self._wish(counter.channel_id, name)
