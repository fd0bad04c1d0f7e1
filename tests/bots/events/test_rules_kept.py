"""What stays true of events however they are changed: the rules and the SQL, without Discord."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

from steward.bots.events.model.details import Reminder
from steward.bots.events.model.occurrences import State
from steward.bots.events.polls.poll import Poll, PollTime
from steward.bots.events.polls.store import add_poll, make_event, toggle
from steward.bots.events.rsvp.answers import NATIVE, Respondent, givers
from steward.store.outbox import outbox
from tests.bots.events.coming_up import coming_up
from tests.bots.events.life import A_DAY, GUILD, HALL, HOUR, OLGA, UTC, Life, detailed, living
from tests.bots.events.whole import whole

KEPT = ("outbox", "outbox_files")


async def test_those_who_come_hear_of_the_end_of_a_series_that_was_moved_just_before(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=WEEKLY")
        await life.answer(event, 11)
        await life.organising.move(event.id, event.original + A_DAY)
        await life.organising.end(event.event_id)
        assert len(await life.said("has moved to")) == 1
        assert len(await life.said("is cancelled")) == 1


async def test_a_change_of_a_series_takes_nothing_else_from_the_time_that_differs(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(rule="FREQ=DAILY", description="bring food")
        await life.organising.edit(event.id, lambda now: replace(now, title="Special", seats=5), what="x")
        await life.organising.replan(event.id, detailed(description="bring drinks"), past_id=8, what="x")
        titles = [(e.details.title, e.details.seats, e.details.description) for e in await coming_up(life.store, GUILD)]
        assert titles == [("Special", 5, "bring drinks"), ("Raid", None, "bring drinks")]


async def test_a_change_from_one_time_on_leaves_the_times_before_it_as_they_were(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        first = await life.made(rule="FREQ=DAILY", lead=3 * 24 * 60)
        await life.after(A_DAY)
        *_, last = await coming_up(life.store, GUILD)
        await life.organising.replan(last.id, detailed(title="Quiz"), past_id=8, what="x")
        assert (await life.details(first)).title == "Raid"
        titles = [event.details.title for event in await coming_up(life.store, GUILD)]
        assert (titles[0], titles[-1]) == ("Raid", "Quiz")


async def test_a_series_goes_on_while_its_next_time_is_moved_far_ahead_of_its_post(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        await life.made(rule="FREQ=WEEKLY")
        second = (await coming_up(life.store, GUILD))[1]
        assert second.state is State.PLANNED
        await life.organising.move(second.id, second.original + timedelta(days=25))
        await life.after(timedelta(days=30))
        rows = await store.read(lambda tx: tx.all("SELECT starts_at FROM event_occurrences WHERE posts > 0"))
        assert len(rows) >= 5


async def test_a_move_sets_off_no_reminder_whose_time_is_past(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(ahead=10 * A_DAY, reminders=(Reminder(48 * 60), Reminder(24 * 60), Reminder(60)))
        await life.answer(event, 11)
        await life.organising.move(event.id, event.original - 10 * A_DAY + 2 * HOUR)
        await life.happens()
        assert await life.said("begins") == []
        await life.after(2 * HOUR)
        assert len(await life.said("begins")) == 1


async def test_of_several_reminders_missed_while_the_bot_was_away_the_last_one_is_sent(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(ahead=3 * A_DAY, reminders=(Reminder(48 * 60), Reminder(24 * 60), Reminder(60)))
        await life.answer(event, 11)
        await asyncio.sleep((3 * A_DAY - HOUR / 2).total_seconds())
        await life.happens()
        assert len(await life.said("begins")) == 1


async def test_nobody_moves_up_once_an_event_is_over(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(seats=1)
        await life.answer(event, 11, 12)
        await life.after(4 * HOUR)
        outcome = await life.answering.take_out(event.id, 11)
        assert outcome.moved_up == ()
        (left,) = (await whole(life.store, event.id)).answers
        assert not left.seated


async def test_who_was_put_in_before_the_post_moves_up_and_has_the_role(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(ahead=3 * A_DAY, lead=24 * 60, seats=1, role_id=77)
        for user in (11, 12):
            await life.answering.answer(event.id, Respondent(user, "x"), "yes", by=OLGA)
        await life.organising.edit(event.id, lambda now: replace(now, seats=2), what="x")
        assert [answer.seated for answer in (await whole(life.store, event.id)).answers] == [True, True]
        await life.after(2 * A_DAY + HOUR)
        rows = await store.read(lambda tx: tx.all("SELECT user_id FROM event_role_grants WHERE wanted = 1"))
        assert sorted(row[0] for row in rows) == [11, 12]


async def test_an_organiser_puts_themselves_in_whatever_roles_and_the_end_of_sign_up_say(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(cutoff=24 * 60, roles=frozenset({5}))
        outcome = await life.answering.answer(event.id, Respondent(OLGA, "olga"), "yes", by=OLGA)
        assert outcome.now.seated


async def test_a_notice_to_many_is_a_message_that_discord_takes_however_long_it_is(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made()
        await life.answer(event, *range(10**18, 10**18 + 80))
        what = (
            "it is called " + "x" * 100 + " now, at " + "y" * 100 + ", a new description, other answers to choose from"
        )
        title = "*" * 100
        await life.organising.edit(event.id, lambda now: replace(now, title=title), what=what)
        told = [json.loads(payload) for payload in await life.said("has changed")]
        assert max(len(message["content"]) for message in told) <= 2000
        assert sum(len(message["allowed_mentions"]["users"]) for message in told) == 80


async def test_an_answer_at_the_post_stays_when_the_interest_that_was_one_before_is_lost(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        event = await life.made(native=True, seats=1)
        ada, ben, carla = (Respondent(number, f"guest {number}") for number in (11, 12, 13))
        for member in (ada, ben, carla):
            await life.answering.answer(event.id, member, "yes", by=NATIVE)
        clicked = await life.answering.answer(event.id, ada, "yes")
        await life.answering.answer(event.id, ben, "yes", by=OLGA)
        assert not clicked.changed
        for member in (ada, ben, carla):
            await life.answering.take_out(event.id, member.id, given_by=NATIVE)
        kept = [(answer.user_id, answer.seated) for answer in (await whole(life.store, event.id)).answers]
        assert kept == [(11, True), (12, False)]


async def test_those_of_a_poll_come_of_their_own_accord_whoever_has_made_it(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        start = clock.now() + A_DAY
        times = [
            PollTime(number, start.replace(tzinfo=None) + number * HOUR, start + number * HOUR) for number in (1, 2)
        ]
        await store.write(partial(add_poll, poll=Poll(12, GUILD, HALL, OLGA, UTC, "Raid", 60, start, times)))
        await store.write(partial(toggle, poll_id=12, position=1, member=Respondent(11, "ada")))
        await life.forget(OLGA)
        event = await store.write(partial(make_event, poll_id=12, position=1))
        assert await store.read(partial(givers, occurrence_id=event.id)) == {11: 11}


async def test_a_forgotten_member_is_sent_nothing_and_nothing_is_kept_for_it(clock, tmp_path):
    async with living(clock, tmp_path) as store:
        life = Life(store, clock)
        for user in (11, 12):
            late = partial(outbox.put_direct, key=f"answer:{GUILD}:{user}", user_id=user, payload={"content": "yours"})
            await store.write(partial(late, files=[("answers.csv", b"theirs")]))
        await life.forget(11)
        kept = [await store.read(lambda tx, table=table: tx.all(f"SELECT message_key FROM {table}")) for table in KEPT]
        assert [[key for (key,) in rows] for rows in kept] == [[f"answer:{GUILD}:12"]] * 2
