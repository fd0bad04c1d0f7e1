"""What calendars, attendance, polls, exports and forgetting ask of the database, on each engine."""

import asyncio
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.attendance.measured import Attendance
from steward.bots.events.attendance.participation import Reliability, facts, reliability
from steward.bots.events.calendar import calendars
from steward.bots.events.calendar.feeds import Feeds
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.occurrences import State, set_state
from steward.bots.events.model.series import Series
from steward.bots.events.polls.poll import Poll, PollState, PollTime
from steward.bots.events.polls.store import (
    CLOSING,
    POLL,
    add_poll,
    close_poll,
    make_event,
    poll_of,
    toggle,
)
from steward.bots.events.privacy.export import TABLES
from steward.bots.events.privacy.forgetting import Forgetting
from steward.bots.events.rsvp.answers import Respondent, answers
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.store import instant_of, open_store, to_millis
from steward.store.desired import desired
from steward.store.due import due
from steward.store.export.export import Exporter
from tests.bots.events.happening import gone

GUILD, OLGA, HALL, VOICE, ADA, BEN = 1, 2, 3, 4, 5, 6
UTC = ZoneInfo("UTC")
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def counts(*_):
    return True


async def test_calendar_attendance_export_and_forgetting_work_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        answering, organising = RsvpService(store), EventService(store, gone)
        attendance = Attendance(store, clock, counts=counts)
        now = clock.now()
        start = (now + AN_HOUR).replace(tzinfo=None, microsecond=0)
        details = Details("Räid", voice_channel_id=VOICE)
        made = await organising.create(Series(7, GUILD, HALL, OLGA, UTC, start, "FREQ=WEEKLY", 0, details))
        ahead = await organising.create(Series(8, GUILD, HALL, ADA, UTC, start + A_DAY, None, 0, details))
        for event, users in ((made, (ADA, BEN)), (ahead, (ADA,))):
            for user in users:
                await answering.answer(event.id, Respondent(user, f"user {user}"), "yes")
        await store.write(partial(set_state, occurrence_id=made.id, state=State.POSTED))
        following = asyncio.create_task(attendance.run())
        await asyncio.sleep(3600)
        begin = to_millis(made.starts_at)
        attendance.sat(GUILD, VOICE, ADA, begin, begin + 1_800_000)
        await asyncio.sleep(3600)
        following.cancel()
        await attendance.flush()
        await store.write(partial(set_state, occurrence_id=made.id, state=State.OVER))

        found = await store.read(partial(calendars.of_guild, guild_id=GUILD))
        assert [entry.uid.partition("-")[0] for entry in found] == ["7", "8", *["7"] * 13]
        assert len(await store.read(partial(calendars.of_event, guild_id=GUILD, event_id=8))) == 1
        feeds = Feeds(store, lambda _: "Events")
        given = await feeds.give(GUILD, ADA)
        assert (await feeds.page(f"{given.token}.ics", {})).status == 200
        assert (await feeds.give(GUILD, ADA)).token is None

        known = await store.read(partial(facts, guild_id=GUILD, begin=now, end=clock.now() + AN_HOUR))
        (turnout,) = known.turnouts
        assert (turnout.measured, len(turnout.yes), len(turnout.came)) == (True, 2, 1)
        rates = await store.read(partial(reliability, guild_id=GUILD, user_ids=[ADA, BEN]))
        assert rates == {ADA: Reliability(1, 1), BEN: Reliability(0, 1)}

        exporter = Exporter(store)
        rows = {kept: [row async for row in exporter.rows(GUILD, TABLES[kept])] for kept in TABLES}
        assert {kept: len(found) for kept, found in rows.items()} == {
            "events": 2,
            "each time": 2,
            "answers": 3,
            "attendance": 1,
            "polls": 0,
        }

        await Forgetting(store, answering, attendance.flush).forget(GUILD, ADA)
        assert await store.read(partial(answers, occurrence_id=ahead.id)) == []
        assert [one.name for one in await store.read(partial(answers, occurrence_id=made.id))] == [
            "(forgotten)",
            "user 6",
        ]
        assert (await feeds.page(f"{given.token}.ics", {})).status == 404
        known = await store.read(partial(facts, guild_id=GUILD, begin=now, end=clock.now() + AN_HOUR))
        assert len(known.turnouts[0].came) == 1


async def test_polls_work_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        start = (clock.now() + A_DAY).replace(tzinfo=None, microsecond=0)
        times = [
            PollTime(number, start + number * AN_HOUR, instant_of(start + number * AN_HOUR, UTC)) for number in (1, 2)
        ]
        poll = Poll(9, GUILD, HALL, OLGA, UTC, "Räid", 60, clock.now() + AN_HOUR, times)
        assert await store.write(partial(add_poll, poll=poll))
        assert not await store.write(partial(add_poll, poll=poll))
        voters = [Respondent(number, f"user {number}") for number in range(10, 30)]
        await asyncio.gather(
            *(store.write(partial(toggle, poll_id=9, position=2, member=member)) for member in voters),
            store.write(partial(toggle, poll_id=9, position=1, member=voters[0])),
        )
        _, could = await store.write(partial(toggle, poll_id=9, position=2, member=voters[3]))
        assert not could
        seen = await store.read(partial(poll_of, poll_id=9))
        assert [len(time.voters) for time in seen.times] == [1, 19]
        post = await store.read(lambda tx: desired.find(tx, POLL, 9))
        assert post.revision == post.shown + 22
        _, closes_at = await store.read(lambda tx: due.guilds(tx, [CLOSING]))
        assert closes_at == to_millis(poll.closes_at)
        await asyncio.sleep(3600)
        closing = await store.read(lambda tx: due.first(tx, [CLOSING], GUILD))
        assert closing.number == 9
        for _ in range(2):
            await store.write(partial(close_poll, poll_id=9))
        with pytest.raises(BadEvent, match="closed"):
            await store.write(partial(toggle, poll_id=9, position=1, member=voters[1]))
        event = await store.write(partial(make_event, poll_id=9, position=2))
        assert event.starts_at == times[1].starts_at
        assert len(await store.read(partial(answers, occurrence_id=event.id))) == 19
        with pytest.raises(BadEvent, match="exists already"):
            await store.write(partial(make_event, poll_id=9, position=2))
        assert (await store.read(partial(poll_of, poll_id=9))).state is PollState.MADE
