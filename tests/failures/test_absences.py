"""While nobody listens (F51, F52): what can be known is known within a minute, the rest is said to be missing."""

import asyncio
import re
from datetime import timedelta

import pytest

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.privacy.personal import NOBODY
from steward.sim import Fault
from tests.parts import stats_of
from tests.stage import stage, until, until_midnight

BANS = {"method": "GET", "route": "/guilds/{guild_id}/bans"}
AUDIT = {"method": "GET", "route": "/guilds/{guild_id}/audit-logs"}


async def summed_up(scene, steward):
    now = scene.clock.now()
    return await stats_of(steward).service.summary(
        scene.guild.id, now - timedelta(days=2), now + timedelta(days=1), names=99
    )


async def ran_for_a_while(scene, seconds=60):
    async with scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await until(lambda: scene.bans.name != "Bans: 0")
        await asyncio.sleep(seconds)


async def test_f51_a_night_away_is_repaired_within_a_minute_and_the_rest_is_marked(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        there = [scene.guild.join(f"regular {number}") for number in range(60)]
        await ran_for_a_while(scene)
        away_at = clock.now()
        await asyncio.sleep(3600)
        for number in range(100):
            scene.guild.join(f"newcomer {number}")
        for member in there[:40]:
            member.leave()
        for member in there[40:47]:
            scene.guild.kick(member)
        for member in there[47:50]:
            scene.guild.ban(member)
        scene.guild.unban(there[47].user)
        await asyncio.sleep(3600)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            ready_at = clock.now()
            await asyncio.sleep(59)
            counts = stats_of(steward).service.guild(scene.guild.id).counts
            assert (counts.members, counts.bans) == (scene.guild.member_count, scene.guild.ban_count)
            summary = await summed_up(scene, steward)
            assert (
                summary.counts[EventKind.KICK],
                summary.counts[EventKind.BAN],
                summary.counts[EventKind.UNBAN],
            ) == (7, 3, 1)
            assert sorted(summary.names[EventKind.BAN]) == ["regular 47", "regular 48", "regular 49"]
            [gap] = summary.gaps
            assert gap.net == 100 - 50
            assert timedelta(0) <= away_at - gap.began_at <= timedelta(seconds=42)  # the last heartbeat
            assert abs(gap.ended_at - ready_at) <= timedelta(seconds=1)
        assert scene.sim.recorder.count(status=429) == 0


async def test_what_is_told_by_the_gateway_is_not_taken_from_the_audit_log_again(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        people = [scene.guild.join(f"member {number}") for number in range(10)]
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(20)
            for person in people[:4]:
                scene.guild.ban(person)
            scene.guild.kick(people[4])
            await asyncio.sleep(0.2)
        scene.guild.ban(people[5])
        scene.guild.kick(people[6])
        await asyncio.sleep(1200)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            scene.guild.ban(people[7])
            scene.guild.kick(people[8])
            await asyncio.sleep(30)
            summary = await summed_up(scene, steward)
            assert (summary.counts[EventKind.BAN], summary.counts[EventKind.KICK]) == (6, 3)
            assert stats_of(steward).service.guild(scene.guild.id).counts.bans == scene.guild.ban_count


async def test_a_kick_is_recorded_beside_its_leave_with_the_name(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        rowdy = scene.guild.join("rowdy")
        scene.guild.kick(rowdy)
        await asyncio.sleep(5)
        scene.guild.kick(scene.guild.join(rowdy.user))  # twice within minutes is two kicks
        await asyncio.sleep(5)
        scene.guild.join("calm").leave()
        await asyncio.sleep(5)
        summary = await summed_up(scene, steward)
        assert (summary.counts[EventKind.LEAVE], summary.counts[EventKind.KICK]) == (3, 2)
        assert summary.names[EventKind.KICK] == ["rowdy", "rowdy"]


async def test_after_a_short_restart_the_ban_list_is_not_paged_again_and_the_number_is_right(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        people = [scene.guild.join(f"member {number}") for number in range(10)]
        await ran_for_a_while(scene)
        paged = len(scene.sim.recorder.requests(**BANS))
        assert paged == 1
        for person in people[:3]:
            scene.guild.ban(person)
        scene.guild.unban(people[0].user)
        await asyncio.sleep(20)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            scene.guild.ban(people[5])
            await asyncio.sleep(30)
            assert stats_of(steward).service.guild(scene.guild.id).counts.bans == scene.guild.ban_count == 7 + 3
            assert (await summed_up(scene, steward)).gaps == ()
        assert len(scene.sim.recorder.requests(**BANS)) == paged
        async with scene.steward() as steward:
            await until(lambda: stats_of(steward).service.guild(scene.guild.id).counts.bans == scene.guild.ban_count)


async def test_a_session_that_discord_throws_away_leaves_a_gap_and_has_the_bans_counted_anew(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.bans.name == "Bans: 7")
        paged = len(scene.sim.recorder.requests(**BANS))
        scene.sim.faults.invalidate(resumable=False)
        scene.guild.ban(scene.guild.join("untold"))
        scene.guild.join("nor she")
        await until(lambda: steward.health.connections == 2)
        await asyncio.sleep(30)
        summary = await summed_up(scene, steward)
        assert [gap.net for gap in summary.gaps] == [1]
        assert summary.names[EventKind.BAN] == ["untold"]
        assert len(scene.sim.recorder.requests(**BANS)) == paged + 1
        assert stats_of(steward).service.guild(scene.guild.id).counts.bans == 8


async def test_what_the_audit_log_refuses_is_not_asked_for_again_and_nobody_is_nagged(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions(*(scene.guild.bot_permissions - {"view_audit_log"}))
        await ran_for_a_while(scene)
        scene.guild.join("untold")
        await asyncio.sleep(1200)
        async with scene.steward() as steward:
            await asyncio.sleep(3600)
            assert [gap.net for gap in (await summed_up(scene, steward)).gaps] == [1]
            assert await steward.problems.now() == []
        async with scene.steward() as steward:
            await asyncio.sleep(60)
        assert len(scene.sim.recorder.requests(**AUDIT)) == 1


async def test_a_gap_whose_filling_was_cut_short_is_filled_by_the_next_process(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        await ran_for_a_while(scene)
        scene.guild.ban(scene.guild.join("untold"))
        await asyncio.sleep(1200)
        scene.sim.faults.rest(**AUDIT, action=Fault.status(503), times=99)
        async with scene.steward() as steward:
            await until(lambda: scene.sim.recorder.requests(**AUDIT))
            await asyncio.sleep(5)
            assert (await summed_up(scene, steward)).counts[EventKind.BAN] == 0
        scene.sim.faults.clear()
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(20)
            assert (await summed_up(scene, steward)).names[EventKind.BAN] == ["untold"]


async def test_gaps_are_known_at_once_although_the_audit_log_fails_and_filled_once_it_answers(clock, tmp_path):
    """The first guild's gap is tried again, ever more seldom, while that of the next is noted and filled."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50)
        await until(lambda: steward.health.ready)
        await asyncio.sleep(120)
        began = clock.now()

        async def out(guild):
            scene.sim.faults.outage(guild)
            guild.ban(guild.join("untold"))
            await asyncio.sleep(60)
            scene.sim.faults.end_outage(guild)
            await asyncio.sleep(60)
            assert len(await stats_of(steward).service.book.gaps(guild.id, began, clock.now())) == 1

        scene.sim.faults.rest(**AUDIT, action=Fault.status(500), times=float("inf"))
        await out(scene.guild)
        await asyncio.sleep(6 * 3600)
        await out(seals)
        scene.sim.faults.clear()
        await asyncio.sleep(700)
        for guild in (scene.guild, seals):
            assert [
                event.name for event in await stats_of(steward).service.book.latest(guild.id, EventKind.BAN, 5)
            ] == ["untold"]
            assert not await stats_of(steward).service.book.guilds_with_unfilled_gaps(began)


async def test_many_gaps_of_a_guild_cost_one_reading_that_takes_up_nothing_from_between_them(clock, tmp_path):
    """Whoever was banned between two gaps has been told, and perhaps forgotten again."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(60)
        scene.sim.faults.rest(**AUDIT, action=Fault.status(500), times=float("inf"))
        for number in range(3):
            connections = steward.health.connections
            scene.sim.faults.invalidate(resumable=False)
            scene.guild.ban(scene.guild.join(f"untold {number}"))
            await until(lambda: steward.health.connections > connections)  # noqa: B023 - waited for at once
            await asyncio.sleep(30)
            told = scene.guild.join(f"told {number}")
            scene.guild.ban(told)
            await asyncio.sleep(30)
            await stats_of(steward).timeline.forget_member(scene.guild.id, told.id)
        scene.sim.faults.clear()
        await asyncio.sleep(700)
        summary = await summed_up(scene, steward)
        assert len(summary.gaps) == 3
        assert sorted(summary.names[EventKind.BAN]) == [NOBODY] * 3 + ["untold 0", "untold 1", "untold 2"]
        assert scene.sim.recorder.count(**AUDIT, status=200) == 3  # bans, unbans, kicks


@pytest.mark.evening
async def test_a_report_says_when_nobody_listened(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        await ran_for_a_while(scene)
        for number in range(37):
            scene.guild.join(f"newcomer {number}")
        await asyncio.sleep(1800)
        async with scene.steward():
            await asyncio.sleep(until_midnight(clock) + 60)
        [report] = scene.reports.messages
        [told] = [field["value"] for field in report.embeds[0]["fields"] if field["name"] == "Not recorded"]
        assert re.fullmatch("Not connected 22:0[01]\u201322:31: 37 more members; I don't know who", told)


async def test_f52_an_outage_of_a_guild_purges_nothing_and_is_marked_as_a_gap(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.members.name == "Members: 1000")
        scene.guild.join("before")
        await asyncio.sleep(5)
        renamed = len(scene.sim.recorder.requests(method="PATCH", route="/channels/{channel_id}"))
        scene.sim.faults.outage(scene.guild)
        await asyncio.sleep(1800)
        assert any("outage" in problem for problem in await steward.problems.now())
        assert len(stats_of(steward).settings.of(scene.guild.id).counters) == 3
        scene.guild.join("meanwhile")
        scene.sim.faults.end_outage(scene.guild)
        await asyncio.sleep(900)
        assert await steward.problems.now() == []
        assert scene.members.name == f"Members: {scene.guild.member_count}"
        summary = await summed_up(scene, steward)
        assert summary.names[EventKind.JOIN][0] == "before"
        assert [gap.reason for gap in summary.gaps] == ["outage"]
        assert len(scene.sim.recorder.requests(method="PATCH", route="/channels/{channel_id}")) > renamed


async def test_f52_a_guild_that_is_out_at_the_start_keeps_its_settings_and_goes_on_later(clock, tmp_path):
    """READY names it, and instead of it comes news of an outage."""
    async with stage(clock, tmp_path) as scene:
        await ran_for_a_while(scene)
        scene.guild.available = False
        async with scene.steward() as steward:
            await asyncio.sleep(900)
            assert steward.health.ready
            assert len(stats_of(steward).settings.of(scene.guild.id).counters) == 3
            scene.guild.join("meanwhile")
            scene.sim.faults.end_outage(scene.guild)
            await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=700)


async def test_f52_a_guild_that_removes_the_bot_and_asks_it_back_finds_everything_as_it_was(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: scene.bans.name == "Bans: 7")
        scene.guild.join("before")
        await asyncio.sleep(5)
        permissions = scene.guild.bot_permissions
        scene.guild.remove_bot(scene.sim.bot)
        await asyncio.sleep(86400)
        scene.guild.join("meanwhile")
        scene.guild.add_bot(scene.sim.bot, *permissions)
        await until(lambda: scene.members.name == f"Members: {scene.guild.member_count}", within=700)
        summary = await summed_up(scene, steward)
        assert summary.names[EventKind.JOIN][0] == "before"
        assert [(gap.reason, gap.net) for gap in summary.gaps] == [("removed", 1)]
