"""What `/security_status` tells of those who are too fast, of forged components, and of floods of joins."""

import asyncio
from datetime import timedelta

from steward.client.components import button, row
from tests.stage import admin, stage, until


async def operator(scene, steward):
    olga = await admin(scene, steward)
    olga.give(scene.guild.add_role("Operators", "administrator").id)
    return olga


async def security(member):
    return (await member.run("/security_status")).embeds[0]["description"]


async def test_who_gives_commands_faster_than_allowed_is_told_to_the_operator(clock, tmp_path):
    async with stage(clock, tmp_path, BURST_LIMIT="2") as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        mallory = scene.guild.join("mallory")
        for _ in range(5):
            await mallory.run("/privacy show")
        told = await security(olga)
        assert "🟢 **Commands faster than allowed** 3 times in 24 hours" in told
        assert f"<@{mallory.id}> gave `/privacy show` too early" in told


async def test_a_button_that_no_bot_here_has_made_is_told_and_one_of_an_older_version_is_not(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        mallory = scene.guild.join("mallory")
        buttons = row(
            button("Forged", "bank:rob.1:all"), button("Alien", "no id of ours"), button("Old", "stats:setup_save.0")
        )
        message = {"content": "Click me", "components": [buttons]}
        await steward.client.rest.send_message(scene.set.general.id, message, nonce="forged")
        for name in ("Forged", "Alien", "Old"):
            assert (await mallory.click(scene.set.general.messages[-1], name)).ephemeral
        told = await security(olga)
        assert "**Button or menu this bot didn't make** 2 times in 24 hours" in told
        assert f"<@{mallory.id}> used bank:rob" in told
        assert f"<@{mallory.id}> used unknown component" in told


async def test_a_flood_of_joins_is_told_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await operator(scene, steward)
        for number in range(19):
            scene.guild.join(f"newcomer {number}")
            await asyncio.sleep(60)
        assert "Suspicious activity** none" in await security(olga)
        for number in range(60):
            scene.guild.join(f"raider {number}")
            await asyncio.sleep(2)
        told = await security(olga)
        assert "🟡 **Many joins at once** 1 times in 24 hours" in told
        assert "20 joins within" in told


async def test_as_many_joins_as_are_usual_in_a_server_are_no_flood(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        for number in range(3 * 120):  # 120 an hour, from the first one on
            scene.guild.join(f"newcomer {number}")
            await asyncio.sleep(30)
        learning = len(steward.host.guilds.suspicions.within(timedelta(days=1)))
        assert learning <= 1, "the first hour has none to compare with"
        for number in range(40):  # three times as many
            scene.guild.join(f"visitor {number}")
            await asyncio.sleep(10)
        assert len(steward.host.guilds.suspicions.within(timedelta(days=1))) == learning
