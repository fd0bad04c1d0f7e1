"""The database file taken away under the running bot (F64): members and the operator are told, nothing is confirmed."""

from __future__ import annotations

import asyncio

from tests.scenarios.events.crowd import event, listed, posted
from tests.stage import stage, until


async def test_f64_members_and_the_operator_are_told_that_the_database_is_gone_and_put_back_it_goes_on(clock, tmp_path):
    database, away = tmp_path / "steward.sqlite3", tmp_path / "away"
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, ada, bob = scene.guild.add_text_channel("hall"), scene.guild.join("ada"), scene.guild.join("bob")
        await until(lambda: steward.health.ready)
        await event(scene, steward, hall)
        post = await posted(hall)
        await ada.click(post, "Yes")
        await asyncio.sleep(10)
        database.rename(away)
        ready, facts = await steward.problems.readiness()
        assert not ready
        assert "was deleted or moved away" in facts["storage"]
        assert f"Move it back to {database}" in facts["storage"]
        told = await bob.click(post, "Yes")
        assert "nothing was saved" in told.content
        await asyncio.sleep(60)
        assert [alert.name for alert in steward.monitoring.alerts.active] == ["database"]
        assert listed(post, "Yes") == ["ada"]
        assert not steward.tasks.doomed.done()
        away.rename(database)
        await bob.click(post, "Yes")
        await asyncio.sleep(120)
        assert listed(post, "Yes") == ["ada", "bob"]
        assert (await steward.problems.readiness())[0]
        assert await steward.problems.now() == []
