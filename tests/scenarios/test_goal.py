"""`/goal` on the whole product: set, shown, its milestones announced once each."""

import asyncio

from tests.stage import admin, stage, until


async def test_milestones_on_the_way_are_announced_once_each(clock, tmp_path):
    async with stage(clock, tmp_path, members=99, online=20) as scene:
        news = scene.guild.add_text_channel("news")
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            reply = await olga.run("/goal set", members=108, channel=news)
            assert "8 to go" in reply.content
            for number in range(8):
                scene.guild.join(f"new {number}")
                await asyncio.sleep(60)
            shown = await olga.run("/stats goal")
            assert "reached" in shown.content
        scene.guild.join("one more").leave()
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(300)
        titles = [message.embeds[0]["title"] for message in news.messages]
        assert titles == ["102 members", "104 members", "106 members", "🎉 108 members!"]


async def test_a_goal_that_is_reached_already_is_refused(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert "already" in (await olga.run("/goal set", members=5)).content
        assert "There's no goal" in (await olga.run("/stats goal")).content


async def test_many_members_at_once_announce_the_newest_milestone_only(clock, tmp_path):
    async with stage(clock, tmp_path, members=99, online=20) as scene, scene.steward() as steward:
        news, olga = scene.guild.add_text_channel("news"), await admin(scene, steward)
        await olga.run("/goal set", members=200, channel=news)
        for number in range(60):
            scene.guild.join(f"new {number}")
        await asyncio.sleep(300)
        assert [message.embeds[0]["title"] for message in news.messages] == ["150 members"]
