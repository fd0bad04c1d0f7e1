"""Requests that Discord refuses (F17, F18): few enough that it never bans the address."""

import asyncio
from datetime import timedelta

import pytest

from steward.bots.stats.counters.counters import Counted, Counter
from tests.parts import stats_of
from tests.stage import stage, until

ADMIN = 7
SICK, WELL = 500, 5
RENAMES = {"method": "PATCH", "route": "/channels/{channel_id}"}
WINDOW = timedelta(minutes=10)


def most_in_ten_minutes(refused):
    """The most refusals in any ten minutes."""
    times = sorted(request.at for request in refused)
    return max((sum(at <= later < at + WINDOW for later in times) for at in times), default=0)


def refused(scene):
    return [request for request in scene.sim.recorder.requests() if request.status in (401, 403, 429)]


@pytest.mark.slow
async def test_f18_permissions_that_vanish_in_500_guilds_cost_fifty_refusals_in_ten_minutes(clock, tmp_path, capsys):
    """The guilds that still let the bot go on, and the operator is told in one sentence."""
    async with stage(clock, tmp_path) as scene:
        guilds = [scene.sim.add_guild(f"Guild {number}", members=20, online=5) for number in range(SICK + WELL)]
        channels = [guild.add_voice_channel("Members: 0") for guild in guilds]
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=600)
            for guild, channel in zip(guilds, channels, strict=True):
                counter = Counter(channel.id, Counted.MEMBERS)
                await stats_of(steward).settings.change(guild.id, ADMIN, lambda own, it=counter: own.with_counter(it))
            await until(lambda: all(channel.name != "Members: 0" for channel in channels), within=3600, every=10)
            assert not refused(scene)
            permissions = guilds[0].bot_permissions
            for guild in guilds[:SICK]:
                guild.set_bot_permissions("view_channel")
            for _ in range(6):
                for number, guild in enumerate(guilds):
                    guild.join(f"member {number}")
                await asyncio.sleep(600)
            assert len(refused(scene)) > 50
            well = list(zip(guilds[SICK:], channels[SICK:], strict=True))

            def all_true(pairs):
                return all(channel.name == f"Members: {guild.member_count}" for guild, channel in pairs)

            await until(lambda: all_true(well), within=2 * 3600, every=60)  # 505 tries, 40 in ten minutes
            for _ in range(3):
                for guild, _channel in well:
                    guild.join("another")
                await until(lambda: all_true(well), within=700, every=10)
                await asyncio.sleep(3600)
            assert most_in_ten_minutes(refused(scene)) <= 50
            [told] = [problem for problem in await steward.problems.now() if "holding back" in problem]
            assert "Most likely I'm missing permissions. The last refusal: I couldn't " in told
            for guild in guilds:
                guild.set_bot_permissions(*permissions)
            await until(lambda: all_true(zip(guilds, channels, strict=True)), within=3600, every=60)
            await asyncio.sleep(1200)
            assert not [problem for problem in await steward.problems.now() if "holding back" in problem]
    said = capsys.readouterr().out
    assert "counts_unavailable" not in said  # it needs no permission
    assert 1 <= said.count("refusals_many") == said.count("refusals_over") <= 5
