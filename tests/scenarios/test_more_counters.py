"""Counters of roles, channels, people in voice, bots, a role's members and the date, on the whole product."""

import asyncio
from dataclasses import replace

from steward.bots.stats.counters.counters import Counted, Counter
from tests.parts import stats_of
from tests.stage import stage, until


async def counting(scene, steward, *counters):
    """Give the guild a voice channel for each counter and return the channels."""
    channels = [scene.guild.add_voice_channel("…") for _ in counters]
    for channel, counter in zip(channels, counters, strict=True):
        here = replace(counter, channel_id=channel.id)
        await stats_of(steward).settings.change(scene.guild.id, 1, lambda own, here=here: own.with_counter(here))
    return channels


def counter(counted, **more):
    return Counter(0, counted, counted.template, **more)


def value(steward, scene, counted, **more):
    return counter(counted, **more).value(stats_of(steward).service.guild(scene.guild.id).counts)


async def test_what_a_guild_is_made_of_is_followed_and_told_twice_counts_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(1)

        def counts():
            counts = stats_of(steward).service.guild(scene.guild.id).counts
            return counts.roles, counts.channels, counts.voice

        roles, channels, _ = counts()
        assert (roles, channels) == (len(scene.guild.roles) - 1, len(scene.guild.channels))
        scene.sim.faults.duplicate_next(100)
        role = scene.guild.add_role("Crew")
        lounge = scene.guild.add_voice_channel("Lounge")
        scene.guild.add_category("Rooms")
        people = [scene.guild.join(f"member {number}") for number in range(3)]
        for person in people:
            person.join_voice(lounge)
        await asyncio.sleep(1)
        assert counts() == (roles + 1, channels + 1, 3)
        scene.guild.roles.remove(role)
        people[0].leave_voice()
        people[1].leave()
        await asyncio.sleep(1)
        assert counts() == (roles, channels + 1, 1)
        lounge.delete()
        scene.guild.set_boosts(9)
        await asyncio.sleep(1)
        assert value(steward, scene, Counted.BOOSTS) == 9
        assert counts()[1] == channels


async def test_after_a_restart_people_in_voice_are_counted_from_the_start(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.join("ada").join_voice(scene.guild.add_voice_channel("Lounge"))
        async with scene.steward() as steward:
            await until(lambda: value(steward, scene, Counted.VOICE) == 1)


async def test_a_role_is_asked_for_only_where_it_is_counted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        route = {"method": "GET", "route": "/guilds/{guild_id}/roles/member-counts"}
        crew, other = scene.guild.add_role("Crew"), scene.guild.add_role("Other")
        await asyncio.sleep(600)
        assert scene.sim.recorder.requests(**route) == []
        for number in range(4):
            scene.guild.join(f"sailor {number}").give(crew.id)
        [channel] = await counting(scene, steward, counter(Counted.ROLE, role_id=crew.id))
        await until(lambda: channel.name.endswith(": 4"), within=60)
        assert other.id not in stats_of(steward).service.guild(scene.guild.id).counts.role_sizes
        scene.guild.join("sailor 5").give(crew.id)
        await until(lambda: channel.name.endswith(": 5"), within=600)


async def test_bots_are_counted_one_by_one_once_and_followed(clock, tmp_path):
    async with stage(clock, tmp_path, members=1500) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        bots, humans = await counting(scene, steward, counter(Counted.BOTS), counter(Counted.HUMANS))
        total = scene.guild.member_count
        await until(lambda: bots.name == "Bots: 1" and humans.name == f"Humans: {total - 1}", within=60)
        assert stats_of(steward).service.guild(scene.guild.id).counts.bots_exact
        scene.guild.join(scene.sim.add_bot("Another").user)
        scene.guild.join("ada")
        await until(lambda: bots.name == "Bots: 2" and humans.name == f"Humans: {total}", within=700)
        assert len(scene.sim.recorder.requests(method="GET", route="/guilds/{guild_id}/members")) == 2


async def test_after_a_lost_session_humans_are_right_within_minutes_not_at_the_next_days_count(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await counting(scene, steward, counter(Counted.BOTS), counter(Counted.HUMANS))
        await until(lambda: value(steward, scene, Counted.HUMANS) == scene.guild.member_count - 1)
        scene.sim.faults.lose_next(40)
        for number in range(39):
            scene.guild.join(f"untold {number}")
        scene.guild.join(scene.sim.add_bot("Untold").user)
        scene.sim.faults.invalidate(resumable=False)
        await until(lambda: steward.health.connections == 2)
        await asyncio.sleep(120)
        counts = stats_of(steward).service.guild(scene.guild.id).counts
        assert (counts.members, counts.bots, counts.humans) == (1040, 2, 1038)
        listed = scene.sim.recorder.requests(method="GET", route="/guilds/{guild_id}/members")
        await asyncio.sleep(3600)
        assert scene.sim.recorder.requests(method="GET", route="/guilds/{guild_id}/members") == listed


async def test_without_the_members_intent_bots_are_taken_from_their_roles_and_not_called_exact(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_MEMBERS_INTENT="false") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await counting(scene, steward, counter(Counted.BOTS))
        await until(lambda: value(steward, scene, Counted.BOTS) is not None)
        assert not stats_of(steward).service.guild(scene.guild.id).counts.bots_exact
        assert scene.sim.recorder.requests(method="GET", route="/guilds/{guild_id}/members") == []


async def test_a_date_turns_at_the_guilds_own_midnight(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_TIMEZONE="Asia/Kolkata") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        [channel] = await counting(scene, steward, replace(counter(Counted.DATE), template="Today: {count}"))
        await until(lambda: channel.name == "Today: Mon 5 Jan", within=60)
        midnight = 18.5 * 3600  # 00:00 in Kolkata is 18:30 UTC; the stage begins at 00:00 UTC
        await asyncio.sleep(midnight - 60 - 60)
        assert channel.name == "Today: Mon 5 Jan"
        await asyncio.sleep(180)
        assert channel.name == "Today: Tue 6 Jan"
