"""Two hundred members race for ten seats through two real processes on one database (F30)."""

import asyncio
import json
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.bots.events.editing.service import EventService
from steward.bots.events.model.details import Details
from steward.bots.events.model.occurrences import State, set_state
from steward.bots.events.model.series import Series
from steward.bots.events.rsvp.answers import answers
from steward.bots.installed import MIGRATIONS
from steward.runtime.clock import SystemClock
from steward.store import open_store
from tests.bots.events.happening import gone

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(400)]
MEMBERS, SEATS = 200, 10


@pytest.mark.parametrize("processes", [2])
async def test_f30_two_hundred_race_for_ten_seats_through_two_processes(server_database, processes):
    clock = SystemClock()
    start = (clock.now() + timedelta(days=1)).replace(tzinfo=None, second=0, microsecond=0)
    series = Series(1, 1, 5, 1, ZoneInfo("UTC"), start, None, 0, Details("Raid", seats=SEATS))
    async with open_store(server_database, clock, migrations=MIGRATIONS) as store:
        made = await EventService(store, gone).create(series)
        await store.write(lambda tx: set_state(tx, made.id, State.POSTED))
    each = MEMBERS // processes
    racing = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.bots.events.racing_process", server_database, str(made.id), str(first), str(each)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        for first in range(100, 100 + MEMBERS, each)
    ]
    try:
        for process in racing:
            assert await process.stdout.readline() == b"ready\n"
        said = await asyncio.gather(*(process.communicate(b"go\n") for process in racing))
    finally:
        for process in racing:
            if process.returncode is None:
                process.kill()
                await process.wait()
    told = [tuple(one) for out, _ in said for one in json.loads(out.splitlines()[-1])]  # above it may be a log
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
