"""What is over is deleted after its time, also by a bot that is never there for a whole day."""

import asyncio
from math import inf

from steward.sim import Fault
from tests.scenarios.events.crowd import event, posted
from tests.scenarios.events.test_answers import EDITS
from tests.stage import stage

HOUR = 3600


async def test_f28_an_event_deleted_by_a_bot_that_runs_an_hour_a_day_is_explained_by_its_buttons(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_KEEP_PAST_EVENTS_DAYS="2") as scene:
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        await asyncio.sleep(12 * HOUR)
        async with scene.steward() as steward:
            await event(scene, steward, hall, minutes=30)
            await event(scene, steward, hall, minutes=30, title="Quiz")
            post = await posted(hall)
            await ada.click(post, "Yes")
            scene.sim.faults.rest(**EDITS, action=Fault.status(403), times=inf)  # the buttons stay
            assert "deleted after 2 days" in (await ada.run("/privacy show")).content
            assert "in the last 2 days" in (await ada.run("/events reliability")).content
            await asyncio.sleep(HOUR)
        for day in range(1, 5):
            await asyncio.sleep(23 * HOUR)
            async with scene.steward() as steward:
                await asyncio.sleep(HOUR)
                kept = await steward.store.read(lambda tx: tx.value("SELECT COUNT(*) FROM event_answers"))
                assert kept == (1 if day < 4 else 0)
                said = await ada.click(post, "Who's coming")
                assert ("n't there any more" in said.content) == (day == 4)
