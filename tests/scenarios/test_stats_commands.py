"""`/stats` on the whole product: true numbers, drawn, and named by Discord for each who looks."""

import asyncio

import pytest

from tests.stage import admin, download, stage

PNG = b"\x89PNG\r\n"


async def a_busy_day(scene, steward):
    """Let three members write and one sit in voice; return one of them."""
    await admin(scene, steward)
    ada, bob, eve = (scene.guild.join(name) for name in ("ada", "bob", "eve"))
    room = scene.guild.add_voice_channel("Room")
    for number in range(6):
        ada.say(scene.set.general, f"hello {number}")
        if number % 2:
            bob.say(scene.set.general, "hi")
        await asyncio.sleep(600)
    eve.join_voice(room)
    await asyncio.sleep(3600)
    eve.leave_voice()
    bob.leave()
    await asyncio.sleep(120)
    return ada


def fields(reply):
    return {field["name"]: field["value"] for field in reply.embeds[0]["fields"]}


async def pictures(reply):
    return [(await download(item["url"]))[:6] for item in reply.message.attachments]


async def test_everybody_sees_how_the_server_is_doing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        ada = await a_busy_day(scene, steward)
        overview = await ada.run("/stats overview")
        assert {"Joins": "4", "Leaves": "1", "Messages": "9", "Time in voice": "1.0 h"}.items() <= fields(
            overview
        ).items()
        growth = await ada.run("/stats growth", period="24 hours")
        assert fields(growth)["Joins"] == "4"
        assert len(await pictures(growth)) == 2
        activity = await ada.run("/stats activity", period="7 days")
        assert fields(activity)["Messages"] == "9"
        for reply in (overview, growth, activity):
            assert set(await pictures(reply)) == {PNG}


async def test_channels_and_members_are_ranked_without_pinging_anybody(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        ada = await a_busy_day(scene, steward)
        channels = await ada.run("/stats channels")
        assert f"9 · <#{scene.set.general.id}>" in channels.embeds[0]["description"]
        top = await ada.run("/stats top")
        first, second = top.embeds[0]["description"].splitlines()
        assert (f"6 · <@{ada.id}>" in first, "3 · <@" in second) == (True, True)
        voice = await ada.run("/stats top", by="voice_seconds")
        assert "1.0 h" in voice.embeds[0]["description"]
        assert not any(message.mentions for message in scene.set.general.messages)


async def test_retention_and_comparison_are_told(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        ada = await a_busy_day(scene, steward)
        retention = await ada.run("/stats retention")
        assert await pictures(retention) == [PNG]
        compare = await ada.run("/stats compare", period="24 hours")
        assert "**4**" in fields(compare)["Joins"]


@pytest.mark.parametrize("command", ["overview", "growth", "activity", "channels", "top", "retention", "compare"])
async def test_an_empty_server_is_no_error(clock, tmp_path, command):
    async with stage(clock, tmp_path, members=3, online=0, bans=0) as scene, scene.steward() as steward:
        await admin(scene, steward)
        reply = await scene.guild.join("ada").run(f"/stats {command}")
        assert reply.embeds
        assert "wrong" not in reply.content


async def test_without_the_members_intent_it_says_what_it_cannot_know(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false") as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = scene.guild.join("ada")
        assert "I don't see who joins and leaves" in (await ada.run("/stats retention")).content
        assert "Joins" not in fields(await ada.run("/stats growth"))
