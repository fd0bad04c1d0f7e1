"""The whole bot with a Redis of its own, which goes and comes back; on the wall clock, where that server lives."""

import os
import signal
import subprocess
import sys

import pytest
import valkey
from structlog.testing import capture_logs

from steward.errors import NeedsOperator
from steward.sim.limits import Limits
from tests.runtime.cache.servers import Proxy, RedisProcess, free_port, misbehaving
from tests.stage import admin, stage, until

pytestmark = pytest.mark.real_time

GENEROUS = {"MAX_REQUESTS_PER_MINUTE": "1000", "BURST_LIMIT": "1000"}


PATIENT = Limits(interaction_answer_seconds=60.0)
"""What is tested is Redis: a machine with much else to do may take more than three seconds for the first command."""


def at(port, **settings):
    return {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(port), "limits": PATIENT, **GENEROUS, **settings}


def told_of_redis(lines):
    about = ("redis", "circuit", "cache_", "Redis")
    return [line["event"] for line in lines if line["event"].startswith(about)]


async def answers(member):
    """Whether a command gets its answer."""
    return bool((await member.run("/stats overview")).embeds)


def commands_counted(server, member):
    with valkey.Valkey(port=server.port) as client:
        return client.llen(f"steward:limits:user:{member.id}")


async def until_counted(server, member):
    """Have commands answered until Redis counts one: where it takes too long, the process counts by itself."""
    for _ in range(1000):
        assert await answers(member)
        if commands_counted(server, member):
            return
    pytest.fail("Redis counts no commands.")


async def test_redis_is_killed_and_comes_back_and_commands_are_answered_throughout(clock, tmp_path):
    server = RedisProcess(tmp_path)
    with server, capture_logs() as lines:
        async with stage(clock, tmp_path, **at(server.port)) as scene, scene.steward() as steward:
            olga = await admin(scene, steward)
            state = steward.caches.redis.state
            assert state.up
            await until_counted(server, olga)

            server.process.send_signal(signal.SIGKILL)
            server.process.wait(10)
            for _ in range(3):
                assert await answers(olga)
            await until(lambda: not state.up, within=5, every=0.01)
            assert await answers(olga)
            assert await steward.problems.now() == []

            server.start()
            await until(lambda: state.up, within=60, every=0.05)
            await until_counted(server, olga)  # the limiter tries again after some seconds
    assert told_of_redis(lines) == ["redis_lost", "redis_back"]


async def test_limits_of_commands_hold_with_redis_and_are_kept_while_it_is_away(clock, tmp_path):
    server = RedisProcess(tmp_path)
    limits = {"MAX_REQUESTS_PER_MINUTE": "2", "BURST_LIMIT": "2"}
    with server:
        async with stage(clock, tmp_path, **at(server.port, **limits)) as scene, scene.steward() as steward:
            olga = await admin(scene, steward)
            tried = [await olga.run("/stats overview") for _ in range(3)]
            assert ["Try again <t:" in answer.content for answer in tried] == [False, False, True]
            server.stop()
            await until(lambda: not steward.caches.redis.state.up, within=5, every=0.01)
            assert "Try again <t:" in (await olga.run("/stats overview")).content
            other = await admin(scene, steward, "oskar")
            assert await answers(other)


async def test_a_restart_of_the_bot_gives_nobody_a_fresh_start(clock, tmp_path):
    limits = {"MAX_REQUESTS_PER_MINUTE": "2", "BURST_LIMIT": "2"}
    with RedisProcess(tmp_path) as server:
        async with stage(clock, tmp_path, **at(server.port, **limits)) as scene:
            async with scene.steward() as steward:
                olga = await admin(scene, steward)
                assert [await answers(olga) for _ in range(2)] == [True, True]
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                assert "Try again <t:" in (await olga.run("/stats overview")).content


@pytest.mark.parametrize("trouble", ["unreachable", "half-open", "slow", "no redis", "silent", "password"])
async def test_whatever_is_wrong_with_redis_the_bot_starts_answers_and_says_so_once(clock, tmp_path, trouble):
    settings = at(free_port())
    with RedisProcess(tmp_path, "--requirepass", "right" if trouble == "password" else "") as server:
        async with (
            Proxy(server.port) as proxy,
            misbehaving(b"HTTP/1.1 400 Bad\r\n\r\n") as web,
            misbehaving(None) as dumb,
        ):
            if trouble in ("half-open", "slow"):
                proxy.swallow, proxy.delay = trouble == "half-open", 0.3 if trouble == "slow" else 0.0
                settings = at(proxy.port)
            elif trouble in ("no redis", "silent"):
                url = web if trouble == "no redis" else dumb
                settings = at(url.rpartition(":")[2].removesuffix("/0"))
            elif trouble == "password":
                settings = at(server.port, REDIS_PASSWORD="sesame")
            with capture_logs() as lines:
                async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
                    olga = await admin(scene, steward)
                    olga.give(scene.guild.add_role("Operators", "administrator").id)
                    assert all([await answers(olga) for _ in range(3)])
                    await until(lambda: bool(steward.caches.redis.state.reason), within=10, every=0.05)
                    health = (await olga.run("/system_health")).embeds[0]["description"]
                    assert "🟡 **Redis** " in health
    assert told_of_redis(lines) == ["redis_lost"]
    assert "sesame" not in str(lines)


async def test_a_redis_that_runs_no_scripts_serves_the_cache_and_limits_go_on_in_memory(clock, tmp_path):
    rights = ["default", "on", "nopass", "~*", "&*", "+@all", "-eval", "-evalsha"]
    limits = {"MAX_REQUESTS_PER_MINUTE": "2", "BURST_LIMIT": "2"}
    with RedisProcess(tmp_path, "--user", *rights) as server, capture_logs() as lines:
        async with stage(clock, tmp_path, **at(server.port, **limits)) as scene, scene.steward() as steward:
            olga = await admin(scene, steward)
            tried = [await olga.run("/stats overview") for _ in range(3)]
            assert ["Try again <t:" in answer.content for answer in tried] == [False, False, True]
            assert steward.caches.redis.state.up
    assert told_of_redis(lines) == ["redis_script_refused"]


async def test_with_the_password_all_is_well(clock, tmp_path):
    with RedisProcess(tmp_path, "--requirepass", "p@ss/w:rd") as server:
        settings = at(server.port, REDIS_PASSWORD="p@ss/w:rd", REDIS_DB="3")
        async with stage(clock, tmp_path, **settings) as scene, scene.steward() as steward:
            olga = await admin(scene, steward)
            assert await answers(olga)
            with valkey.Valkey(port=server.port, password="p@ss/w:rd", db=3) as client:
                assert client.keys("steward:limits:*")


async def test_without_the_library_the_start_says_what_to_install(clock, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "valkey.asyncio", None)
    async with stage(clock, tmp_path, **at(free_port())) as scene:
        with pytest.raises(NeedsOperator, match="library valkey") as refused:
            async with scene.steward():
                pass
    assert "steward[redis]" in refused.value.remedy


def test_without_a_redis_nothing_of_it_is_imported(tmp_path):
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from steward.app import open_steward\n"
        "from steward.runtime.clock import SystemClock\n"
        "from steward.bots.settings import load\n"
        "async def main():\n"
        "    async with open_steward(load(os.environ, Path()), SystemClock()):\n"
        "        print([name for name in ('valkey', 'redis', 'msgspec') if name in sys.modules])\n"
        "asyncio.run(main())\n"
    )
    token = "NjEzNDI1NjQ4Njg1NTQ3NTQx.Gabcde.abcdefghijklmnopqrstuvwxyz"
    environ = {**os.environ, "BOT_TOKEN": token, "STEWARD_HEALTH_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr
