"""A series that is moved, or changed, from one of its times on: through random lives, and beside a plain model."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest

from steward.bots.events.calendar import calendars
from steward.bots.events.editing.weekly_plan import WeeklyPlan
from steward.bots.events.model.details import BadEvent, Reminder
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.occurrences import State
from steward.bots.events.recurrence.planning import series_moved
from steward.bots.events.rsvp.answers import Respondent
from steward.errors import StewardError
from steward.text.recurrence.rule import RecurrenceRule
from tests.bots.events.coming_up import coming_up
from tests.bots.events.editing.test_weekly_plan import entry
from tests.bots.events.life import A_DAY, GUILD, HOUR, OLGA, Life, detailed, living
from tests.bots.events.series_model import BERLIN, Model
from tests.bots.events.whole import whole

RULES = (
    "FREQ=WEEKLY;COUNT=12",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;COUNT=14",
    "FREQ=DAILY;COUNT=20",
    "FREQ=DAILY;INTERVAL=3;COUNT=12",
)
LEADS = (0, 0, 24 * 60, 9 * 24 * 60)


async def made(life, random, rule):
    """A series that was made as one, or once, put off and then given its rule."""
    lead = random.choice(LEADS)
    if random.random() < 1 / 2:
        return await life.made(rule=rule, lead=lead, ahead=A_DAY, zone=BERLIN), lead
    event = await life.made(lead=lead, ahead=A_DAY, zone=BERLIN)
    to = event.original + random.choice((2 * HOUR, A_DAY, 7 * A_DAY))
    await life.organising.move(event.id, to)
    given = await life.organising.replan(event.id, partial(replace, rule=rule), past_id=99)
    assert [given.original] == list(RecurrenceRule.parse(rule, to).occurrences(to - HOUR, 1))
    return given, lead


@pytest.mark.parametrize("seed", range(8))
async def test_however_a_series_is_changed_each_of_its_times_takes_place_once_where_it_should(clock, tmp_path, seed):
    random = Random(seed)
    await sleep_until(clock, datetime(2026, 3, 16, 12, tzinfo=UTC))  # the clocks of Berlin go forward on the 29th
    async with living(clock, tmp_path) as store:
        life, rule = Life(store, clock), RULES[seed % len(RULES)]
        event, lead = await made(life, random, rule)
        model = Model(life, [time.original for time in await life.lookups.times(event.event_id)], lead)
        model.turns[0].posted = event.state is State.POSTED
        for step in range(16):
            await life.happens()
            await model.check()
            await model.check_posts()
            ahead = model.last_part()
            if not ahead:
                break
            turn = random.choice(ahead[:4])
            match random.choice(("live", "live", "skip", "move", "past", "past", "series", "series", "rename", "lead")):
                case "live":
                    await model.live(random.randrange(1, 4))
                case "skip":
                    await life.organising.cancel(await model.id_of(turn))
                    turn.skipped = True
                case "move":
                    await model.move(turn, timedelta(hours=2))
                case "past":
                    await model.move(turn, timedelta(days=random.randrange(1, 16)))
                case "series":
                    shift = timedelta(days=random.randrange(-2, 3), hours=random.randrange(-3, 4))
                    await model.move_series(turn, shift)
                case "rename":
                    await model.rename(turn, f"Title {step}")
                case "lead":
                    await model.give_lead(turn, random.choice(LEADS))
        await life.happens()
        await model.check()
        await model.live(10)


async def sleep_until(clock, instant):
    await asyncio.sleep((instant - clock.now()).total_seconds())


async def times(life):
    """What lies ahead, as members see it."""
    page = await Lists(life.store).listed(GUILD, 0, days=60)
    return [line.starts_at for line in page.lines]


def to(shift, event):
    return partial(series_moved, to=event.original + shift)


async def test_a_posted_time_moves_with_its_answers_and_reminders_and_who_comes_is_told_once(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=2 * A_DAY, reminders=(Reminder(60),))
        await life.answer(event, 11, 12)
        await life.answer(event, 13, option="no")
        before = await times(life)
        moved = await life.organising.replan(event.id, to(A_DAY + HOUR, event), past_id=8)
        assert (moved.id, moved.starts_at) == (event.id, event.starts_at + A_DAY + HOUR)
        assert await times(life) == [at + A_DAY + HOUR for at in before]
        assert len((await whole(life.store, event.id)).answers) == 3
        (told,) = await life.said("has moved to")
        assert "<@11> <@12>" in told
        await life.after(2 * A_DAY)
        assert await life.said("begins") == []
        await life.after(A_DAY + HOUR)
        assert len(await life.said("begins")) == 1


async def test_moved_back_a_series_is_what_it_was(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=MONTHLY;BYDAY=1MO;COUNT=9", ahead=2 * HOUR, lead=40 * 24 * 60)
        third = (await life.lookups.times(event.event_id))[2].original
        await life.organising.skip(event.event_id, third)
        moved = await life.organising.keep(event.event_id, (await life.lookups.times(event.event_id))[2].original)
        await life.organising.move(moved, (await whole(life.store, moved)).event.original + 5 * HOUR)
        before = [(time.original, time.starts_at) for time in await life.lookups.times(event.event_id)]
        there = await life.organising.replan(event.id, to(8 * A_DAY, event), past_id=8)
        assert (await life.lookups.series(there)).rule == "FREQ=MONTHLY;BYDAY=2TU;COUNT=9"
        assert len({time.starts_at for time in await life.lookups.times(event.event_id)}) == 8
        await life.organising.replan(event.id, to(-8 * A_DAY, there), past_id=9)
        assert [(time.original, time.starts_at) for time in await life.lookups.times(event.event_id)] == before


async def test_from_a_time_far_ahead_on_what_comes_before_stays_and_no_post_comes_out_of_its_turn(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        first, second, third, fourth, *_ = await times(life)
        far = await life.organising.keep(event.event_id, third.replace(tzinfo=None))
        await life.organising.replan(far, to(A_DAY, (await whole(life.store, far)).event), past_id=8)
        assert (await times(life))[:4] == [first, second, third + A_DAY, fourth + A_DAY]
        for part in (event.event_id, 8):
            entries = await store.read(partial(calendars.of_event, guild_id=GUILD, event_id=part))
            assert [entry.starts_at for entry in entries][:9] == await times(life)
        await life.after(7 * A_DAY)
        rows = await store.read(lambda tx: tx.all("SELECT starts_at FROM event_occurrences WHERE posts > 0"))
        assert len(rows) == 2
        with pytest.raises(BadEvent, match="Before that the series has another time"):
            await life.organising.replan(far, partial(series_moved, to=second.replace(tzinfo=None)), past_id=9)
        await life.organising.end(event.event_id)
        assert await times(life) == []


async def test_a_part_that_is_moved_ends_where_the_series_goes_on_otherwise(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=A_DAY)
        first, second, third, *_ = await times(life)
        far = await life.organising.keep(event.event_id, third.replace(tzinfo=None))
        await life.organising.replan(far, partial(series_moved, to=(third - A_DAY).replace(tzinfo=None)), past_id=8)
        for far, words in ((13 * A_DAY + HOUR, "After that it changes"), (14 * A_DAY, "The rule ends on")):
            with pytest.raises(StewardError, match=words):
                await life.organising.replan(event.id, to(far, event), past_id=9)
        later = 6 * A_DAY + HOUR
        for shift, before in ((-HOUR, [first - HOUR, second - HOUR]), (later + HOUR, [first + later])):
            await life.organising.replan(event.id, to(shift, (await whole(life.store, event.id)).event), past_id=9)
            assert (await times(life))[: len(before) + 1] == [*before, third - A_DAY]


async def test_another_rule_cancels_what_it_has_not_and_keeps_the_rest_with_its_answers(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR, lead=16 * 24 * 60)
        ahead = await coming_up(life.store, GUILD)
        for user, one in enumerate(ahead[:3]):
            await life.answer(one, user + 11)
        before = await times(life)
        other = partial(replace, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
        await life.organising.replan(event.id, other, past_id=8)
        await life.happens()
        assert await times(life) == before[::2]
        (told,) = await life.said("is cancelled")
        assert "<@12>" in told
        assert len((await whole(life.store, ahead[2].id)).answers) == 1
        assert await life.said("has moved to") == []
        await life.organising.replan(event.id, partial(replace, rule=None), past_id=9)
        assert await times(life) == before[:1]


async def test_times_that_another_rule_adds_are_posted_in_their_turn(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        *_, planned = await coming_up(life.store, GUILD)
        await life.answering.answer(planned.id, Respondent(11, "ada"), "yes", by=OLGA)
        await life.organising.replan(event.id, partial(replace, rule="FREQ=DAILY"), past_id=8)
        for days in range(1, 9):
            rows = await store.read(lambda tx: tx.all("SELECT 1 FROM event_occurrences WHERE posts > 0"))
            assert len(rows) == days
            await life.after(A_DAY)
        assert len((await whole(life.store, planned.id)).answers) == 1


async def test_another_lead_holds_for_the_next_post(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY", ahead=HOUR)
        await life.organising.replan(event.id, partial(replace, lead=3 * 24 * 60), past_id=8)
        for days, posted in ((3, 1), (1.1, 2)):
            await life.after(days * A_DAY)
            rows = await store.read(lambda tx: tx.all("SELECT 1 FROM event_occurrences WHERE posts > 0"))
            assert len(rows) == posted


async def test_a_day_of_the_weekly_plan_is_changed_by_the_plan(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        await WeeklyPlan(store).set(5, GUILD, OLGA, entry(2, "Raid"))
        (event,) = await coming_up(life.store, GUILD)
        with pytest.raises(BadEvent, match="weekly plan"):
            await life.organising.replan(event.id, to(A_DAY, event), past_id=8)


async def test_the_chosen_one_gives_up_its_own_time_where_the_series_is_moved_to_the_time_it_had(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY;COUNT=4", ahead=2 * A_DAY)
        before = await times(life)
        await life.organising.move(event.id, event.original + A_DAY)
        await life.organising.replan(event.id, detailed(title="Quiz"), past_id=8, what="the title")
        assert await times(life) == [before[0] + A_DAY, *before[1:]]
        await life.organising.replan(event.id, to(0 * A_DAY, event), past_id=9, moves=True)
        assert await times(life) == before


async def test_an_event_that_was_once_recurs_from_where_it_was_put_off_to(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made()
        put_off = await life.organising.move(event.id, event.original + 8 * A_DAY)
        assert (await life.lookups.series(put_off)).start == event.original + 8 * A_DAY
        await life.organising.replan(event.id, partial(replace, rule="FREQ=WEEKLY;COUNT=4"), past_id=8)
        await life.happens()
        assert await times(life) == [event.starts_at + days * A_DAY for days in (8, 15, 22, 29)]


async def test_what_was_skipped_is_cancelled_at_the_time_that_it_would_have_now(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY;COUNT=4")
        await life.organising.skip(event.event_id, event.original + 7 * A_DAY)
        await life.organising.replan(event.id, to(A_DAY, event), past_id=8)
        entries = await store.read(partial(calendars.of_guild, guild_id=GUILD))
        starts = [event.starts_at + days * A_DAY for days in (1, 8, 15, 22)]
        assert [entry.starts_at for entry in entries] == starts
        assert [entry.cancelled for entry in entries] == [False, True, False, False]
        assert await life.said("is cancelled") == []
