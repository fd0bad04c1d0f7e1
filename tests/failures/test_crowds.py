"""Many members at once: F65, F66."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from discord.utils import snowflake_time

from steward.bots.events.rsvp.answers import answers
from steward.bots.events.rsvp.seating import tallies
from steward.sim import Fault
from tests.scenarios.events.crowd import event, guests, heading, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import admin, stage, until

CALLBACK = {"method": "POST", "route": "/interactions/{interaction_id}/{interaction_token}/callback"}
ON_THE_WAY = 0.1
CROWD = 250


def waited(scene, since: datetime) -> list[float]:
    """The seconds from what members did to the acknowledgement, of all since an instant."""
    ids = [
        (request, int(request.path.split("/")[-3])) for request in scene.sim.recorder.requests(**CALLBACK, status=204)
    ]
    return [(request.at - snowflake_time(id_)).total_seconds() for request, id_ in ids if request.at >= since]


async def test_f65_hundreds_of_clicks_with_many_in_flight_are_all_answered_and_kept(clock, tmp_path):
    """Each answer is a tenth of a second on its way to Discord."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, seats=100)
        post, crowd = await posted(hall), guests(scene, 2 * CROWD)
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(ON_THE_WAY), times=float("inf"))
        since, going = clock.now(), iter(crowd)

        async def click_on() -> None:
            for member in going:
                reply = await member.click(post, "Yes")
                assert reply.error is None

        clicking = asyncio.gather(*(click_on() for _ in range(CROWD)))
        await asyncio.sleep(0.15)
        asked = clock.monotonic()
        other = await event(scene, steward, hall)
        cancelled = await olga.run("/event cancel", event=str(other.id))
        assert "is cancelled" in cancelled.content
        assert clock.monotonic() - asked < 1
        await clicking
        assert max(waited(scene, since)) + ON_THE_WAY < 3
        await until(lambda: heading(post, "Yes").endswith("(100)") and "400" in heading(post, "Waitlist"))
        kept = await steward.store.read(lambda tx: answers(tx, made.id))
        assert len(kept) == len(crowd)
        assert [one.seated for one in kept] == [True] * 100 + [False] * 400
        counted = await steward.store.read(lambda tx: tallies(tx, made.id))
        assert (counted["yes"].seated, counted["yes"].waiting) == (100, 400)


@pytest.mark.parametrize("what", ["who comes", "/stats overview", "/events mine"])
async def test_f66_hundreds_of_one_command_at_once_are_all_acknowledged_in_time(clock, tmp_path, what):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        post, crowd = await posted(hall), guests(scene, CROWD)
        await crowd[0].click(post, "Yes")
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(ON_THE_WAY), times=float("inf"))
        await asyncio.sleep(1)
        since = clock.now()
        if what == "who comes":
            acts = [member.click(post, "Who's coming") for member in crowd]
        else:
            acts = [member.run(what, hall) for member in crowd]
        replies = await asyncio.gather(*acts)
        assert {reply.error for reply in replies} == {None}
        assert len(waited(scene, since)) == CROWD
        assert max(waited(scene, since)) + ON_THE_WAY < 3
