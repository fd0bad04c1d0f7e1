"""The list of the next days has every time of every series, in order, wherever one of them was moved."""

from steward.bots.events.model.lists import Lists
from tests.bots.events.life import A_DAY, GUILD, HOUR, Life, living


async def listed(store, days):
    lines, page = [], None
    while page is None or page.more:
        page = await Lists(store).listed(GUILD, 0 if page is None else page.number + 1, days=days)
        lines += page.lines
    return [(line.details.title, line.starts_at) for line in lines]


async def test_a_far_time_that_is_moved_before_the_others_leaves_them_in_the_list(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=DAILY;COUNT=12", ahead=2 * HOUR)
        tenth = await life.organising.keep(7, event.original + 9 * A_DAY)
        await life.organising.move(tenth, event.original - HOUR)
        times = [event.starts_at + day * A_DAY for day in range(12) if day != 9]
        assert await listed(store, 60) == [("Raid", at) for at in (event.starts_at - HOUR, *times)]


async def test_a_series_with_many_times_a_day_is_listed_to_its_end(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        await Life(store, clock).made(rule="FREQ=DAILY;BYHOUR=9,18;COUNT=600", ahead=9 * HOUR)
        assert len(await listed(store, 366)) == 600
