"""What is over is deleted after its time, in small steps, with all that belongs to it."""

from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.draft import EVENT_DRAFTS, EventDraft
from steward.bots.events.editing.service import EventService
from steward.bots.events.editing.weekly_plan import PlanEntry, WeeklyPlan
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.occurrences import State, set_state
from steward.bots.events.model.series import Series
from steward.bots.events.polls.poll import Poll, PollTime
from steward.bots.events.polls.store import add_poll, close_poll, poll_of, toggle
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.schedule.retention import old_events
from steward.bots.installed import MIGRATIONS
from steward.client.panels.drafts import HeldDraft
from steward.client.payloads import EPOCH_MS
from steward.guilds import retention
from steward.guilds.retention import Retention
from steward.store import instant_of, open_store, to_millis
from tests.bots.events.happening import gone, happens

GUILD, OLGA, HALL, VOICE = 1, 2, 3, 4
UTC = ZoneInfo("UTC")
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
TABLES = (
    "events", "event_occurrences", "event_answers", "event_attendance", "due", "desired",
    "event_polls", "event_poll_times", "event_poll_votes",
)  # fmt: skip


def retention_of(store, clock, *, keep):
    return Retention(store, clock, lambda _: old_events(keep))


async def sizes(store):
    def work(tx):
        return {table: tx.value(f"SELECT COUNT(*) FROM {table}") for table in TABLES}

    return await store.read(work)


async def was_there(store, event, user_id):
    row = {"occurrence_id": event.id, "user_id": user_id, "millis": 60_000}
    await store.write(lambda tx: tx.insert_new("event_attendance", row))


async def test_an_event_a_poll_and_a_draft_go_with_all_that_belongs_to_them_and_a_series_goes_on(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        answering, organising = RsvpService(store), EventService(store, gone)
        now = clock.now()
        start = (now + AN_HOUR).replace(tzinfo=None, microsecond=0)
        details = Details("Räid", voice_channel_id=VOICE, thread=True, native=True)
        once = await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, None, 0, details))
        weekly = await organising.create(Series(8, GUILD, HALL, OLGA, UTC, start, "FREQ=WEEKLY", 0, details))
        off = await organising.create(Series(9, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", 0, details))
        await happens(store)
        for event in (once, weekly):
            await answering.answer(event.id, Respondent(10, "ada"), "yes")
            await was_there(store, event, 11)
            await store.write(partial(set_state, occurrence_id=event.id, state=State.OVER))
        await organising.end(off.event_id)
        times = [PollTime(1, start, instant_of(start, UTC)), PollTime(2, start + A_DAY, instant_of(start + A_DAY, UTC))]
        poll = Poll(12, GUILD, HALL, OLGA, UTC, "Räid", 60, now + AN_HOUR, times)
        await store.write(partial(add_poll, poll=poll))
        await store.write(partial(toggle, poll_id=12, position=1, member=Respondent(10, "ada")))
        await store.write(partial(close_poll, poll_id=12))
        begun = (to_millis(now) - EPOCH_MS) << 22
        for user_id, id_ in ((OLGA, begun), (OLGA + 1, begun + (1000 * 86_400_000 << 22))):
            held = HeldDraft(EventDraft(id_, HALL, UTC))
            await store.write(lambda tx, user_id=user_id, held=held: EVENT_DRAFTS.put(tx, GUILD, user_id, held))
        before = await sizes(store)

        kept_for = retention_of(store, clock, keep=A_DAY * 400)
        await kept_for.prune(now + 400 * A_DAY)  # it is not over for so long
        await retention_of(store, clock, keep=None).prune(now + 4000 * A_DAY)
        assert await sizes(store) == before | {"due": (await sizes(store))["due"]}

        await kept_for.prune(now + 403 * A_DAY)
        left = await sizes(store)
        assert {table: number for table, number in left.items() if number and table != "due"} == {
            "events": 1,
            "event_occurrences": 1 + 1,  # and the greatest number
        }
        assert await store.read(lambda tx: EVENT_DRAFTS.get(tx, GUILD, OLGA)) is None
        assert await store.read(lambda tx: EVENT_DRAFTS.get(tx, GUILD, OLGA + 1)) is not None
        with pytest.raises(BadEvent, match="n't there any more"):
            await answering.answer(once.id, Respondent(10, "ada"), "yes")
        with pytest.raises(BadEvent, match="n't there any more"):
            await store.read(partial(poll_of, poll_id=12))
        planned = "SELECT event_id FROM event_occurrences WHERE state = 'planned'"
        assert await store.read(lambda tx: tx.value(planned)) == weekly.event_id


async def test_the_number_of_what_was_deleted_is_given_to_no_other(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        organising, plan, now = EventService(store, gone), WeeklyPlan(store), clock.now()
        start = (now + AN_HOUR).replace(tzinfo=None, microsecond=0)

        async def made(number):
            return await organising.create(Series(number, GUILD, HALL, OLGA, UTC, start, None, 0, Details("Raid")))

        over = [await made(number) for number in (7, 8)]
        await happens(store)
        for event in over:
            await store.write(partial(set_state, occurrence_id=event.id, state=State.OVER))
        await retention_of(store, clock, keep=A_DAY).prune(now + 9 * A_DAY)
        used = {event.id for event in over}
        for number in (20, 30):
            entry = PlanEntry(3, HALL, UTC, time(20), time(9), Details("Quiz"))
            dropped = await plan.set(number, GUILD, OLGA, entry)  # planned: its number is in a draft that edits it
            await plan.clear(GUILD, entry.weekday)
            assert dropped.id not in used
            used.add(dropped.id)
        for id_ in used:
            with pytest.raises(BadEvent, match="n't there any more"):
                await organising.edit(id_, lambda details: details, what="the title")
            with pytest.raises(BadEvent, match="n't there any more"):
                await RsvpService(store).answer(id_, Respondent(10, "ada"), "yes")
        assert (await sizes(store))["event_occurrences"] == 1  # the number alone
        again = await made(40)
        assert again.id > max(used)
        await happens(store)
        await store.write(partial(set_state, occurrence_id=again.id, state=State.OVER))
        await retention_of(store, clock, keep=A_DAY).prune(now + 9 * A_DAY)
        assert (await made(50)).id > again.id
        await retention_of(store, clock, keep=A_DAY).prune(now + 9 * A_DAY)
        assert (await sizes(store))["event_occurrences"] == 2  # one number is enough, and planned ones stay


async def test_one_that_was_moved_is_kept_until_its_own_time_is_past(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        organising, now = EventService(store, gone), clock.now()
        start = (now + 9 * A_DAY).replace(tzinfo=None, microsecond=0)
        made = await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, "FREQ=YEARLY", 0, Details("Raid")))
        await happens(store)
        await organising.move(made.id, start - 8 * A_DAY)
        other = await organising.create(Series(8, GUILD, HALL, OLGA, UTC, start, None, 0, Details("Quiz")))
        await happens(store)
        for event in (made, other):
            await store.write(partial(set_state, occurrence_id=event.id, state=State.OVER))
        keeps = retention_of(store, clock, keep=A_DAY)
        numbers = "SELECT id FROM event_occurrences WHERE state = 'over'"
        for days, left in ((8, {made.id, other.id}), (12, set())):
            for _ in range(2):  # a run deletes a portion
                await keeps.prune(now + days * A_DAY)
            assert {id_ for (id_,) in await store.read(lambda tx: tx.all(numbers))} == left


async def test_it_deletes_little_at_a_time(clock, database, monkeypatch):
    monkeypatch.setattr(retention, "ROWS", 10)
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        answering, organising, now = RsvpService(store), EventService(store, gone), clock.now()
        start = (now + AN_HOUR).replace(tzinfo=None, microsecond=0)
        for number in range(6):
            event = await organising.create(Series(7 + number, GUILD, HALL, OLGA, UTC, start, None, 0, Details("Raid")))
            for user in range(25 if number == 0 else 1):
                await answering.answer(event.id, Respondent(100 + user, "ada"), "yes")
        await happens(store)
        await store.write(lambda tx: tx.execute("UPDATE event_occurrences SET state = 'over'"))
        keeps, steps = retention_of(store, clock, keep=A_DAY), []
        write = store.write

        async def counted(work):
            before = sum((await sizes(store)).values())
            result = await write(work)
            steps.append(before - sum((await sizes(store)).values()))
            return result

        monkeypatch.setattr(store, "write", counted)
        await keeps.prune(now + 9 * A_DAY)
        assert (await sizes(store))["event_occurrences"] == 1
        assert 0 < max(steps) <= 10 + 5  # an event's own rows beside those of its members
