"""
The rules of the statistics bot: what is counted, what is kept, what the counters should show, for every guild.

It is told facts and calls nobody at Discord.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from steward.bots.stats.facts import Kind, MemberEvent, Place, Summary
from steward.bots.stats.guild import GuildStats, Wish
from steward.bots.stats.guild_settings import GuildSettings
from steward.bots.stats.repeats import Repeats
from steward.bots.stats.settings_book import SettingsBook
from steward.bots.stats.store import StatsStore
from steward.runtime.clock import Clock

MOMENT = timedelta(milliseconds=1)

BOOKMARK_EVERY = 30.0


class StatsService:
    """
    Keeps the statistics of all guilds.

    Args:
        settings: what each guild has set up.
        book: where events and counts are kept.
        clock: the time.
        wish: told the name each counter channel should have.
        release: told of a channel that is a counter no more.
        single_events: whether joins and leaves are told one by one (the Server Members intent).
        place: how far the events have been told; kept together with them.

    """

    def __init__(
        self,
        settings: SettingsBook,
        book: StatsStore,
        clock: Clock,
        *,
        wish: Wish,
        release: Callable[[int], None],
        single_events: bool,
        place: Callable[[], Place | None] = lambda: None,
    ) -> None:
        self.single_events = single_events
        self.recorded = 0
        self._settings = settings
        self._book = book
        self._clock = clock
        self._wish = wish
        self._release = release
        self._place = place
        self._guilds: dict[int, GuildStats] = {}
        self._kept_place: Place | None = None
        self._counted = Repeats()
        self._kept = Repeats()
        self._unwritten: deque[MemberEvent] = deque()
        self._arrived = asyncio.Event()
        self._written = asyncio.Event()
        self._written.set()
        settings.watch(self._configured)

    @property
    def guilds(self) -> Mapping[int, GuildStats]:
        """Every guild that has been seen or set up."""
        return self._guilds

    def guild(self, guild_id: int) -> GuildStats:
        """Return the live numbers of a guild."""
        stats = self._guilds.get(guild_id)
        if stats is None:
            settings = self._settings.of(guild_id)
            stats = GuildStats(guild_id, settings, self._wish, single_events=self.single_events)
            stats.configure(settings)
            self._guilds[guild_id] = stats
        return stats

    def left(self, guild_id: int) -> None:
        """Note that the bot is in a guild no more: its channels are left alone, and all that was kept stays."""
        stats = self._guilds.pop(guild_id, None)
        for counter in stats.counters if stats is not None else ():
            self._release(counter.channel_id)

    def polled(self, guild_id: int, members: int, online: int) -> None:
        """Take over Discord's approximate counts of a guild."""
        stats = self.guild(guild_id)
        stats.polled(members, online)
        stats.turn_to(self._clock.now())
        self._book.sample(stats.counts, self._clock.now())

    def bans_counted(self, guild_id: int, bans: int) -> None:
        """Take over the number of a guild's bans, counted one by one."""
        stats = self.guild(guild_id)
        stats.counts.bans = bans
        stats.changed()

    def happened(self, event: MemberEvent, *, past: bool = False) -> None:
        """
        Count an event and have it kept, unless it says nothing new.

        Args:
            event: what happened.
            past: told by the session of an earlier process: kept, but the present counts contain it already.

        """
        now = self._clock.now()
        if not past and not self._counted.is_one(event, now):
            self.guild(event.guild_id).count(event)
        if not self._kept.is_one(event, now):
            self._unwritten.append(event)
            self._written.clear()
            self._arrived.set()

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
        """Return the texts that the presence turns through: the sums over all guilds."""
        every = [stats.counts for stats in self._guilds.values()]
        shown = (
            ([counts.members for counts in every], "members"),
            ([counts.online for counts in every], "online"),
            ([counts.bans for counts in every], "bans"),
        )
        known = [([value for value in values if value is not None], label) for values, label in shown]
        return [f"{sum(values):,} {label}" for values, label in known if values]

    async def today(self, guild_id: int, midnight: datetime) -> dict[Kind, int]:
        """Count a guild's events since `midnight`, this moment included."""
        return await self._book.counts_between(guild_id, midnight, self._clock.now() + MOMENT)

    async def summary(self, guild_id: int, begin: datetime, end: datetime, *, names: int) -> Summary:
        """Sum up `[begin, end)` of a guild, with so many names of each kind; what has happened is kept first."""
        await self.flush()
        return await self._book.summary(guild_id, begin, end, names=names)

    async def latest(self, guild_id: int, kind: Kind, limit: int) -> list[MemberEvent]:
        """Return the newest events of a kind in a guild."""
        return await self._book.latest(guild_id, kind, limit)

    async def _write_all(self) -> None:
        while self._unwritten or self._place() != self._kept_place:
            batch, place = list(self._unwritten), self._place()  # taken together: the place covers the batch
            await self._book.record(batch, place)
            self._kept_place = place
            for _ in batch:
                self._unwritten.popleft()
            self.recorded += len(batch)
        self._written.set()

    def _configured(self, guild_id: int, settings: GuildSettings) -> None:
        stats = self._guilds.get(guild_id)
        if stats is None:
            self.guild(guild_id)
            return
        kept = {counter.channel_id for counter in settings.counters}
        for counter in stats.counters:
            if counter.channel_id not in kept:
                self._release(counter.channel_id)
        stats.configure(settings)
