"""Charts are read from few rows, and say None where nothing is known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.history.calendar import Calendars, Level
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.series import ChannelShare, Comparison, Measure, Span
from steward.bots.stats.intake.gaps import Gap, Reason
from steward.store.queries.cache import QueryCache
from tests.bots.stats.book import DAY, GUILD, HOUR, MINUTE, MONDAY, book_of


async def test_hours_and_days_keep_the_last_gauge_and_the_greatest(clock, database):
    async with book_of(clock, database) as book:
        book.sample(MONDAY, members=100, online=40)
        book.sample(MONDAY + 5 * MINUTE, members=101, online=60)
        book.sample(MONDAY + 10 * MINUTE, members=99, online=50)
        book.sample(MONDAY + HOUR, members=98)
        await book.write()
        assert await book.values(Measure.MEMBERS, MONDAY, 2 * HOUR, Level.HOUR) == [99, 98]
        assert await book.values(Measure.ONLINE, MONDAY, 2 * HOUR, Level.HOUR) == [50, None]
        assert await book.values(Measure.PEAK_ONLINE, MONDAY, DAY, Level.DAY) == [60]
        assert await book.values(Measure.ONLINE, MONDAY, DAY, Level.DAY) == [50]
        assert await book.values(Measure.MEMBERS, MONDAY, DAY, Level.RAW) == [100, 101, 99, None, 98]


async def test_a_quiet_hour_has_none_of_a_flow_and_an_hour_without_the_bot_is_unknown(clock, database):
    async with book_of(clock, database) as book:
        book.sample(MONDAY, members=100)
        book.sample(MONDAY + HOUR, members=100)
        await book.happened(EventKind.JOIN, MONDAY + HOUR)
        await book.happened(EventKind.LEAVE, MONDAY + HOUR + MINUTE)
        await book.happened(EventKind.BAN, MONDAY + HOUR + MINUTE)
        book.says(MONDAY)
        await book.write()
        assert await book.values(Measure.JOINS, MONDAY, 3 * HOUR) == [0, 1, None]
        assert await book.values(Measure.LEAVES, MONDAY, 3 * HOUR) == [0, 1, None]
        assert await book.values(Measure.BANNED, MONDAY, 3 * HOUR) == [0, 1, None]
        assert await book.values(Measure.KICKS, MONDAY, 3 * HOUR) == [0, 0, None]
        assert await book.values(Measure.MESSAGES, MONDAY, 3 * HOUR) == [1, 0, None]


async def test_a_point_half_of_which_lies_in_a_gap_is_unknown(clock, database):
    async with book_of(clock, database) as book:
        for hour in range(3):
            book.sample(MONDAY + hour * HOUR, members=100)
        await book.write()
        gaps = [Gap(GUILD, MONDAY + 30 * MINUTE, MONDAY + HOUR + 29 * MINUTE, Reason.NOT_CONNECTED, None)]
        assert await book.values(Measure.MEMBERS, MONDAY, 3 * HOUR, Level.HOUR, gaps=gaps) == [None, 100, 100]


async def test_the_level_follows_the_length_of_the_span_and_what_is_still_kept(clock, database):
    async with book_of(clock, database) as book:
        now = clock.now()
        levels = {}
        for days, ago in ((1, 1), (1, 4), (10, 10), (10, 99), (10, 101), (300, 300), (2000, 2000), (4000, 4000)):
            span = Span(now - timedelta(days=ago), now - timedelta(days=ago - days))
            (gauge,) = await book.history.series(GUILD, [Measure.MEMBERS], span)
            (flow,) = await book.history.series(GUILD, [Measure.JOINS], span)
            levels[days, ago] = gauge.level, flow.level
            assert len(flow.points) <= 402
        assert levels == {
            (1, 1): (Level.RAW, Level.HOUR),
            (1, 4): (Level.HOUR, Level.HOUR),
            (10, 10): (Level.HOUR, Level.HOUR),
            (10, 99): (Level.HOUR, Level.HOUR),
            (10, 101): (Level.DAY, Level.DAY),
            (300, 300): (Level.DAY, Level.DAY),
            (2000, 2000): (Level.WEEK, Level.WEEK),
            (4000, 4000): (Level.MONTH, Level.MONTH),
        }


async def test_what_is_asked_twice_is_read_once_and_what_happens_meanwhile_is_in_the_next_answer(clock, database):
    async with book_of(clock, database) as book:
        span = Span(MONDAY, MONDAY + DAY)

        async def asked():
            (series,) = await book.history.series(GUILD, [Measure.MESSAGES], span, level=Level.HOUR)
            (channel,) = await book.history.channels(GUILD, span)
            (member,) = await book.history.top_members(GUILD, span)
            return series.value, channel.messages, member.messages

        book.says(MONDAY)
        await book.write()
        assert await asked() == (1, 1, 1)
        read = book.store.watch.queries
        assert await asked() == (1, 1, 1)
        assert book.store.watch.queries == read
        book.says(MONDAY)
        await book.write()
        assert await asked() == (2, 2, 2)


async def test_weeks_and_months_are_summed_up_from_days(clock, database):
    async with book_of(clock, database) as book:
        for day in range(14):
            book.sample(MONDAY + day * DAY, members=100 + day, online=day % 5)
            book.says(MONDAY + day * DAY)
        await book.write()
        assert await book.values(Measure.MESSAGES, MONDAY, 14 * DAY, Level.WEEK) == [7, 7]
        assert await book.values(Measure.MEMBERS, MONDAY, 14 * DAY, Level.WEEK) == [106, 113]
        assert await book.values(Measure.PEAK_ONLINE, MONDAY, 14 * DAY, Level.MONTH) == [4]


async def test_days_follow_the_guilds_own_midnight_and_a_change_of_zone_loses_nothing(clock, database):
    async with book_of(clock, database, zone="Asia/Kolkata") as book:
        midnight = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Kolkata"))
        book.says(midnight - MINUTE)
        book.says(midnight)
        book.says(midnight + 6 * HOUR)
        await book.write()
        assert await book.values(Measure.MESSAGES, midnight - DAY, 2 * DAY, Level.DAY) == [1, 2]
        moved = StatsHistory(
            book.store, Calendars(lambda _: ZoneInfo("America/New_York")), QueryCache(book.store), clock
        )
        begin = datetime(2026, 2, 27, tzinfo=ZoneInfo("America/New_York"))
        (series,) = await moved.series(GUILD, [Measure.MESSAGES], Span(begin, begin + 5 * DAY), level=Level.DAY)
        assert series.value == 3


async def test_channels_are_named_by_rank_and_the_rest_is_one(clock, database):
    async with book_of(clock, database) as book:
        for channel in range(1, 6):
            for _ in range(channel):
                book.says(MONDAY, channel=channel)
        book.sits(MONDAY, MONDAY + HOUR)
        await book.write()
        span = Span(MONDAY, MONDAY + DAY)
        assert await book.history.channels(GUILD, span, top=2) == [
            ChannelShare(5, 5, 0),
            ChannelShare(4, 4, 0),
            ChannelShare(None, 6, 3600),
        ]
        assert (await book.history.channels(GUILD, span, by=Measure.VOICE_SECONDS))[0] == ChannelShare(9, 0, 3600)
        assert await book.history.channels(GUILD, Span(MONDAY + DAY, MONDAY + 2 * DAY)) == []


async def test_top_members_of_months_and_days_are_summed_up_once(clock, database):
    async with book_of(clock, database) as book:
        begin = datetime(2026, 1, 20, tzinfo=UTC)
        for day in range(60):
            book.says(begin + day * DAY, user=1)
            if day % 2:
                book.says(begin + day * DAY, user=2)
        book.sits(begin, begin + MINUTE, user=3)
        await book.write()
        whole = Span(begin, begin + 60 * DAY)
        assert await book.history.top_members(GUILD, whole) == [ChannelShare(1, 60, 0), ChannelShare(2, 30, 0)]
        assert await book.history.top_members(GUILD, whole, top=1) == [ChannelShare(1, 60, 0)]
        assert await book.history.top_members(GUILD, whole, by=Measure.VOICE_SECONDS) == [ChannelShare(3, 0, 60)]
        week = Span(begin, begin + 7 * DAY)
        assert await book.history.top_members(GUILD, week) == [ChannelShare(1, 7, 0), ChannelShare(2, 3, 0)]


async def test_the_heatmap_is_the_mean_of_each_hour_of_the_week_on_the_guilds_clock(clock, database):
    async with book_of(clock, database, zone="Asia/Tokyo") as book:
        monday = datetime(2026, 3, 2, 15, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
        for week, messages in enumerate((1, 4)):
            book.sample(monday + week * 7 * DAY, members=1)
            for _ in range(messages):
                book.says(monday + week * 7 * DAY)
        book.sample(monday + DAY, members=1)
        await book.write()
        heat = await book.history.heatmap(GUILD, Measure.MESSAGES, Span(monday - DAY, monday + 20 * DAY))
        assert (heat[0][15], heat[1][15], heat[2][15]) == (2.5, 0, None)


async def test_cohorts_tell_who_stayed_how_many_weeks(clock, database):
    async with book_of(clock, database) as book:
        for user, stayed in enumerate((3 * DAY, 8 * DAY, 16 * DAY, None), 1):
            await book.happened(EventKind.JOIN, MONDAY + HOUR, user)
            if stayed is not None:
                await book.happened(EventKind.LEAVE, MONDAY + HOUR + stayed, user)
        await book.happened(EventKind.JOIN, MONDAY + 5 * DAY, 1)  # back again: somebody new
        await book.happened(EventKind.JOIN, MONDAY + 22 * DAY, 5)
        cohorts = await book.history.cohorts(GUILD, now=MONDAY + 28 * DAY, weeks=5)
        assert [(one.week.day, one.joined, one.remained) for one in cohorts] == [
            (2, 5, (4, 3, 2)),
            (9, 0, (0, 0)),
            (16, 0, (0,)),
            (23, 1, ()),
            (30, 0, ()),
        ]


async def test_two_spans_are_compared_by_what_each_measure_means(clock, database):
    async with book_of(clock, database) as book:
        for day, members in enumerate((100, 110)):
            book.sample(MONDAY + day * DAY, members=members)
            for _ in range(day + 1):
                book.says(MONDAY + day * DAY)
        await book.write()
        spans = [Span(MONDAY + day * DAY, MONDAY + (day + 1) * DAY) for day in range(2)]
        found = await book.history.compare(GUILD, [Measure.MEMBERS, Measure.MESSAGES, Measure.BANS], *spans)
        assert found == [
            Comparison(Measure.MEMBERS, 100, 110),
            Comparison(Measure.MESSAGES, 1, 2),
            Comparison(Measure.BANS, None, None),
        ]
        assert [one.change for one in found] == [0.1, 1.0, None]


async def test_the_top_of_a_long_time_is_that_of_its_whole_months(clock, database):
    async with book_of(clock, database) as book:
        begin = datetime(2026, 1, 20, tzinfo=UTC)
        book.says(begin - 10 * DAY)
        book.says(begin - 30 * DAY)
        book.says(begin + 90 * DAY)
        await book.write()
        assert await book.history.top_members(GUILD, Span(begin, begin + 92 * DAY)) == [ChannelShare(1, 1, 0)]
        assert await book.history.top_members(GUILD, Span(begin, begin + 93 * DAY)) == [ChannelShare(1, 2, 0)]


async def test_a_day_has_a_bar_each_hour_a_month_each_day_and_a_year_each_week(clock, database):
    async with book_of(clock, database) as book:
        levels = []
        for days in (1, 7, 30, 90, 365, 1000):
            (bars,) = await book.history.bars(GUILD, [Measure.JOINS], Span(MONDAY, MONDAY + timedelta(days=days)))
            levels.append(bars.level)
        assert levels == [Level.HOUR, Level.DAY, Level.DAY, Level.WEEK, Level.WEEK, Level.MONTH]


async def test_the_bars_of_a_week_are_its_days_and_add_up_to_what_happened_in_it(clock, database):
    """A span that begins in the afternoon has a part of that day in its first bar."""
    async with book_of(clock, database) as book:
        for day in range(8):
            for hour in (9, 18):
                book.sample(MONDAY + day * DAY + hour * HOUR, members=100)
                await book.happened(EventKind.JOIN, MONDAY + day * DAY + hour * HOUR, user=day * 24 + hour)
        await book.write()
        span = Span(MONDAY + 15 * HOUR, MONDAY + 7 * DAY + 15 * HOUR)
        joins, leaves = await book.history.bars(GUILD, [Measure.JOINS, Measure.LEAVES], span)
        assert [point.value for point in joins.points] == [1, 2, 2, 2, 2, 2, 2, 1]
        assert [point.at.date().day for point in joins.points] == [2, 3, 4, 5, 6, 7, 8, 9]
        assert (joins.value, leaves.value) == (14, 0)


async def test_neither_bars_nor_a_line_begin_before_the_bot_came(clock, database):
    async with book_of(clock, database) as book:
        book.sample(MONDAY + 5 * DAY, members=100)
        book.sample(MONDAY + 6 * DAY, members=101)
        await book.write()
        span = Span(MONDAY, MONDAY + 7 * DAY)
        (joins,) = await book.history.bars(GUILD, [Measure.JOINS], span)
        assert [point.at for point in joins.points] == [MONDAY + 5 * DAY, MONDAY + 6 * DAY]
        line = await book.history.line(GUILD, Measure.MEMBERS, span)
        assert line.points[0].at == MONDAY + 5 * DAY
        away = [Gap(GUILD, MONDAY + DAY, MONDAY + 5 * DAY, Reason.NOT_CONNECTED, None)]
        explained = await book.history.line(GUILD, Measure.MEMBERS, span, gaps=away)
        assert explained.points[0].at == MONDAY + DAY  # the time without the bot is shaded, so it is shown


async def test_retention_has_no_weeks_from_before_the_bot_came(clock, database):
    async with book_of(clock, database) as book:
        assert await book.history.cohorts(GUILD, now=MONDAY + 10 * DAY) == []
        book.sample(MONDAY + 2 * DAY, members=100)
        await book.happened(EventKind.JOIN, MONDAY + 8 * DAY)
        await book.write()
        cohorts = await book.history.cohorts(GUILD, now=MONDAY + 10 * DAY)
        assert [(one.week, one.joined) for one in cohorts] == [(MONDAY, 0), (MONDAY + 7 * DAY, 1)]
