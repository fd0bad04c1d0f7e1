"""All that keeps and reads the series, on one database, with words for what happens."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.counts.facts import GuildCounts, MemberEvent
from steward.bots.stats.counts.store import StatsStore
from steward.bots.stats.history.series import FLOWS, Span
from steward.bots.stats.history.timeline import make_timeline
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.guilds.guilds import kept_by_guilds
from steward.guilds.privacy.kept import OptOuts
from steward.guilds.zones.zones import MemberZones
from steward.store import open_store, to_millis
from steward.store.queries.cache import QueryCache

GUILD = 10
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Book:
    """The timeline of one guild."""

    def __init__(self, store, clock, **settings):
        self.settings = GuildSettings(**settings)
        self.opt_outs = OptOuts(store)
        self.queries = QueryCache(store, monotonic=clock.monotonic)
        self.timeline = make_timeline(
            store,
            self.queries,
            clock,
            lambda _: self.settings,
            self.opt_outs,
            counted=lambda: FLOWS,
            keep_people=timedelta(days=400),
        )
        self.store = store
        self.activity, self.history = self.timeline.activity, self.timeline.history
        self.events = StatsStore(store, self.timeline.gauges)
        self.told = 0

    async def forget(self, user):
        """Forget a member as `/privacy forget-me` does."""
        await self.timeline.forget_member(GUILD, user)
        for kept in kept_by_guilds(self.store, MemberZones(self.store, self.queries)):
            await kept.forget(GUILD, user)

    async def write(self):
        await self.timeline.flush()

    def sample(self, at, members=None, online=None, bans=None, voice=None):
        counts = GuildCounts(GUILD, members=members, online=online, bans=bans, voice=voice)
        self.timeline.gauges.sample(counts, at)

    async def happened(self, kind, at, user=1):
        self.told += 1
        event = MemberEvent(GUILD, kind, user, f"user{user}", at, f"s:{user}:{kind}:{self.told}")
        await self.events.record([event])

    def says(self, at, channel=1, user=1):
        self.told += 1
        self.activity.message(GUILD, channel, user, self.told, to_millis(at))

    def sits(self, begin, end, channel=9, user=1):
        self.activity.voice(GUILD, channel, user, to_millis(begin), to_millis(end))

    async def values(self, measure, begin, length, level=None, **options):
        span = Span(begin, begin + length)
        (series,) = await self.history.series(GUILD, [measure], span, level=level, **options)
        return [point.value for point in series.points]


@asynccontextmanager
async def book_of(clock, place, **settings):
    """Open a book on a database's URL or in a folder; entered again there it goes on as the next process would."""
    async with open_store(
        place if isinstance(place, str) else place / "s.sqlite3", clock, migrations=MIGRATIONS
    ) as store:
        book = Book(store, clock, **settings)
        await book.opt_outs.load()
        await book.timeline.load()
        yield book
