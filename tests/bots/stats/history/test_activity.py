"""Messages and time in voice are tallied in memory and added up in the tables, each once."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import ChannelShare, Measure, Span
from steward.errors import NotReady
from steward.sim import time as accelerated
from steward.store import to_millis
from tests.bots.stats.book import DAY, GUILD, HOUR, MINUTE, MONDAY, book_of


async def test_messages_are_added_up_by_hour_day_channel_and_member(clock, database):
    async with book_of(clock, database) as book:
        for at, channel, user in ((0, 1, 7), (0, 2, 7), (1, 1, 8)):
            book.says(MONDAY + at * HOUR, channel, user)
            await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, 2 * HOUR, Level.HOUR) == [2, 1]
        assert await book.values(Measure.MESSAGES, MONDAY, DAY, Level.DAY) == [3]
        day = Span(MONDAY, MONDAY + DAY)
        assert await book.history.channels(GUILD, day) == [ChannelShare(1, 2, 0), ChannelShare(2, 1, 0)]
        assert await book.history.top_members(GUILD, day) == [ChannelShare(7, 2, 0), ChannelShare(8, 1, 0)]


@settings(max_examples=25)  # each with a database of its own
@given(begin=st.integers(0, 3 * 86400), length=st.integers(0, 2 * 86400))
def test_time_in_voice_is_split_at_full_hours_and_none_is_lost(tmp_path_factory, begin, length):
    async def main(clock):
        async with book_of(clock, tmp_path_factory.mktemp("book"), zone="Australia/Lord_Howe") as book:
            start = MONDAY + timedelta(days=32, seconds=begin)  # the clocks change by half an hour on 5 April
            book.sits(start, start + timedelta(seconds=length))
            await book.write()
            for level in (Level.HOUR, Level.DAY):
                values = await book.values(Measure.VOICE_SECONDS, MONDAY + 30 * DAY, 10 * DAY, level)
                assert sum(value or 0 for value in values) == length
                assert level is Level.DAY or max(value or 0 for value in values) <= 3600

    accelerated.run(main)


async def test_members_are_counted_only_where_the_guild_and_they_themselves_allow_it(clock, database):
    async with book_of(clock, database) as book:
        await book.opt_outs.add(GUILD, 8)
        book.says(MONDAY, user=7)
        book.says(MONDAY, user=8)
        book.settings = type(book.settings)(count_people=False)
        book.activity.configured(GUILD, book.settings)
        book.says(MONDAY, user=7)
        await book.write()
        day = Span(MONDAY, MONDAY + DAY)
        assert await book.history.channels(GUILD, day) == [ChannelShare(1, 3, 0)]
        assert await book.history.top_members(GUILD, day) == [ChannelShare(7, 1, 0)]


async def test_an_opt_out_is_remembered_and_can_be_taken_back(clock, database):
    async with book_of(clock, database) as book:
        await book.opt_outs.add(GUILD, 8)
    async with book_of(clock, database) as book:
        assert (GUILD, 8) in book.opt_outs
        assert (GUILD + 1, 8) not in book.opt_outs
        await book.opt_outs.remove(GUILD, 8)
    async with book_of(clock, database) as book:
        assert (GUILD, 8) not in book.opt_outs


async def test_tallies_that_cannot_be_written_are_kept_for_the_next_time(clock, database):
    async with book_of(clock, database) as book:
        write = book.store.write

        async def refuse(_):
            raise NotReady("The disk is full.")

        book.says(MONDAY)
        book.store.write = refuse
        with pytest.raises(NotReady):
            await book.activity.flush()
        book.says(MONDAY)
        book.store.write = write
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, DAY, Level.DAY) == [2]


async def test_a_failure_in_the_middle_of_a_write_counts_nothing_twice(clock, tmp_path):
    async with book_of(clock, tmp_path) as book:
        book.says(MONDAY)
        await book.store.write(lambda tx: tx.execute("ALTER TABLE stats_members RENAME TO away"))
        with pytest.raises(Exception, match="stats_members"):
            await book.activity.flush()
        await book.store.write(lambda tx: tx.execute("ALTER TABLE away RENAME TO stats_members"))
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, DAY, Level.DAY) == [1]
        assert await book.history.channels(GUILD, Span(MONDAY, MONDAY + DAY)) == [ChannelShare(1, 1, 0)]


async def test_a_message_told_by_the_old_session_and_the_new_is_counted_once(clock, database):
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    at = to_millis(today)
    async with book_of(clock, database) as book:
        for message in (1, 2):
            book.activity.message(GUILD, 1, 7, message, at)
        await book.write()
    async with book_of(clock, database) as book:
        for message in (1, 2, 3, 4):  # the bookmark of the process before lies a little back
            book.activity.past_message(GUILD, 1, 7, message, at)
        for message in (4, 5):
            book.activity.message(GUILD, 1, 7, message, at)
        await book.write()
        assert await book.values(Measure.MESSAGES, today, DAY, Level.DAY) == [5]


async def test_a_message_told_twice_is_counted_once_in_whatever_order_they_come(clock, database):
    at = to_millis(MONDAY)
    async with book_of(clock, database) as book:
        for message in (1, 1, 3, 2, 3, 1, *range(4, 2000), *range(1000, 2000)):
            book.activity.message(GUILD, 1, 7, message, at)
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, DAY, Level.DAY) == [1999]


async def test_what_is_tallied_is_written_within_five_seconds(clock, database):
    async with book_of(clock, database) as book:
        running = asyncio.create_task(book.activity.run())
        book.says(MONDAY)
        await asyncio.sleep(5.1)
        assert await book.values(Measure.MESSAGES, MONDAY, DAY, Level.DAY) == [1]
        running.cancel()


async def test_a_changed_zone_takes_effect_with_the_next_message(clock, database):
    async with book_of(clock, database) as book:
        book.says(MONDAY + 10 * MINUTE)
        await book.write()
        book.settings = type(book.settings)(zone="Asia/Kolkata")
        book.activity.configured(GUILD, book.settings)
        book.says(MONDAY + 11 * MINUTE)
        await book.write()
        rows = await book.store.read(
            lambda tx: [
                tuple(row) for row in tx.all("SELECT at, messages FROM stats_series WHERE level = 1 ORDER BY at")
            ]
        )
        assert rows == [(to_millis(MONDAY - 30 * MINUTE), 1), (to_millis(MONDAY), 1)]
