"""A weekly event keeps its hour on the wall clock for a year, in every zone, each reminder once, whatever is killed."""

import asyncio
import os
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import Details, Reminder
from steward.bots.events.model.series import Series
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.store import instant_of, open_store
from steward.store.due.work import DueWork
from tests.bots.events.coming_up import coming_up
from tests.bots.events.happening import KINDS, gone

# One of each kind of change: an hour, half an hour, on other dates, at midnight, none.
ZONES = (
    "Africa/Cairo", "America/New_York", "America/Nuuk", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Europe/Berlin", "Pacific/Auckland", "Pacific/Chatham", "UTC",
)  # fmt: skip
GUILD, ADA = 1, Respondent(7, "ada")
A_DAY = timedelta(days=1)


def zones():
    """The zones above; with STEWARD_TEST_ZONES=all every one there is."""
    return sorted(available_timezones() - {"localtime"}) if os.environ.get("STEWARD_TEST_ZONES") == "all" else ZONES


async def lives_until(store, clock, end):
    """Run what is due until then, while a member says yes to all that is posted; nothing is ended in order."""
    answering = RsvpService(store)
    running = asyncio.create_task(DueWork(store, clock, KINDS, watch=A_DAY.total_seconds()).run())
    answered = set()
    while (left := (end - clock.now()).total_seconds()) > 0:
        done, _ = await asyncio.wait({running}, timeout=min(left, 6 * 3600))
        assert not done, running.result()
        for event in await coming_up(store, GUILD):
            if event.state.value == "posted" and event.id not in answered and event.starts_at > clock.now():
                answered.add(event.id)
                await answering.answer(event.id, ADA, "yes")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.mark.timeout(3600)  # every zone takes a while
async def test_f37_a_weekly_event_is_at_seven_in_the_evening_each_week_and_each_reminder_comes_once(clock, tmp_path):
    begin = clock.now()
    first = (begin + 6 * A_DAY).replace(hour=19, tzinfo=None)
    random_ = random.Random(37)
    details = Details("Raid", reminders=(Reminder(60), Reminder(0)))
    end = begin + 366 * A_DAY
    made = False
    while clock.now() < end:
        async with open_store(tmp_path / "s.sqlite3", clock, migrations=MIGRATIONS) as store:
            if not made:
                made = True
                organising = EventService(store, gone)
                for number, zone in enumerate(zones(), 1):
                    series = Series(
                        number, GUILD, number, 1, ZoneInfo(zone), first, "FREQ=WEEKLY", 2 * 24 * 60, details
                    )
                    await organising.create(series)
            await lives_until(store, clock, min(end, clock.now() + timedelta(days=random_.uniform(1, 60))))
            occurrences = await store.read(lambda tx: tx.all("SELECT event_id, starts_at FROM event_occurrences"))
            keys = [row[0] for row in await store.read(lambda tx: tx.all("SELECT message_key FROM outbox"))]
        await asyncio.sleep(random_.uniform(60, 1800))  # it was away
    over = int((end - A_DAY).timestamp() * 1000)
    for number, key in enumerate(zones(), 1):
        zone = ZoneInfo(key)
        starts = sorted(at for event_id, at in occurrences if event_id == number and at < over)
        walls = [first + 7 * week * A_DAY for week in range(len(starts))]
        assert [datetime.fromtimestamp(at / 1000, UTC) for at in starts] == [instant_of(wall, zone) for wall in walls]
        assert len(starts) in {51, 52}
    assert len(keys) == len(set(keys))
    posts = [key for key in keys if key.count(":") == 1]
    ahead = [key for key in keys if ":remind:60@" in key]
    at_start = [key for key in keys if ":remind:0@" in key]
    took_place = sum(at < over for _, at in occurrences)
    assert len(posts) >= took_place
    assert len(ahead) >= took_place
    assert len(at_start) >= took_place
