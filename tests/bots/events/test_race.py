"""Two hundred members race for ten seats through two real processes on one database (F30)."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import State, set_state
from steward.bots.events.model.series import Series
from steward.bots.events.rsvp.answers import Respondent, answers
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.events.happening import gone
from tests.processes.forked import preload
from tests.processes.racing import race

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
preload(__name__)
MEMBERS, SEATS = 200, 10


async def answer(store, occurrence_id, first, members):
    """Have members answer yes, and some of those with a seat leave again; return what each was told."""
    answering = RsvpService(store)

    async def wish(user):
        outcome = await answering.answer(occurrence_id, Respondent(user, f"member {user}"), "yes")
        return user, outcome.now.seated, outcome.line

    told = await asyncio.gather(*(wish(user) for user in range(first, first + members)))
    for user, seated, _ in told[: members // 10]:
        if seated:
            await answering.answer(occurrence_id, Respondent(user, f"member {user}"), "no")
    return told


@pytest.mark.parametrize("processes", [2])
async def test_f30_two_hundred_race_for_ten_seats_through_two_processes(server_database, processes):
    clock = SystemClock()
    start = (clock.now() + timedelta(days=1)).replace(tzinfo=None, second=0, microsecond=0)
    series = Series(1, 1, 5, 1, ZoneInfo("UTC"), start, None, 0, Details("Raid", seats=SEATS))
    async with open_store(server_database, clock, migrations=MIGRATIONS) as store:
        made = await EventService(store, gone).create(series)
        await store.write(lambda tx: set_state(tx, made.id, State.POSTED))
    each = MEMBERS // processes
    parts = race(answer, server_database, *((made.id, first, each) for first in range(100, 100 + MEMBERS, each)))
    told = [one for part in parts for one in part]
    assert len(told) == MEMBERS
    async with open_store(server_database, clock, migrations=MIGRATIONS) as store:
        kept = await store.read(lambda tx: answers(tx, made.id))
        notices = await store.read(
            lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE message_key LIKE '%moved_up%'")
        )
    left = [answer.user_id for answer in kept if answer.option == "no"]
    yes = [answer for answer in kept if answer.option == "yes"]
    assert len(kept) == MEMBERS
    assert sum(answer.seated for answer in yes) == SEATS
    firsts = [user for user, seated, _ in told if seated]
    assert set(left) <= set(firsts), "only who had a seat left"
    # Whoever stands in line stands there in the order of arrival, and exactly the first of them moved up.
    assert [answer.seated for answer in yes] == [True] * SEATS + [False] * (MEMBERS - len(left) - SEATS)
    assert left
    assert notices == len(left)
