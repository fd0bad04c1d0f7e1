"""A weekday of the plan, planned anew: what becomes of each time that is kept of it."""

from dataclasses import replace
from datetime import time
from functools import partial

import pytest

from steward.bots.events.editing.weekly_plan import PlanEntry, WeeklyPlan
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.lists import Lists
from steward.bots.events.rsvp.answers import Respondent
from tests.bots.events.coming_up import coming_up
from tests.bots.events.life import A_DAY, GUILD, HALL, HOUR, OLGA, UTC, Life, living
from tests.bots.events.whole import whole

MONDAY = 0
POSTED_AND = 10 * HOUR
"""From midnight of the first Monday until its post is up."""


def entry(starts=time(19), posted=time(9), title="Raid", channel=HALL, **details):
    return PlanEntry(MONDAY, channel, UTC, starts, posted, Details(title, **details))


async def times(store, days=27):
    """What is listed, as day and time of January."""
    page = await Lists(store).listed(GUILD, 0, days=days)
    return [line.starts_at.strftime("%a %d %H:%M") for line in page.lines]


async def posted(life):
    rows = await life.store.read(
        lambda tx: tx.all("SELECT id FROM event_occurrences WHERE posts > 0 ORDER BY starts_at")
    )
    seen = [(await whole(life.store, id_)).event for (id_,) in rows]
    return [f"{event.starts_at:%a %d %H:%M} {event.details.title} in {event.channel_id}" for event in seen]


async def test_what_was_skipped_moved_edited_or_answered_stays_so_at_another_hour(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        first = await plan.set(50, GUILD, OLGA, entry())
        await life.after(POSTED_AND)
        skipped, moved, edited, answered = [first.original + 7 * week * A_DAY for week in (1, 2, 3, 4)]
        await life.organising.skip(50, skipped)
        moved_id = await life.organising.keep(50, moved)
        await life.organising.move(moved_id, moved + A_DAY)
        edited_id = await life.organising.keep(50, edited)
        await life.organising.edit(edited_id, partial(replace, title="Ball"), what="")
        answered_id = await life.organising.keep(50, answered)
        await life.answering.answer(answered_id, Respondent(9, "ada"), "yes", by=OLGA)
        for id_, starts in ((51, time(19, 30)), (52, time(18)), (53, time(19, 30))):
            await plan.set(id_, GUILD, OLGA, entry(starts, posted=time(10), title="Quiz", channel=4))
        expected = ["Mon 05 19:00", "Tue 20 19:00", "Mon 26 19:30", "Mon 02 19:30", "Mon 09 19:30"]
        assert await times(store, days=36) == expected
        seen = await whole(life.store, answered_id)
        assert [answer.user_id for answer in seen.answers] == [9]
        await life.after(32 * A_DAY)
        what = ["Raid in 3", "Quiz in 4", "Ball in 4", "Quiz in 4"]
        assert await posted(life) == [f"{at} {said}" for at, said in zip(expected, what, strict=False)]


async def test_a_day_never_gets_a_second_event(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        first = await plan.set(50, GUILD, OLGA, entry())
        await life.organising.skip(50, first.original + 7 * A_DAY)
        await life.after(POSTED_AND)
        await plan.clear(GUILD, MONDAY)
        for id_, starts in ((51, time(19)), (52, time(20)), (53, time(9)), (54, time(20))):
            await plan.set(id_, GUILD, OLGA, entry(starts))
            await life.happens()
        assert await times(store) == ["Mon 05 19:00", "Mon 12 20:00", "Mon 19 20:00", "Mon 26 20:00"]
        await life.organising.end(50)
        await plan.set(55, GUILD, 3, entry(time(21)))
        assert await times(store) == ["Mon 12 21:00", "Mon 19 21:00", "Mon 26 21:00"]
        (ahead,) = await coming_up(life.store, GUILD)
        assert ahead.organiser_id == 3


async def test_a_day_whose_hour_was_past_is_had_today_where_the_hour_is_put_later(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        await life.after(POSTED_AND)
        first = await plan.set(50, GUILD, OLGA, entry(time(9), posted=time(8)))
        await life.organising.skip(50, first.original)
        assert await times(store) == ["Mon 19 09:00", "Mon 26 09:00"]
        for id_, starts in ((51, time(9, 30)), (52, time(20)), (53, time(8)), (54, time(21))):
            await plan.set(id_, GUILD, OLGA, entry(starts, posted=time(19, 30)))
        assert await times(store) == ["Mon 05 21:00", "Mon 19 21:00", "Mon 26 21:00"]


async def test_a_time_that_was_moved_ahead_of_the_others_stays_and_its_day_gets_no_other(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        first = await plan.set(50, GUILD, OLGA, entry())
        await life.after(POSTED_AND)
        third = await life.organising.keep(50, first.original + 14 * A_DAY)
        await life.organising.move(third, first.original + A_DAY)
        await life.organising.move(
            await life.organising.keep(50, first.original + 7 * A_DAY), first.original + 9 * A_DAY
        )
        await life.after(A_DAY)  # the third one, now on Tuesday, is posted
        await plan.set(51, GUILD, OLGA, entry(time(20), title="Quiz"))
        await life.after(7 * A_DAY)  # Tuesday: the second one, now on Wednesday, is not posted yet
        await plan.set(52, GUILD, OLGA, entry(time(21), title="Ball", channel=4))
        assert await times(store, days=14) == ["Wed 14 19:00", "Mon 26 21:00"]
        await life.after(19 * A_DAY)
        assert await posted(life) == [
            "Mon 05 19:00 Raid in 3",
            "Tue 06 19:00 Raid in 3",
            "Wed 14 19:00 Ball in 4",
            "Mon 26 21:00 Ball in 4",
        ]


async def test_what_was_of_the_plan_is_changed_by_nothing_else_also_once_it_is_cleared(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        await plan.set(50, GUILD, OLGA, entry())
        await life.after(POSTED_AND)
        (event, *_) = await coming_up(life.store, GUILD)
        await plan.set(51, GUILD, OLGA, entry(time(20)))
        await plan.clear(GUILD, MONDAY)
        with pytest.raises(BadEvent, match="weekly plan"):
            await life.organising.replan(event.id, partial(replace, rule="FREQ=WEEKLY"), past_id=99)


async def test_a_weekday_is_cleared_with_what_was_moved_beyond_its_next_time(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life, plan = Life(store, clock), WeeklyPlan(store)
        first = await plan.set(50, GUILD, OLGA, entry())
        await life.organising.move(first.id, first.original + 2 * A_DAY)
        await life.after(A_DAY)
        await plan.set(51, GUILD, OLGA, entry(time(20)))
        assert await times(store, days=10) == ["Wed 07 19:00", "Mon 12 20:00"]
        await plan.clear(GUILD, MONDAY)
        assert await times(store) == []
