"""Whose turn it is: each time of a series is posted, in its turn, whatever was done to the others."""

import pytest

from steward.bots.events.model.occurrences import State
from tests.bots.events.coming_up import coming_up
from tests.bots.events.life import A_DAY, HOUR, Life, detailed, living


async def posted(life):
    """The times that a series has had posts for, by their names."""
    sql = "SELECT original_wall FROM event_occurrences WHERE posts > 0 ORDER BY original_wall"
    return [row[0] for row in await life.store.read(lambda tx: tx.all(sql))]


def names(event, days):
    return [f"{event.original + number * A_DAY:%Y-%m-%dT%H:%M}" for number in days]


@pytest.mark.parametrize(("rule", "every"), [("FREQ=DAILY;COUNT=4", 1), ("FREQ=WEEKLY;COUNT=4", 7)])
async def test_what_is_put_off_past_the_next_one_and_cancelled_takes_no_post_from_that(clock, tmp_path, rule, every):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule=rule)
        await life.organising.move(event.id, event.original + every * A_DAY + HOUR)
        await life.organising.cancel(event.id)
        await life.after(3 * HOUR)
        assert await posted(life) == names(event, (0, every))
        await life.after(3 * every * A_DAY)
        assert await posted(life) == names(event, range(0, 4 * every, every))


@pytest.mark.parametrize(("rule", "every"), [("FREQ=DAILY;COUNT=6", 1), ("FREQ=WEEKLY;COUNT=4", 7)])
async def test_a_planned_time_that_is_moved_past_the_next_one_takes_no_post_from_that(clock, tmp_path, rule, every):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule=rule)
        second = await life.organising.keep(event.event_id, event.original + every * A_DAY)
        await life.organising.move(second, event.original + 3 * every * A_DAY - HOUR)
        (third,) = names(event, [2 * every])
        await life.after(every * A_DAY + 2 * HOUR)
        assert third not in await posted(life)
        await life.after(HOUR)
        assert third in await posted(life)


async def test_with_a_lead_a_change_of_the_series_loses_none_that_another_was_moved_past(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY;COUNT=6", ahead=HOUR, lead=24 * 60)
        second = await life.organising.keep(event.event_id, event.original + 7 * A_DAY)
        await life.organising.move(second, event.original + 21 * A_DAY + HOUR)
        await life.organising.replan(second, detailed(title="Quiz"), past_id=8, what="the title")
        await life.after(14 * A_DAY)
        assert await posted(life) == names(event, (0, 14))
        await life.after(7 * A_DAY)
        assert await posted(life) == names(event, (0, 7, 14, 21))


async def test_a_change_of_details_brings_no_post_forward(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY;COUNT=6", ahead=2 * HOUR)
        await life.organising.move(event.id, event.original + 2 * HOUR)
        await life.organising.skip(event.event_id, event.original + 14 * A_DAY)
        for number in range(2):
            chosen = await life.organising.keep(event.event_id, event.original + 7 * number * A_DAY)
            title = detailed(title=f"Quiz {number}")
            await life.organising.replan(chosen, title, past_id=number + 8, what="the title")
            await life.after(HOUR)
            assert await posted(life) == names(event, [0])
        await life.after(HOUR)
        assert await posted(life) == names(event, (0, 7))
        await life.organising.cancel(chosen)
        await life.after(14 * A_DAY - HOUR)
        assert await posted(life) == names(event, (0, 7))
        await life.after(HOUR)
        assert await posted(life) == names(event, (0, 7, 21))


async def test_a_time_that_begins_before_the_one_before_it_is_over_is_posted_at_its_start(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=DAILY;COUNT=4", ahead=HOUR, minutes=36 * 60)
        await life.after(A_DAY)
        assert await posted(life) == names(event, [0])
        await life.after(HOUR)
        assert await posted(life) == names(event, (0, 1))
        assert [one.state for one in await coming_up(life.store, 1)] == [State.POSTED, State.POSTED, State.PLANNED]
