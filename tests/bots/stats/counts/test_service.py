"""The rules of the counts: exact where events tell, Discord's own number where they cannot."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.bots.stats.counts.guild import GuildStats
from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.counts.service import CAUGHT_UP_WITHIN, FEW_UNWRITTEN, StatsService
from steward.bots.stats.counts.store import StatsStore
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.client.gateway.missed_events import ResumableSession
from steward.errors import NotReady
from steward.store import open_store
from tests.bots.stats.sections import stats_section

GUILD = 10


class Told:
    """Makes events one after another, each with an origin of its own."""

    def __init__(self, clock):
        self.clock = clock
        self.count = 0

    def __call__(self, kind, user=1, name="ada", origin=None):
        self.count += 1
        return MemberEvent(GUILD, kind, user, name, self.clock.now(), origin or f"session:{self.count}")


COUNTERS = (Counter(1, Counted.MEMBERS), Counter(2, Counted.ONLINE), Counter(3, Counted.BANS))


async def service_of(store, clock, *, wish, single_events=True, book=None, place=lambda: None):
    settings = stats_section(store, fixed={GUILD: GuildSettings(counters=COUNTERS)})
    service = StatsService(
        settings,
        book or StatsStore(store),
        clock,
        wish=lambda channel, name, _: wish.__setitem__(channel, name),
        release=lambda channel: wish.pop(channel, None),
        single_events=lambda: single_events,
        losses=Losses(store),
        place=place,
    )
    await settings.book.load()
    return service


@asynccontextmanager
async def service_on(store, clock, *, single_events=True):
    names = {}
    service = await service_of(store, clock, wish=names, single_events=single_events)
    writing = asyncio.create_task(service.write_events())
    try:
        yield service, names
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)


@asynccontextmanager
async def fresh(clock, database, **options):
    async with (
        open_store(database, clock, migrations=MIGRATIONS) as store,
        service_on(store, clock, **options) as (service, names),
    ):
        yield service, names


async def test_counters_are_wished_for_as_soon_as_their_number_is_known(clock, database):
    async with fresh(clock, database) as (service, names):
        service.guild(GUILD).seen("Penguins", 100, {1: "Birds: 0", 2: "Online: ?"})
        assert names == {1: "Birds: 100"}
        service.polled(GUILD, 100, 40)
        service.bans_counted(GUILD, 3)
        assert names == {1: "Birds: 100", 2: "Online: 40", 3: "Bans: 3"}


async def test_joins_leaves_bans_and_unbans_move_the_counts(clock, database):
    async with fresh(clock, database) as (service, names):
        told = Told(clock)
        service.guild(GUILD).seen("Penguins", 100, {})
        service.bans_counted(GUILD, 3)
        for user, kind in enumerate(
            (
                EventKind.JOIN,
                EventKind.JOIN,
                EventKind.LEAVE,
                EventKind.BAN,
                EventKind.BAN,
                EventKind.UNBAN,
            )
        ):
            service.happened(told(kind, user))
        await asyncio.sleep(1)
        assert (names[1], names[3]) == ("Members: 101", "Bans: 4")


async def test_everything_that_happened_is_kept_and_summed_up(clock, database):
    async with fresh(clock, database) as (service, _):
        told, begin = Told(clock), clock.now()
        service.guild(GUILD).seen("Penguins", 100, {})
        service.polled(GUILD, 100, 40)
        for user, name in enumerate(("ada", "bob", "eve")):
            service.happened(told(EventKind.JOIN, user, name=name))
        service.happened(told(EventKind.LEAVE, 1, name="bob"))
        await asyncio.sleep(600)
        service.polled(GUILD, 102, 55)
        summary = await service.summary(GUILD, begin, begin + timedelta(days=1), names=2)
        assert summary.counts == {
            **dict.fromkeys(EventKind, 0),
            EventKind.JOIN: 3,
            EventKind.LEAVE: 1,
        }
        assert summary.names[EventKind.JOIN] == ["ada", "bob"]
        assert (summary.members_before, summary.members, summary.net, summary.peak_online) == (100, 102, 2, 55)
        assert [event.name for event in await service.book.latest(GUILD, EventKind.JOIN, 2)] == ["eve", "bob"]
        assert (await service.today(GUILD, begin))[EventKind.LEAVE] == 1


@pytest.mark.parametrize("kind", EventKind)
async def test_an_event_told_twice_is_counted_and_kept_once(clock, database, kind):
    async with fresh(clock, database) as (service, names):
        told = Told(clock)
        service.guild(GUILD).seen("Penguins", 100, {})
        service.bans_counted(GUILD, 10)
        service.happened(told(kind))
        once = dict(names)
        for _ in range(3):
            service.happened(told(kind))
        assert names == once
        await service.flush()
        assert (await service.today(GUILD, clock.now() - timedelta(days=1)))[kind] == 1


async def test_an_event_kept_by_an_earlier_process_is_not_kept_again(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        for _ in range(2):
            async with service_on(store, clock) as (service, _):
                service.happened(Told(clock)(EventKind.LEAVE, origin="session:7"))
                await service.flush()
        assert (await service.today(GUILD, clock.now() - timedelta(days=1)))[EventKind.LEAVE] == 1


async def test_discords_approximate_number_does_not_disturb_the_exact_one(clock, database):
    async with fresh(clock, database) as (service, names):
        service.guild(GUILD).seen("Penguins", 1000, {})
        for _ in range(50):
            service.polled(GUILD, 990, 40)
        assert names[1] == "Members: 1000"


async def test_far_apart_for_three_readings_events_must_have_been_lost(clock, database):
    async with fresh(clock, database) as (service, names):
        service.guild(GUILD).seen("Penguins", 1000, {})
        service.polled(GUILD, 900, 40)
        service.polled(GUILD, 900, 40)
        assert names[1] == "Members: 1000"
        service.polled(GUILD, 900, 40)
        assert names[1] == "Members: 900"


async def test_without_single_events_discords_number_is_the_count(clock, database):
    async with fresh(clock, database, single_events=False) as (service, names):
        service.guild(GUILD).seen("Penguins", 100, {})
        service.polled(GUILD, 97, 40)
        assert names[1] == "Members: 97"


async def test_events_wait_while_the_database_cannot_be_written_and_none_is_lost(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        book = StatsStore(store)
        record, refused = book.record, [True]

        async def full_disk_at_first(events, place, counts):
            if refused[0]:
                raise NotReady("The disk is full.")
            await record(events, place, counts)

        book.record = full_disk_at_first
        service = await service_of(store, clock, wish={}, book=book)
        told = Told(clock)
        for user in range(5):
            service.happened(told(EventKind.JOIN, user))
        for _ in range(2):
            try:
                await service.write_events()
            except NotReady:
                refused[0] = False
                break
        writing = asyncio.create_task(service.write_events())
        await service.flush()
        writing.cancel()
        assert (await service.today(GUILD, clock.now() - timedelta(days=1)))[EventKind.JOIN] == 5


async def test_flush_returns_although_discord_tells_something_with_every_write(clock, database):
    """The place moves with every event of the gateway, counted or not: on a busy one it is never caught up."""
    sequence = itertools.count()

    def place():
        return ResumableSession("session", next(sequence), "wss://gateway", "app", clock.now())

    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        service = await service_of(store, clock, wish={}, place=place)
        writing = asyncio.create_task(service.write_events())
        service.happened(Told(clock)(EventKind.JOIN))
        async with asyncio.timeout(10):
            await service.flush()
            service.mark()
            await service.flush()
        writing.cancel()
        assert (await service.today(GUILD, clock.now() - timedelta(days=1)))[EventKind.JOIN] == 1
        assert next(sequence) <= 3  # one write for each flush


async def test_whoever_tells_of_many_waits_until_few_are_unwritten(clock, database):
    async with fresh(clock, database) as (service, _):
        told = Told(clock)
        for user in range(2000):
            service.happened(told(EventKind.JOIN, user))
        await service.catch_up()
        assert service.recorded >= 2000 - FEW_UNWRITTEN


async def test_for_a_database_that_takes_nothing_each_few_events_wait_a_second_and_again_for_all_once_it_does(
    clock, database
):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        book, hangs = StatsStore(store), asyncio.Event()
        record = book.record

        async def hanging(events, place, counts):
            await hangs.wait()
            await record(events, place, counts)

        book.record = hanging
        service = await service_of(store, clock, wish={}, book=book)
        told, begun = Told(clock), clock.monotonic()
        writing = asyncio.create_task(service.write_events())
        for users in range(2000), range(2000, 4000):
            for user in users:
                service.happened(told(EventKind.JOIN, user))
            await asyncio.sleep(0)  # the first are being written
            await service.catch_up()
        await service.catch_up()
        assert clock.monotonic() - begun == pytest.approx(CAUGHT_UP_WITHIN)
        for user in range(FEW_UNWRITTEN + 1):
            service.happened(told(EventKind.LEAVE, user))
        await service.catch_up()
        assert clock.monotonic() - begun == pytest.approx(2 * CAUGHT_UP_WITHIN)
        hangs.set()
        await service.flush()
        for user in range(4000, 6000):
            service.happened(told(EventKind.JOIN, user))
        await service.catch_up()
        writing.cancel()
        assert service.recorded >= 6000 - FEW_UNWRITTEN


@given(st.lists(st.sampled_from(EventKind), max_size=60), st.integers(0, 1000))
def test_the_shown_count_is_the_first_count_plus_what_happened(kinds, members):
    shown = {}
    stats = GuildStats(
        GUILD,
        GuildSettings(counters=COUNTERS[:1]),
        lambda _, name, __: shown.update(name=name),
        single_events=lambda: True,
    )
    stats.seen("Penguins", members, {})
    for number, kind in enumerate(kinds):
        stats.count(MemberEvent(GUILD, kind, number, "x", datetime.now(UTC), str(number)))
    stats.changed()
    change = kinds.count(EventKind.JOIN) - kinds.count(EventKind.LEAVE)
    assert shown["name"] == f"Members: {members + change}"


async def test_guilds_are_counted_apart_and_shown_together_in_the_presence(clock, database):
    async with fresh(clock, database) as (service, names):
        service.guild(GUILD).seen("Penguins", 100, {})
        service.guild(20).seen("Seals", 5, {})
        service.happened(MemberEvent(20, EventKind.JOIN, 1, "ada", clock.now(), "a"))
        service.happened(MemberEvent(GUILD, EventKind.JOIN, 1, "ada", clock.now(), "b"))
        service.happened(MemberEvent(20, EventKind.JOIN, 2, "bob", clock.now(), "c"))
        await asyncio.sleep(1)
        assert (names[1], service.guild(20).counts.members) == ("Members: 101", 7)
        assert service.presence() == ["108 members"]


async def test_a_guild_that_the_bot_has_left_shows_nothing_and_loses_nothing(clock, database):
    async with fresh(clock, database) as (service, names):
        service.guild(GUILD).seen("Penguins", 100, {})
        service.happened(Told(clock)(EventKind.JOIN))
        service.left(GUILD)
        assert (names, service.presence()) == ({}, [])
        await service.flush()
        assert len(await service.book.latest(GUILD, EventKind.JOIN, 5)) == 1
