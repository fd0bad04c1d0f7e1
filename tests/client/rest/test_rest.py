"""The requests themselves: pages are turned, nobody is pinged, a nonce makes one message of two."""

import asyncio

import pytest

from steward.client.rest.errors import Forbidden, TryLater
from steward.client.rest.rest import PolledCounts
from steward.sim import Fault
from tests.sim.channels.test_thread import thread_in
from tests.stage import stage, until


async def test_counts_of_more_guilds_than_a_page_holds_come_in_as_many_calls_as_pages(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        for number in range(250):
            scene.sim.add_guild(f"guild {number}", members=10 + number, online=number)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(30)  # the poller has had its first reading by then
            before = scene.sim.recorder.count(route="/users/@me/guilds")
            counts = await steward.client.rest.guild_counts()
            assert len(counts) == 251
            assert PolledCounts(259, 249) in counts.values()
            assert scene.sim.recorder.count(route="/users/@me/guilds") - before == 2


async def test_the_settings_say_how_many_guilds_are_asked_about_at_once_and_how_long_an_answer_is_waited_for(
    clock, tmp_path
):
    async with stage(clock, tmp_path, API_BATCH_SIZE="50", API_TIMEOUT="3") as scene:
        for number in range(120):
            scene.sim.add_guild(f"guild {number}", members=10 + number, online=number)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(30)
            before = scene.sim.recorder.count(route="/users/@me/guilds")
            assert len(await steward.client.rest.guild_counts()) == 121
            assert scene.sim.recorder.count(route="/users/@me/guilds") - before == 3
            scene.sim.faults.rest(method="GET", route="/users/@me/guilds", action=Fault.delay(60))
            began = clock.monotonic()
            with pytest.raises(TryLater, match="didn't answer"):
                await steward.client.rest.guild_counts()
            assert clock.monotonic() - began == pytest.approx(8, abs=0.1)


async def test_a_rename_is_waited_for_no_longer_than_the_settings_say(clock, tmp_path):
    async with stage(clock, tmp_path, API_TIMEOUT="3") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(method="PATCH", route="/channels/{channel_id}", action=Fault.delay(60))
        began = clock.monotonic()
        with pytest.raises(TryLater, match="didn't answer"):
            await steward.client.rest.rename_channel(scene.reports.id, "other", reason="a test")
        assert clock.monotonic() - began == pytest.approx(8, abs=0.1)


async def test_bans_are_counted_page_by_page(clock, tmp_path):
    async with stage(clock, tmp_path, bans=2500) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        assert await steward.client.rest.ban_count(scene.guild.id) == 2500


async def test_f56_no_message_pings_anybody(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        owner = scene.guild.owner_id
        await steward.client.rest.send_message(scene.reports.id, {"content": f"@everyone <@{owner}>"}, nonce="a")
        message = scene.reports.messages[-1]
        assert (message.mention_everyone, message.mentions, message.mention_roles) == (False, [], [])


@pytest.mark.parametrize("locked", [False, True])
async def test_an_edit_in_an_archived_thread_reopens_it_unless_it_is_locked(clock, tmp_path, locked):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions("view_channel", "send_messages", "send_messages_in_threads")
        await until(lambda: steward.health.ready)
        rest, thread = steward.client.rest, thread_in(scene.guild)
        sent = await rest.send_message(thread.id, {"content": "old"}, nonce="1")
        thread.archive(archived=True)
        thread.locked = locked
        if locked:
            with pytest.raises(Forbidden):
                await rest.edit_message(thread.id, sent, {"content": "new"})
        else:
            await rest.edit_message(thread.id, sent, {"content": "new"})
        assert (thread.archived, thread.message(sent).content) == (locked, "old" if locked else "new")


async def test_the_same_nonce_sent_again_gives_the_first_message(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        ids = {await steward.client.rest.send_message(scene.reports.id, {"content": "once"}, nonce="n") for _ in "12"}
        assert len(ids) == len(scene.reports.messages) == 1


async def test_files_are_sent_with_the_message_and_the_nonce_holds_for_them_too(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        embed = {"title": "A day", "image": {"url": "attachment://day.png"}}
        for _ in "12":
            await steward.client.rest.send_message(
                scene.reports.id, {"embeds": [embed]}, nonce="n", files=[("day.png", b"\x89PNG")]
            )
        (message,) = scene.reports.messages
        assert [attachment["filename"] for attachment in message.attachments] == ["day.png"]
