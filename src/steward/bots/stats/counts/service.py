"""
The rules of the statistics bot: what is counted, what is kept, what the counters should show, for every guild.

It is told facts and calls nobody at Discord.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes

from steward.bots.stats.counts.facts import BANS, MOMENT, EventKind, MemberEvent, StreamPlace, Summary
from steward.bots.stats.counts.guild import GuildStats, Wish
from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.counts.store import Mark, StatsStore
from steward.bots.stats.intake.repeats import WITHIN, Deduplicator
from steward.bots.stats.setup.guild_settings import GuildSettings, StatsSection
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.runtime.waiting import wait_within

BOOKMARK_EVERY = 60.0
MAX_UNWRITTEN = 20_000
"""So many events wait for the database, 8 MB; the oldest are dropped for newer ones."""
FEW_UNWRITTEN, CAUGHT_UP_WITHIN = 150, 1.0  # events, seconds
SHOWN_WITHIN = 0.1  # names of counters are made once for all events in this time


class StatsService:
    """
    Keeps the statistics of all guilds.

    Args:
        release: told of a channel that is a counter no more.
        losses: told of events that are dropped while the database takes none.
        place: how far the events have been told; kept together with them.

    Attributes:
        recorded: events kept so far.

    """

    def __init__(
        self,
        settings: StatsSection,
        book: StatsStore,
        clock: Clock,
        *,
        wish: Wish,
        release: Callable[[int], None],
        single_events: Callable[[], bool],
        losses: Losses,
        place: Callable[[], StreamPlace | None] = lambda: None,
        may_name: Callable[[int, int], bool] = lambda _, __: True,
    ) -> None:
        self._single_events = single_events
        self.recorded = 0
        self._settings = settings
        self.book = book
        self._clock = clock
        self._wish = wish
        self._release = release
        self._place = place
        self._may_name = may_name
        self._salt = token_bytes(16)
        self._guilds: dict[int, GuildStats] = {}
        self._counted = Deduplicator()
        self._kept = Deduplicator()
        self._marks: dict[int, Mark] = {}
        self._moved: set[int] = set()
        self._to_show: set[int] = set()
        self._losses = losses
        self._unwritten: deque[MemberEvent] = deque()
        self._told = self._told_and_written = 0
        self._arrived = asyncio.Event()
        self._written = asyncio.Condition()
        self._room = FEW_UNWRITTEN
        self._isolation = Isolation("show counts")
        settings.watch(self._configured)

    @property
    def single_events(self) -> bool:
        """Whether joins and leaves are told one by one."""
        return self._single_events()

    @property
    def guilds(self) -> Mapping[int, GuildStats]:
        """Every guild that has been seen or set up."""
        return self._guilds

    @property
    def known(self) -> set[int]:
        """The guilds whose numbers are known, by this process or an earlier one."""
        return {*self._marks, *(key for key, stats in self._guilds.items() if stats.counts.members is not None)}

    def guild(self, guild_id: int) -> GuildStats:
        stats = self._guilds.get(guild_id)
        if stats is None:
            settings = self._settings.of(guild_id)
            stats = GuildStats(guild_id, settings, self._wish, single_events=self._single_events)
            stats.configure(settings)
            self._guilds[guild_id] = stats
        return stats

    async def load(self) -> None:
        """Read the counts of the place where the last process stopped; what it missed moves them (`happened`)."""
        self._marks = await self.book.marks()
        # What the last process kept of one session may be told by another, under another name.
        for event in await self.book.last(WITHIN, self._clock.now()):
            self._kept.is_one(event, event.at)

    def seen(
        self, guild_id: int, name: str, members: int, channels: Mapping[int, str], *, continues: bool
    ) -> int | None:
        """
        Take over a guild as Discord describes it when a session begins.

        Args:
            members: the exact number of its members.
            continues: whether nothing has been missed since the last process: then its number of bans still holds.

        Returns:
            By how many the members have grown, untold, since they were last known; None when that is not known.

        """
        stats, mark = self.guild(guild_id), self._marks.pop(guild_id, None)
        before = stats.counts.members
        if mark is not None:
            before = mark.members if before is None else before
            if continues and stats.counts.bans is None:
                stats.counts.bans = mark.bans
        stats.seen(name, members, channels)
        self._moved.add(guild_id)
        return None if before is None else members - before

    def left(self, guild_id: int) -> None:
        """Note that the bot is in a guild no more: its channels are left alone, and all that was kept stays."""
        stats = self._guilds.pop(guild_id, None)
        if stats is not None and stats.counts.members is not None:
            self._marks[guild_id] = Mark(stats.counts.members, None)
        for counter in stats.counters if stats is not None else ():
            self._release(counter.channel_id)

    def polled(self, guild_id: int, members: int, online: int) -> None:
        """Take over Discord's approximate counts of a guild."""
        stats = self.guild(guild_id)
        stats.polled(members, online)
        self._moved.add(guild_id)
        stats.turn_to(self._clock.now())
        self.book.sample(stats.counts, self._clock.now())

    def take_sample(self, guild_id: int, at: datetime) -> None:
        """Keep a guild's counts of now as those of an instant just past."""
        self.book.sample(self.guild(guild_id).counts, at)

    def in_voice(self, guild_id: int, people: int) -> None:
        """Take over how many members of a guild are in voice."""
        stats = self.guild(guild_id)
        stats.counts.voice = people
        self._show_soon(guild_id)

    def bans_counted(self, guild_id: int, bans: int) -> None:
        """Take over the number of a guild's bans, counted one by one."""
        stats = self.guild(guild_id)
        stats.counts.bans = bans
        self._moved.add(guild_id)
        stats.changed()

    def happened(self, event: MemberEvent, *, past: bool = False) -> None:
        """
        Count an event and have it kept, unless it says nothing new.

        Args:
            past: told by the session of an earlier process: kept, but the member count that came with the present
                session contains it already.

        """
        is_ban = event.kind in BANS
        told_at = self._clock.now() if event.kind is EventKind.JOIN else event.at  # only joins say when they happened
        if (is_ban or not past) and not self._counted.is_one(event, told_at):
            self.guild(event.guild_id).count(event)
            self._show_soon(event.guild_id)
            self._moved.add(event.guild_id)
            if is_ban:
                self._follow(event)
        if not self._kept.is_one(event, told_at):
            if past and not is_ban:
                self._follow(event)
            self.keep(event)
        else:
            # Told by two sessions under two names: the place must pass it soon, or the next process would keep it.
            self._arrived.set()

    def keep(self, *events: MemberEvent) -> None:
        """Have events kept that move no count; one whose origin is known is passed over."""
        for event in events:
            named = self._may_name(event.guild_id, event.user_id)
            self._unwritten.append(event if named else event.nameless(self._salt))
        self._drop_oldest()
        self.mark()

    def _drop_oldest(self) -> None:
        while len(self._unwritten) > MAX_UNWRITTEN:
            event = self._unwritten.popleft()
            step = 0 if event.kind in BANS else event.kind.step
            self._losses.note(event.guild_id, event.at, event.at + MOMENT, step=step)

    def _show_soon(self, guild_id: int) -> None:
        if not self._to_show:
            asyncio.get_running_loop().call_later(SHOWN_WITHIN, self._show)
        self._to_show.add(guild_id)

    def _show(self) -> None:
        guilds, self._to_show = self._to_show, set()
        for guild_id in guilds & self._guilds.keys():
            with self._isolation.item(guild_id):
                self._guilds[guild_id].changed()

    async def write_events(self) -> None:
        """Keep what happens, as soon as it happens, for ever; what cannot be written now is kept for the next try."""
        while True:
            await wait_within(self._arrived, BOOKMARK_EVERY)
            self._arrived.clear()
            try:
                await self._write_all()
            except BaseException:
                self._arrived.set()
                raise

    def mark(self) -> None:
        """Have the present place kept soon, even if nothing has happened; `flush` waits for it."""
        self._told += 1
        self._arrived.set()

    async def flush(self) -> None:
        """Return once everything that has happened until now is kept; what happens meanwhile is not waited for."""
        told = self._told
        async with self._written:
            await self._written.wait_for(lambda: self._told_and_written >= told)
        await self.book.flush()

    async def catch_up(self) -> None:
        """
        Return once few events wait for the database, or after a second; then only when a few more have come.

        A thread that writes while events are read gets so little of Python that thousands would gather, and the memory
        that they took stays with the process: 10 MB after a raid. A database that takes nothing holds up little.
        """
        if len(self._unwritten) <= self._room:
            return
        try:
            async with asyncio.timeout(CAUGHT_UP_WITHIN), self._written:
                await self._written.wait_for(lambda: len(self._unwritten) <= FEW_UNWRITTEN)
        except TimeoutError:
            self._room = len(self._unwritten) + FEW_UNWRITTEN  # until it has written again

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

    async def today(self, guild_id: int, midnight: datetime) -> dict[EventKind, int]:
        """Count a guild's events since `midnight`, this moment included."""
        return await self.book.counts_between(guild_id, midnight, self._clock.now() + MOMENT)

    async def summary(self, guild_id: int, begin: datetime, end: datetime, *, names: int) -> Summary:
        """Sum up `[begin, end)` of a guild, with so many names of each kind; what has happened is kept first."""
        await self.flush()
        return await self.book.summary(guild_id, begin, end, names=names)

    def _follow(self, event: MemberEvent) -> None:
        """Move the counts of the last process as the present ones, until a session has brought new ones."""
        mark = self._marks.get(event.guild_id)
        if mark is not None:
            mark.follow(event)
        self._moved.add(event.guild_id)

    async def _write_all(self) -> None:
        """
        Write until nothing waits; the place once at least, as it holds the instant up to which all was read.

        The place moves with everything that Discord tells, so it is not waited for: the next batch catches up.
        """
        while True:
            # Taken together: the place covers the batch, and the counts are those of the place.
            await self._losses.mark()
            batch, place, moved, told = list(self._unwritten), self._place(), self._moved, self._told
            if batch or place is not None:
                self._moved = set()
                self._unwritten.clear()
                try:
                    await self.book.record(batch, place, {guild_id: self._mark(guild_id) for guild_id in moved})
                except BaseException:
                    self._moved |= moved
                    self._unwritten.extendleft(reversed(batch))
                    self._drop_oldest()
                    raise
                if place is None:
                    self._moved |= moved
            self.recorded += len(batch)
            self._told_and_written, self._room = told, FEW_UNWRITTEN
            async with self._written:
                self._written.notify_all()
            if not self._unwritten:
                break

    def _mark(self, guild_id: int) -> Mark:
        mark = self._marks.get(guild_id)
        if mark is not None:
            return replace(mark)
        counts = self.guild(guild_id).counts
        return Mark(counts.members, counts.bans)

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
