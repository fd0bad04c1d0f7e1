"""A day of the whole product on each database: counted, restarted, its server lost, and reported once."""

import asyncio

import pytest

from tests.databases import end_sessions
from tests.stage import admin, stage, until


def fields(message):
    return {field["name"]: field["value"] for field in message.embeds[0]["fields"]}


@pytest.mark.evening
async def test_a_day_is_counted_and_reported_once_on_every_database(clock, tmp_path, database):
    settings = {"STEWARD_DATABASE": database, "STEWARD_HEARTBEAT_INTERVAL": "3600", "UPDATE_INTERVAL": "600"}
    async with stage(clock, tmp_path, **settings) as scene:
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            for number in range(5):
                scene.guild.join(f"early {number}")
                olga.say(scene.set.general, "hello")
            await asyncio.sleep(3600)
        async with scene.steward() as steward:  # the next process goes on where the first one ended
            await until(lambda: steward.health.ready)
            if not database.startswith("sqlite"):
                await asyncio.to_thread(end_sessions, database)
            for number in range(4):
                scene.guild.join(f"late {number}").leave()
                olga.say(scene.set.general, "good evening")
            await until(lambda: len(scene.reports.messages) == 1, within=4000, every=60)
            await asyncio.sleep(3600)
            (report,) = scene.reports.messages
            told = fields(report)
            assert (told["Joins"], told["Leaves"], told["Messages"]) == ("10", "4", "9")
            assert scene.members.name == f"Members: {scene.guild.member_count}"
            assert await steward.problems.now() == []
            answer = await olga.run("/stats overview")
    assert answer is not None
