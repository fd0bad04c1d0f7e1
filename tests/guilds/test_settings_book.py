"""Every change of a guild's settings is kept, told to those who act on it, and can be taken back."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from steward.bots.installed import MIGRATIONS
from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.errors import NeedsOperator
from steward.guilds.settings_book import GuildSection
from steward.store import open_store
from tests.bots.stats.sections import stats_section

GUILD, ADA, BOB = 10, 1, 2
INSERT = "INSERT INTO guild_settings (guild_id, at, changed_by, settings) VALUES (?, ?, ?, ?)"
FIXED = GuildSettings(counters=(Counter(1, Counted.MEMBERS),), report_channel_id=7)


@dataclass(frozen=True, slots=True)
class Greeting(GuildSection):
    words: tuple[str, ...] = ()


@asynccontextmanager
async def book(clock, database, **options):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        made = stats_section(store, **{"defaults": GuildSettings(zone="Europe/Berlin"), **options})
        await made.book.load()
        yield made


def in_zone(zone):
    return lambda settings: replace(settings, zone=zone)


async def test_a_change_holds_at_once_and_after_a_restart(clock, database):
    async with book(clock, database) as settings:
        assert settings.of(GUILD).zone == "Europe/Berlin"
        await settings.change(GUILD, ADA, in_zone("Asia/Tokyo"))
        assert settings.of(GUILD).zone == "Asia/Tokyo"
    async with book(clock, database) as settings:
        assert (settings.of(GUILD).zone, settings.of(11).zone) == ("Asia/Tokyo", "Europe/Berlin")


async def test_who_acts_on_settings_is_told_of_each_change(clock, database):
    told = []
    async with book(clock, database) as settings:
        settings.watch(lambda guild_id, now: told.append((guild_id, now.zone)))
        await settings.change(GUILD, ADA, in_zone("Asia/Tokyo"))
        await settings.undo(GUILD, BOB)
    assert told == [(GUILD, "Asia/Tokyo"), (GUILD, "Europe/Berlin")]


async def test_a_change_is_taken_back_and_the_taking_back_too(clock, database):
    async with book(clock, database) as settings:
        await settings.change(GUILD, ADA, in_zone("Asia/Tokyo"))
        await settings.change(GUILD, ADA, in_zone("Asia/Seoul"))
        assert (await settings.undo(GUILD, BOB)).zone == "Asia/Tokyo"
        assert (await settings.undo(GUILD, BOB)).zone == "Asia/Seoul"
        history = await settings.book.history(GUILD)
        assert [(change.changed_by, change.settings["zone"]) for change in history] == [
            (BOB, "Asia/Seoul"),
            (BOB, "Asia/Tokyo"),
            (ADA, "Asia/Seoul"),
            (ADA, "Asia/Tokyo"),
        ]


async def test_nothing_can_be_taken_back_where_nothing_was_set_up(clock, database):
    async with book(clock, database) as settings:
        with pytest.raises(NeedsOperator, match="Nothing has been set up"):
            await settings.undo(GUILD, ADA)


async def test_a_change_that_changes_nothing_is_not_recorded(clock, database):
    async with book(clock, database) as settings:
        for _ in range(3):
            await settings.change(GUILD, ADA, in_zone("Asia/Tokyo"))
        assert len(await settings.book.history(GUILD)) == 1


async def test_the_environment_stands_above_what_was_set_up_in_discord(clock, database):
    async with book(clock, database, fixed={GUILD: FIXED}) as settings:
        mine = Counter(2, Counted.BANS)
        held = await settings.change(
            GUILD,
            ADA,
            lambda now: replace(now, report_channel_id=8).with_counter(mine).with_counter(Counter(1, Counted.BANS)),
        )
        assert (held.report_channel_id, set(held.counters)) == (7, {mine, *FIXED.counters})
        assert [settings.fixed(GUILD).names_channel(channel) for channel in (1, 2, 7, 8)] == [True, False, True, False]
    async with book(clock, database) as settings:
        assert settings.of(GUILD).report_channel_id == 8


async def test_what_was_kept_before_there_were_sections_holds_still(clock, database):
    """The settings of version 0.4: one flat object, of statistics alone."""
    old = (
        '{"zone": "Europe/Paris", "report_channel_id": 8, "counters": [], "reports": ["daily"], "report_time": "09:30"}'
    )
    async with book(clock, database) as settings:
        await settings.book._store.write(lambda tx: tx.execute(INSERT, (GUILD, 0, ADA, old)))
    async with book(clock, database) as settings:
        held = settings.of(GUILD)
        assert (held.zone, held.zone_chosen, held.report_channel_id) == ("Europe/Paris", True, 8)
        assert f"{held.report_time:%H:%M}" == "09:30"
        assert settings.book.zone_of(GUILD).chosen


async def test_a_section_leaves_the_others_as_they_are(clock, database):
    async with book(clock, database) as stats:
        other = stats.book.section("hello", Greeting())
        await other.change(GUILD, ADA, lambda now: replace(now, words=("hi", "there"), zone="Asia/Tokyo"))
        await stats.change(GUILD, BOB, lambda now: replace(now, report_channel_id=8))
        assert other.of(GUILD) == Greeting(zone="Asia/Tokyo", words=("hi", "there"))
        assert stats.of(GUILD).zone == "Asia/Tokyo"
        await stats.undo(GUILD, BOB)
        assert (other.of(GUILD).words, stats.of(GUILD).report_channel_id) == (("hi", "there"), None)
    async with book(clock, database) as stats:  # while that bot is off
        await stats.change(GUILD, BOB, lambda now: replace(now, report_channel_id=9))
        other = stats.book.section("hello", Greeting())
        await stats.book.load()
        assert other.of(GUILD).words == ("hi", "there")
