"""`/recommend` for a voice channel and for the server: by those who agreed, and it says for whom each pick is."""

import asyncio
import re

from steward.bots.music.taste.sharing import share_taste
from steward.sim import Fault
from tests.scenarios.music.catalogues import catalogue, likes, picks_of
from tests.scenarios.music.services import playing

SERVER = {"from": "server"}
FOR = re.compile(r"^For (<@[0-9]+>.*?)\. ", re.MULTILINE)


async def shares(steward, scene, *members):
    def work(tx):
        for member in members:
            share_taste(tx, scene.guild.id, member.id)

    await steward.store.write(work)


async def test_those_in_voice_who_agreed_get_a_fair_list_that_says_for_whom_each_pick_is(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="none") as (scene, steward, _, ada):
        names = [*await catalogue(steward)]
        bo, cy = scene.guild.join("bo"), scene.guild.join("cy")
        lounge = scene.guild.add_voice_channel("lounge")
        alone = await ada.run("/recommend", **{"from": "voice"})
        assert alone.content == "You aren't in a voice channel. Join one and ask again."
        for member, place in ((ada, 10), (bo, 60), (cy, 110)):
            await likes(steward, member, names[place : place + 4])
            member.join_voice(lounge)
        await shares(steward, scene, ada, bo)
        reply = await ada.run("/recommend", **{"from": "voice"})
        assert len(picks_of(reply.message)) == 5
        assert not reply.ephemeral
        assert f"### For <@{min(ada.id, bo.id)}> and <@{max(ada.id, bo.id)}>" in reply.content
        assert "Left out: 1 other" in reply.content
        told = FOR.findall(reply.content)
        assert len(told) == 5
        assert all(any(f"<@{one.id}>" in said for said in told) for one in (ada, bo))
        assert str(cy.id) not in reply.content
        cy.leave_voice()
        ada.leave_voice()
        bo.leave_voice()
        cy.join_voice(lounge)
        assert "nobody lets me go by their taste" in (await cy.run("/recommend", **{"from": "voice"})).content


async def test_a_server_gets_what_members_who_agreed_like(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="none") as (scene, steward, _, ada):
        names = [*await catalogue(steward)]
        nobody = await ada.run("/recommend", **SERVER)
        assert nobody.content.startswith("Nobody here lets me go by their taste yet.")
        await likes(steward, ada, names[10:14])
        bo = scene.guild.join("bo")
        await likes(steward, bo, names[20:24])
        await shares(steward, scene, ada, bo)
        reply = await ada.run("/recommend", text="calm", **SERVER)
        assert reply.content.startswith("### For this server: ")
        assert "By the taste of 2 members who agreed." in reply.content
        assert len(picks_of(reply.message)) == 5


async def test_music_is_answered_in_the_channels_that_setup_says(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="none") as (scene, steward, _, ada):
        await catalogue(steward, artists=60, listeners=10)
        olga = scene.guild.join("boss")
        olga.give(scene.guild.add_role("Bosses", "manage_guild").id)
        jukebox = scene.guild.add_text_channel("jukebox")
        panel = await olga.run("/setup", what="music")
        panel = await olga.select(panel, jukebox, menu="music:setup_channels.1")
        await olga.click(panel, "Save")
        assert "in <#" in (await ada.run("/recommend", text="calm")).content
        assert len(picks_of((await ada.run("/recommend", jukebox, text="calm")).message)) == 5


async def another_who_shares(scene, steward, ada):
    """Have ada and another member, who is returned, like different artists and share that."""
    names, bo = [*await catalogue(steward)], scene.guild.join("bo")
    for member, place in ((ada, 10), (bo, 60)):
        await likes(steward, member, names[place : place + 4])
    await shares(steward, scene, ada, bo)
    return bo


async def test_whoever_has_left_counts_in_no_list_for_the_server(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="none") as (scene, steward, _, ada):
        bo = await another_who_shares(scene, steward, ada)
        assert "2 members who agreed" in (await ada.run("/recommend", **SERVER)).content
        bo.leave()
        await asyncio.sleep(600)  # who was there is remembered for some minutes
        reply = await ada.run("/recommend", **SERVER)
        assert "By the taste of 1 member who agreed." in reply.content
        assert str(bo.id) not in reply.content
        ada.leave()
        await asyncio.sleep(600)
        nobody = await scene.guild.join("cy").run("/recommend", **SERVER)
        assert nobody.content.startswith("Nobody here lets me go by their taste yet.")


async def test_a_list_for_the_server_comes_in_time_where_discord_is_slow_to_say_who_has_left(clock, tmp_path):
    async with playing(clock, tmp_path, STEWARD_MUSIC_SERVICES="none") as (scene, steward, _, ada):
        bo = await another_who_shares(scene, steward, ada)
        bo.leave()
        scene.sim.faults.rest(action=Fault.delay(5.0), route="/guilds/{guild_id}/members/{user_id}")
        begun = clock.monotonic()
        reply = await ada.run("/recommend", **SERVER)
        assert "2 members who agreed" in reply.content
        assert clock.monotonic() - begun < 3
        await asyncio.sleep(60)
        assert "1 member who agreed" in (await ada.run("/recommend", **SERVER)).content
