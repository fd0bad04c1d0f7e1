"""The running bot is measured, and what is wrong with it is told."""

import asyncio
import socket
from itertools import pairwise

import aiohttp
import pytest
from structlog.testing import capture_logs

from steward.charts.render import ChartFailed
from steward.monitoring import INTERACTION, READ, REQUEST, WRITE
from steward.runtime.memory import MEBIBYTE, Pressure
from steward.sim import Fault
from tests.charts.samples import members
from tests.parts import stats_of
from tests.stage import MEMORY_OF_NO_CONCERN, admin, stage, until


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def page(port, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


def number(text, name):
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


async def test_requests_queries_and_facts_of_the_connection_are_measured(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(600)
        monitor = steward.monitoring.monitor
        for operation in (REQUEST, READ, WRITE):
            assert monitor.timers[operation].seconds.count > 3, operation
        assert monitor.counters["discord.requests"].value == len(scene.sim.recorder.requests()) + 1  # the gateway
        assert monitor.counters["discord.failures"].value == 0
        assert monitor.history["guilds"].latest == 1
        assert len(monitor.history["ready"]) == 11
        assert steward.monitoring.problems == []


async def test_f03_the_age_of_the_last_event_grows_from_scrape_to_scrape_while_the_link_is_dead(clock, tmp_path):
    port = free_port()
    async with stage(clock, tmp_path, STEWARD_HEALTH_PORT=str(port)) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.silence()
        ages = []
        for _ in range(4):
            await asyncio.sleep(15)
            ages.append(number((await page(port, "/metrics"))[1], "steward_last_dispatch_age_seconds"))
        assert [round(later - earlier) for earlier, later in pairwise(ages)] == [15, 15, 15]


async def test_f59_the_page_that_a_container_is_judged_by_fails_within_90_s_of_a_dead_gateway(clock, tmp_path):
    """A check every 15 s that is believed at the second failure."""
    port = free_port()
    async with stage(clock, tmp_path, STEWARD_HEALTH_PORT=str(port)) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        assert (await page(port, "/readyz"))[0] == 200
        scene.sim.faults.silence()
        began = clock.monotonic()
        failures = 0
        while failures < 2:
            await asyncio.sleep(15)
            failures = failures + 1 if (await page(port, "/readyz"))[0] == 503 else 0
        assert clock.monotonic() - began <= 90
        assert (await page(port, "/healthz"))[0] == 200


async def test_slow_answers_of_discord_are_an_alert_in_the_heartbeat_until_they_are_quick_again(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_HEARTBEAT_INTERVAL="30") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(60)
        with capture_logs() as lines:
            scene.sim.faults.rest(method="PATCH", action=Fault.delay(6), times=4)
            await until(lambda: bool(steward.monitoring.problems), within=300)
            assert "slow responses from Discord" in steward.monitoring.problems[0]
            await asyncio.sleep(60)
            assert "slow responses from Discord" in str(scene.heartbeat.messages[-1].embeds)
            await until(lambda: steward.monitoring.problems == [], within=600)
        told = [line["event"] for line in lines if line.get("alert") == "slow_requests"]
        assert told == ["alert_raised", "alert_cleared"]


async def test_slow_commands_are_an_alert(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        member = await admin(scene, steward)
        scene.sim.faults.rest(method="POST", action=Fault.delay(1.2), times=3)
        for _ in range(3):
            await member.run("/privacy show", scene.set.general)
        await asyncio.sleep(5)
        assert steward.monitoring.monitor.timers[INTERACTION].seconds.count == 3
        await until(lambda: bool(steward.monitoring.problems), within=60)
        assert "3 slow operations" in steward.monitoring.problems[0]


async def test_scarce_memory_is_an_alert_is_relieved_and_pauses_charts(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(60)
        guard, charts = steward.monitoring.guard, stats_of(steward)._host.charts
        guard.limit = steward.monitoring.guard.used  # as if that were all it may take
        await until(lambda: bool(steward.monitoring.problems), within=120)
        assert "of the bot's limit" in steward.monitoring.problems[0]
        assert guard.level is Pressure.CRITICAL
        assert {relief.name: relief.calls for relief in guard.reliefs} == {
            "forget the source of tracebacks": 2,
            "sweep the caches": 2,
            "shrink the cache": 1,
            "shrink the query cache": 1,
            "drop the query cache": 1,
            "collect garbage": 1,
            "give free memory back": 2,
        }
        with pytest.raises(ChartFailed, match="short of memory"):
            await charts.render([members()])
        guard.limit = 1 << 40
        await until(lambda: guard.level is Pressure.LOW, within=60)
        assert len(await charts.render([members()])) == 1


async def test_memory_is_swept_and_measurements_are_logged_as_often_as_the_settings_say(clock, tmp_path):
    settings = {"CLEANUP_INTERVAL_MINUTES": "10", "METRICS_LOG_INTERVAL": "300", "PERFORMANCE_LOG_LEVEL": "ERROR"}
    async with stage(clock, tmp_path, **settings) as scene:
        with capture_logs() as lines:
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                await asyncio.sleep(3610)
                calls = {relief.name: relief.calls for relief in steward.monitoring.guard.reliefs}
                assert calls["collect garbage"] == calls["drop the query cache"] == 0
                swept = ("forget the source of tracebacks", "sweep the caches", "give free memory back")
                # And at the start, and where the process of the tests has grown.
                assert min(calls[name] for name in swept) >= 7
        told = [line for line in lines if line["event"] == "measurements"]
        assert len(told) == 12
        assert told[0]["log_level"] == "error"
        assert told[0]["memory_resident_bytes"] > MEBIBYTE
        assert told[0]["p95_seconds"].keys() >= {REQUEST, READ, WRITE}


async def test_freed_memory_is_given_back_soon_after_the_process_has_grown_but_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        guard, resident = steward.monitoring.guard, [50 * MEBIBYTE]
        guard._read = lambda: resident[0]
        trim = next(relief for relief in guard.reliefs if relief.last)
        await asyncio.sleep(600)
        before = trim.calls
        for _ in range(20):
            resident[0] += MEBIBYTE // 4
            await asyncio.sleep(15)
        assert trim.calls == before  # not while it grows
        await asyncio.sleep(90)
        assert trim.calls == before + 1
        await asyncio.sleep(600)
        assert trim.calls == before + 1


async def test_what_is_switched_off_is_not_done(clock, tmp_path):
    settings = {
        "ENABLE_MEMORY_OPTIMIZATION": "false",
        "ENABLE_RESOURCE_MONITORING": "false",
        "ENABLE_PERFORMANCE_MONITORING": "false",
        "SLOW_OPERATION_THRESHOLD_MS": "250",
        "METRICS_RETENTION_COUNT": "5",
    }
    async with stage(clock, tmp_path, **settings) as scene:
        with capture_logs() as lines:
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                await asyncio.sleep(1000)
                monitoring = steward.monitoring
                assert monitoring.guard.reliefs == []
                assert "cpu_seconds_total" not in monitoring.monitor.gauges
                assert READ not in monitoring.monitor.timers
                assert monitoring.monitor.timer("any").slow == steward.store.watch.slow == 0.25
                assert len(monitoring.monitor.history["ready"]) == 5
        assert not any(line["event"] == "measurements" for line in lines)


@pytest.mark.parametrize(
    ("settings", "high", "critical"),
    [
        ({"STEWARD_PROFILE": "small"}, 0.70, 0.85),
        ({}, 0.50, 0.85),
        ({"MEMORY_THRESHOLD_MB": "100", "CRITICAL_MEMORY_THRESHOLD_MB": "200"}, 100 / 1024, 200 / 1024),
        ({"MEMORY_THRESHOLD_MB": "1000", "CRITICAL_MEMORY_THRESHOLD_MB": "1000"}, 0.70, 0.85),
    ],
)
async def test_pressure_begins_where_the_settings_say(clock, tmp_path, settings, high, critical):
    async with stage(clock, tmp_path) as scene:
        scene.extra.update(dict.fromkeys(MEMORY_OF_NO_CONCERN, ""))
        scene.extra.update(settings)
        async with scene.steward() as steward:
            thresholds = steward.monitoring.guard.thresholds
            assert thresholds.high == pytest.approx(high, abs=0.001)
            assert thresholds.critical == pytest.approx(critical, abs=0.001)
