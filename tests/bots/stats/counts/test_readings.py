"""A reading of all guilds, however many: every sample is kept, and the counters go on without a database."""

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.counts.readings import Readings
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.counts.store import StatsStore
from steward.client.rest.rest import PolledCounts
from steward.errors import NotReady
from steward.store import open_store
from tests.bots.stats.sections import stats_section

GUILDS = 12_500


def service_of(store, clock, book):
    settings = stats_section(store)
    return StatsService(
        settings,
        book,
        clock,
        wish=lambda *_: None,
        release=lambda _: None,
        single_events=lambda: True,
        losses=Losses(store),
    )


def reading_of(guilds):
    return {guild: PolledCounts(members=guild + 5, online=guild) for guild in range(1, guilds + 1)}


async def test_no_sample_of_12500_guilds_is_dropped(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
        book = StatsStore(store)
        readings = Readings(service_of(store, clock, book))
        await readings.take(reading_of(GUILDS))
        await book.flush()
        kept = await store.read(lambda tx: tx.all("SELECT COUNT(*), SUM(online) FROM guild_counts"))
        assert tuple(kept[0]) == (GUILDS, GUILDS * (GUILDS + 1) // 2)
        hours_and_days = await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM stats_series"))
        assert hours_and_days == 2 * GUILDS


class _Away(StatsStore):
    """A book whose database can't be written."""

    tries = 0

    async def flush(self):
        self.tries += 1
        raise NotReady("The disk is full.")


async def test_while_the_database_cannot_be_written_the_counters_go_on_and_it_is_asked_once(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
        book = _Away(store)
        service = service_of(store, clock, book)
        await Readings(service).take(reading_of(5000))
        assert (service.guild(5000).counts.online, book.tries) == (5000, 1)


async def test_a_reading_of_a_few_guilds_does_not_wait_for_the_database(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
        before = store.commits
        await Readings(service_of(store, clock, StatsStore(store))).take(reading_of(3))
        assert store.commits == before
