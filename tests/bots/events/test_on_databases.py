"""What the commands of events ask of the database, on each engine."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import steward.bots.events
from steward.bots.events.editing.draft import EVENT_DRAFTS, EventDraft
from steward.bots.events.editing.service import EventService
from steward.bots.events.editing.weekly_plan import PlanEntry, WeeklyPlan
from steward.bots.events.model import lookups as model_lookups
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.series import Series
from steward.bots.events.model.templates import Templates
from steward.bots.events.recurrence.planning import series_moved
from steward.bots.events.rsvp.answers import Respondent, answers
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.client.panels.drafts import HeldDraft
from steward.store import open_store
from steward.store.desired import desired
from steward.store.migrate import statements
from steward.store.outbox import outbox
from tests.bots.events.coming_up import coming_up
from tests.bots.events.happening import gone, happens

GUILD, OLGA, HALL, LOBBY = 1, 2, 3, 4
UTC = ZoneInfo("UTC")
A_DAY = timedelta(days=1)
TITLES = next((Path(steward.bots.events.__file__).parent / "migrations").glob("*__titles.sql"))


async def test_answers_are_taken_in_the_order_they_come_however_long_one_of_them_waits_for_discord(clock, database):
    """A member changes their mind, another is behind them: the first waits until Discord has said who is there."""
    pauses = iter((2.0, 0.5, 0.0))

    async def before(_):
        await asyncio.sleep(next(pauses))

    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        start = (clock.now() + A_DAY).replace(tzinfo=None, microsecond=0)
        made = await EventService(store, gone).create(
            Series(7, GUILD, HALL, OLGA, UTC, start, None, 0, Details("Raid", seats=1))
        )
        answering = RsvpService(store, before)
        given = ((Respondent(9, "ada"), "no"), (Respondent(9, "ada"), "yes"), (Respondent(10, "ben"), "yes"))
        await asyncio.gather(*(answering.answer(made.id, member, option) for member, option in given))
        kept = await store.read(lambda tx: answers(tx, made.id))
        assert [(one.name, one.option, one.seated) for one in kept] == [
            ("ada", "yes", True),
            ("ben", "yes", False),
        ]


async def test_plans_templates_drafts_lists_and_reposts_work_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        answering, organising = RsvpService(store), EventService(store, gone)
        lookups, lists, plan = Lookups(store), Lists(store), WeeklyPlan(store)
        start = (clock.now() + A_DAY).replace(tzinfo=None, microsecond=0)
        made = await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", 0, Details('Räid "1"')))
        await happens(store)
        await answering.answer(made.id, Respondent(9, "ada"), "yes")
        with pytest.raises(BadEvent, match="on its way"):
            await organising.repost(made.id)
        await store.write(lambda tx: tx.execute("UPDATE outbox SET state = 'sent', message_id = 55"))
        anew = await organising.repost(made.id, LOBBY)
        assert (anew.channel_id, anew.message_id, anew.posts) == (LOBBY, None, 2)
        assert await store.read(outbox.waiting) == 1
        left = await store.read(lambda tx: desired.first(tx, "event_left", HALL))
        assert (left.number, left.name) == (made.id, "55")

        assert [event.id for event in await lookups.named(GUILD, 'RÄID "1"')] == [made.id]
        assert await lookups.named(GUILD, "raid") == []
        (brought,) = [
            text
            for text in await store.read(lambda tx: list(statements(TITLES.read_text(), tx.dialect)))
            if "UPDATE" in text
        ]
        await store.write(lambda tx: tx.execute(brought))  # what was there before can be found, too
        for late in (False, True):
            offered = await lookups.offered(GUILD, 'äid "', late=late)
            assert [(offer.id, offer.wall) for offer in offered] == [(made.id, start), (made.id + 1, start + A_DAY)]
        assert await store.read(lambda tx: model_lookups.ahead(tx, GUILD, "zz")) == await lookups.offered(GUILD, "")
        assert [line.starts_at.day for line in (await lists.listed(GUILD, 0, days=4)).lines] == [
            (start + day * A_DAY).day for day in range(4)
        ]
        (mine,) = (await lists.mine(GUILD, 9, 0)).lines
        assert (mine.answer, mine.seated) == ("yes", True)
        assert len(await lookups.times(7, limit=5)) == 5
        assert await lookups.is_made(GUILD, 7)
        assert not await lookups.is_made(GUILD, 8)
        assert not await lookups.is_made(GUILD + 1, 7)

        entry = PlanEntry(4, HALL, UTC, time(20), time(9), Details("Quiz"))
        await plan.set(8, GUILD, OLGA, entry)
        friday = (await plan.set(9, GUILD, OLGA, entry)).original
        await organising.skip(8, friday + 7 * A_DAY)
        later = replace(entry, starts=time(21))
        assert (await plan.set(10, GUILD, OLGA, later)).original == friday + timedelta(hours=1)
        days = [item.starts_at.day for item in await lookups.times(8, limit=2)]
        assert days == [friday.day, (friday + 14 * A_DAY).day]
        assert await plan.entries(GUILD) == [later]
        await plan.clear(GUILD, 4)
        assert await plan.entries(GUILD) == []
        assert (await plan.set(11, GUILD, OLGA, entry)).event_id == 8

        templates = Templates(store)
        assert [await templates.save(GUILD, name, Details("A")) for name in ("Räid", "räid ")] == [False, True]
        assert await templates.all(GUILD) == {"räid": Details("A")}
        await templates.delete(GUILD, "RÄID")
        held = HeldDraft(EventDraft(1, HALL, UTC), {"when": "perhaps"})
        await store.write(lambda tx: EVENT_DRAFTS.put(tx, GUILD, OLGA, held))
        assert await store.read(lambda tx: EVENT_DRAFTS.get(tx, GUILD, OLGA)) == held
        await store.write(lambda tx: EVENT_DRAFTS.drop(tx, GUILD, OLGA))
        assert await store.read(lambda tx: EVENT_DRAFTS.get(tx, GUILD, OLGA)) is None


async def test_a_series_is_moved_and_parted_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        organising, lookups = EventService(store, gone), Lookups(store)
        start = (clock.now() + A_DAY).replace(tzinfo=None, microsecond=0)
        made = await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, "FREQ=DAILY", 0, Details("Raid")))
        await happens(store)
        await store.write(lambda tx: tx.execute("UPDATE outbox SET state = 'sent', message_id = 55"))
        third, fourth = (await lookups.times(7, limit=4))[2:]
        await organising.skip(7, fourth.original)
        day_later = [item.starts_at + A_DAY for item in await lookups.times(7, limit=9)]
        await organising.replan(made.id, partial(series_moved, to=start + A_DAY), past_id=17)
        assert [item.starts_at for item in await lookups.times(7, limit=9)] == day_later
        far = await organising.keep(7, third.original + A_DAY)
        await organising.replan(far, partial(replace, lead=60), past_id=18)
        parts = [[item.starts_at for item in await lookups.times(id_)] for id_ in (18, 7)]
        assert (len(parts[0]), parts[0] + parts[1][:7]) == (2, day_later)
        await organising.repost(made.id, LOBBY)
        assert {one.channel_id for one in await coming_up(store, GUILD)} == {LOBBY}
        await organising.end(18)
        assert await lookups.times(7) == []


async def test_there_are_so_many_templates_and_no_more(clock, tmp_path):
    async with open_store(tmp_path / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
        templates = Templates(store)
        for number in range(25):
            await templates.save(GUILD, f"No. {number}", Details("A"))
        with pytest.raises(BadEvent, match="25 templates already"):
            await templates.save(GUILD, "one more", Details("A"))
        with pytest.raises(BadEvent, match="1 to 32"):
            await templates.save(GUILD, " ", Details("A"))
