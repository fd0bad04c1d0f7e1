"""The rename limit nobody announces (F15), and channels that are closed, gone or somebody else's."""

import asyncio
from datetime import timedelta

from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import QUIET, stage, until

RENAMES = {"method": "PATCH", "route": "/channels/{channel_id}"}


async def test_f15_a_hundred_changes_in_ten_minutes_cost_two_renames_and_no_refusal(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(1200)
        path = f"/channels/{scene.members.id}"

        def renames():
            return [request for request in scene.sim.recorder.requests(**RENAMES) if request.path == path]

        before = len(renames())
        for number in range(100):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(6)
        assert 1 <= len(renames()) - before <= 2
        await asyncio.sleep(600)
        assert scene.members.name == f"Members: {scene.guild.member_count}"
        assert scene.sim.recorder.count(status=429) == 0


async def test_no_ten_minutes_of_a_busy_day_hold_more_than_two_renames_of_a_channel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward():
        for number in range(1440):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(60)
        times = [request.at for request in scene.sim.recorder.requests(**RENAMES)]
        names = {request.path for request in scene.sim.recorder.requests(**RENAMES)}
        assert len(names) >= 1
        for path in names:
            at = [request.at for request in scene.sim.recorder.requests(**RENAMES) if request.path == path]
            assert all(later - first > timedelta(minutes=10) for first, later in zip(at, at[2:], strict=False))
        assert len(times) > 200
        assert scene.sim.recorder.count(status=429) == 0


async def test_a_rename_that_arrives_late_counts_from_its_arrival(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(1200)
        scene.sim.faults.rest(**RENAMES, action=Fault.delay(20))
        for number in range(200):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(6)
        assert scene.sim.recorder.count(status=429) == 0


async def test_restarts_do_not_burst_what_was_spent_before_is_remembered(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        for number in range(20):
            scene.guild.join(f"member {number}")
            async with scene.steward():
                await asyncio.sleep(30)
        assert scene.sim.recorder.count(status=429) == 0
        async with scene.steward():
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)


async def test_other_requests_on_the_channel_do_not_wait_for_the_rename_limit(clock, tmp_path):
    """discord.py alone would sleep ten minutes inside the bucket."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        for number in range(5):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(1)
        began = clock.monotonic()
        await steward.client.rest.channel(scene.members.id)
        assert clock.monotonic() - began < 1


async def test_a_limit_spent_by_somebody_else_is_waited_out_without_hammering(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        await asyncio.sleep(900)
        await steward.client.rest.rename_channel(scene.members.id, "Members: x", reason="an administrator's bot")
        await steward.client.rest.rename_channel(scene.members.id, "Members: y", reason="an administrator's bot")
        await asyncio.sleep(1300)
        assert scene.members.name == f"Members: {scene.guild.member_count}"
        assert scene.sim.recorder.count(status=429) <= 1


async def test_a_channel_locked_by_denying_connect_is_said_to_be_locked(clock, tmp_path):
    """Denying CONNECT takes MANAGE_CHANNELS with it: the classic failure of counter bots."""
    async with stage(clock, tmp_path) as scene:
        scene.members.deny(scene.guild.everyone, "connect")
        async with scene.steward() as steward:
            await asyncio.sleep(120)
            assert any(str(scene.members.id) in problem for problem in await steward.problems.now())
            attempts = len(scene.sim.recorder.requests(**RENAMES, status=403))
            assert attempts >= 1
            scene.members.allow(scene.guild.roles[scene.guild.everyone.id], "connect")
            await until(lambda: scene.members.name != "Members: 0", within=700)
            assert not any(str(scene.members.id) in problem for problem in await steward.problems.now())


async def test_a_deleted_channel_is_left_alone_after_one_try(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        scene.members.delete()
        for number in range(50):
            scene.guild.join(f"member {number}")
            await asyncio.sleep(60)
        assert len(scene.sim.recorder.requests(status=404)) <= 1
        assert any("was deleted" in problem for problem in await steward.problems.now())
        await until(lambda: scene.online.name == f"Online: {scene.guild.online_count}", within=900)
        assert steward.health.ready


async def test_a_channel_deleted_while_the_bot_was_away_costs_no_try(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=900)
        scene.members.delete()
        scene.guild.join("ada")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(900)
            path = f"/channels/{scene.members.id}"
            assert [request for request in scene.sim.recorder.requests(status=404) if request.path == path] == []
            assert any("deleted" in problem for problem in await steward.problems.now())


async def test_an_administrators_new_label_is_kept(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward():
        await until(lambda: scene.members.name != "Members: 0")
        scene.members.rename("Birds: 1")
        await until(lambda: scene.members.name == f"Birds: {scene.guild.member_count}", within=900)


async def test_without_manage_channels_it_says_so_and_sends_few_refused_requests(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions("view_channel", "send_messages", "embed_links", "ban_members")
        async with scene.steward() as steward:
            await asyncio.sleep(3600)
            problems = await steward.problems.now()
            assert sum("I can't rename <#" in problem for problem in problems) == 3
            assert scene.sim.recorder.count(status=403) <= 3 * 7


async def test_without_ban_members_the_other_counters_go_on(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions("view_channel", "send_messages", "embed_links", "manage_channels", "connect")
        async with scene.steward() as steward:
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}")
            assert scene.bans.name == "Bans: 0"
            assert any("Give me Ban Members" in problem for problem in await steward.problems.now())


async def test_a_guild_the_bot_is_not_in_is_said_to_be_missing(clock, tmp_path):
    async with stage(clock, tmp_path, GUILD_ID="999999999999999999") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(5)
        assert any("not in the server 999999999999999999" in problem for problem in await steward.problems.now())


async def test_a_channel_of_another_guild_is_said_to_be_missing(clock, tmp_path):
    elsewhere = "999999999999999999"
    async with stage(clock, tmp_path, MEMBER_COUNT_CHANNEL_ID=elsewhere) as scene, scene.steward() as steward:
        await asyncio.sleep(60)
        assert any(elsewhere in problem for problem in await steward.problems.now())
        assert scene.online.name == f"Online: {scene.guild.online_count}"


async def test_a_text_channel_whose_name_discord_rewrites_is_renamed_no_more_than_the_number_changes(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        text = scene.guild.add_text_channel("members-here")
        scene.extra["MEMBER_COUNT_CHANNEL_ID"] = str(text.id)
        async with scene.steward() as steward:
            await asyncio.sleep(86400)
            path = f"/channels/{text.id}"
            assert sum(request.path == path for request in scene.sim.recorder.requests(**RENAMES)) == 1
            assert any("Use a voice channel" in problem for problem in await steward.problems.now())


async def test_a_rename_whose_answer_is_lost_is_no_problem_once_it_is_seen(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name != "Members: 0")
        await asyncio.sleep(900)
        scene.sim.faults.rest(**RENAMES, action=Fault.drop_response())
        scene.guild.join("ada")
        await asyncio.sleep(900)
        assert await steward.problems.now() == []
        assert scene.members.name == f"Members: {scene.guild.member_count}"


async def test_ban_members_given_later_takes_effect_without_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions("view_channel", "send_messages", "embed_links", "manage_channels", "connect")
        async with scene.steward() as steward:
            await asyncio.sleep(60)
            assert any("Ban Members" in problem for problem in await steward.problems.now())
            scene.guild.set_bot_permissions(*scene.guild.bot_permissions, "ban_members")
            await until(lambda: scene.bans.name == "Bans: 7", within=1300)
            assert await steward.problems.now() == []


async def test_bans_are_counted_anew_each_day(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await until(lambda: scene.bans.name == "Bans: 7")
        stats_of(steward).service.bans_counted(scene.guild.id, 70)  # whatever went wrong
        await until(lambda: scene.bans.name == "Bans: 70", within=700)
        await until(lambda: scene.bans.name == "Bans: 7", within=90_000, every=60)
