"""Weaknesses found in the figures of a running bot, from text and from a real bot."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from steward.cli.running import NotRunning, parse, quantile, read_figures, weaknesses
from steward.runtime.clock import SystemClock
from tests.cli.test_main import run
from tests.settings.examples import LEAST
from tests.stage import stage, until

IN_ORDER = """
# TYPE steward_uptime_seconds gauge
steward_uptime_seconds 7200.0
steward_memory_resident_bytes 5.0e+07
steward_memory_limit_bytes 1.0e+08
steward_memory_growth_bytes_per_hour 1000.0
steward_queries_total 10000.0
steward_query_seconds_total 20.0
steward_slow_queries_total 1.0
steward_loop_blocks_total 0.0
# TYPE steward_loop_lag_seconds histogram
steward_loop_lag_seconds_bucket{le="0.001"} 99.0
steward_loop_lag_seconds_bucket{le="1"} 100.0
steward_loop_lag_seconds_bucket{le="+Inf"} 100.0
# TYPE steward_operation_seconds histogram
steward_operation_seconds_bucket{le="+Inf",operation="interaction"} 990.0
steward_operation_seconds_count{operation="interaction"} 990.0
steward_commands_refused_total 5.0
steward_happened_total{what="discord.requests"} 1000.0
steward_happened_total{what="discord.limited"} 0.0
steward_happened_total{what="cache.hits"} 10.0
steward_happened_total{what="cache.misses"} 990.0
steward_happened_total{what="cache.hits.queries"} 900.0
steward_happened_total{what="cache.misses.queries"} 100.0
steward_happened_total{what="cache.hits.names"} 10.0
steward_happened_total{what="cache.misses.names"} 20.0
"""


def found(*changes):
    """Return the weaknesses found with these lines in place of those of the same name."""
    names = {change.rpartition(" ")[0] for change in changes}
    lines = [line for line in IN_ORDER.splitlines() if line.rpartition(" ")[0] not in names]
    return {one.name: one.figure for one in weaknesses(parse("\n".join([*lines, *changes]) + "\n"))}


def test_a_healthy_bot_has_no_weaknesses():
    assert found() == {}


@pytest.mark.parametrize(
    ("change", "name", "figure"),
    [
        ("steward_memory_resident_bytes 8.0e+07", "Scarce memory", "76.3 of 95.4 MiB are taken (80%)"),
        (
            "steward_memory_growth_bytes_per_hour 1.0e+07",
            "Growing memory",
            "memory grows by 9.5 MiB an hour; the budget lasts 5 hours",
        ),
        (
            'steward_loop_lag_seconds_bucket{le="0.001"} 90.0',
            "Late event loop",
            "the event loop is up to 1.00 s late, 95 times of 100",
        ),
        ("steward_loop_blocks_total 3.0", "Blocked event loop", "the event loop was blocked 3 times in 2.0 hours"),
        (
            "steward_slow_queries_total 50.0",
            "Slow queries",
            "50 of 10,000 statements were slow; 2.0 ms on average",
        ),
        (
            'steward_happened_total{what="discord.limited"} 20.0',
            "Refused requests",
            "Discord refused 20 of 1,000 requests as too many (429)",
        ),
        (
            "steward_commands_refused_total 110.0",
            "Refused commands",
            "110 commands were refused as too many, 990 were answered",
        ),
        (
            'steward_happened_total{what="cache.hits.queries"} 300.0',
            "Cold cache",
            "queries: 75% of 400 lookups were found",
        ),
    ],
)
def test_each_weakness_has_its_figure(change, name, figure):
    assert found(change) == {name: figure}


def test_a_quantile_beyond_the_last_bound_is_that_bound():
    page = 'a_bucket{le="1"} 0.0\na_bucket{le="2"} 1.0\na_bucket{le="+Inf"} 9.0\n'
    assert quantile(parse(page), "a", "", 0.95) == 2.0
    assert quantile(parse(page), "b", "", 0.95) is None


async def test_another_program_that_answers_is_reported():
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NotRunning, match="isn't Steward"):
            await asyncio.to_thread(read_figures, "127.0.0.1", port)


@pytest.mark.real_time
async def test_the_figures_of_a_running_bot_are_included_and_a_stopped_bot_is_reported(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    settings = {
        **LEAST,
        "STEWARD_HEALTH_PORT": port,
        "STEWARD_DATABASE": f"sqlite:///{tmp_path}/steward.sqlite3",
    }

    async def optimize(*words):
        done = await asyncio.to_thread(run, "optimize", *words, cwd=tmp_path, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    async with stage(SystemClock(), tmp_path, STEWARD_HEALTH_PORT=port) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        steward.monitoring.monitor.counter("discord.limited").add(7)
        told = json.loads(await optimize("--json"))
        assert told["running"]
        (refused,) = [one for one in told["findings"] if one["name"] == "Refused requests"]
        assert refused["figure"].startswith("Discord refused 7 of ")
        assert "This includes the figures of the running bot." in await optimize()
    assert not json.loads(await optimize("--json"))["running"]
    assert (
        f"I looked only at the database, not at a running bot: nobody answers at 127.0.0.1:{port}" in await optimize()
    )
