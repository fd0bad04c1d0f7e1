"""
A fault that nobody foresaw, in whatever is done for one server, stops the same work for no other (F61).

Each loop over servers passes over faults by `Isolation`; one that is poisoned nowhere below fails the first test.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.counts.censuses import Censuses
from steward.bots.stats.counts.guild import GuildStats
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.counts.store import StatsStore
from steward.bots.stats.goal import GoalWatch
from steward.bots.stats.heartbeat import Heartbeats
from steward.bots.stats.history.activity import Activity
from steward.bots.stats.part import StatsPart
from steward.bots.stats.setup.guild_settings import Goal
from steward.client.rest import rest
from steward.client.rest.rest import Rest
from steward.guilds.reports import GuildReports
from steward.guilds.retention import OldRows
from tests.failures.recorded import failing
from tests.parts import events_of, stats_of
from tests.stage import stage, until, until_midnight

ADMIN = 7
HOUR = 3600

RUNNING = {
    "count bans": (Rest, "ban_count"),
    "fill gaps": (StatsStore, "unfilled_gaps"),
    "take censuses": (Rest, "role_sizes"),
    "beat": (Heartbeats, "_pulse"),
    "announce goals": (GoalWatch, "_look"),
    "poll counts": (StatsService, "polled"),
    "show counts": (GuildStats, "changed"),
    "take samples for reports": (StatsService, "take_sample"),
    "delete what is old": (OldRows, "prune"),
    "watch for raids": (StatsPart, "usual_joins"),
    "count time in voice": (Activity, "voice"),
    "check who is in voice": (Rest, "voice_channel"),
}
"""What raises for one server while the bot runs, by the work that goes on for the others."""

STARTING = {
    "follow settings": (Censuses, "configured"),
    "follow servers": (GuildReports, "configured"),
    "read counts": (rest, "_counts"),
    "rename counters": (Rest, "rename_channel"),
}
"""What raises for it from the start."""

ELSEWHERE = {
    "hear of Discord's events": "tests/bots/events/native/test_guild_queues.py",
    "compare Discord's events": "tests/scenarios/events/test_native_absences.py",
    "watch for trouble": "tests/runtime/monitor/test_alerts.py",
}


class Poison:
    """Makes steps raise for one server, and notes for whom they raised and which went on for others afterwards."""

    def __init__(self, patch, server):
        self._patch = patch
        self._ids = {server.id, *(channel.id for channel in server.channels.values())}
        self.raised, self.went_on = set(), set()

    def put(self, steps):
        for work, (owner, name) in steps.items():
            self._patch.setattr(owner, name, self._poisoned(work, getattr(owner, name)))

    def _poisoned(self, work, real):
        def poisoned(*args, **more):
            if any(self._is_meant(arg) for arg in args):
                self.raised.add(work)
                raise RuntimeError(f"nobody foresaw this of {work}")
            if work in self.raised:
                self.went_on.add(work)
            return real(*args, **more)

        return poisoned

    def _is_meant(self, arg):
        told = arg.get("id", 0) if isinstance(arg, dict) else getattr(getattr(arg, "counts", arg), "guild_id", arg)
        return isinstance(told, int | str) and str(told).isdigit() and int(told) in self._ids


def set_up(server, role):
    """Return the change of settings that makes everything shown in a server."""
    channels = [server.add_voice_channel(f"{name}: 0") for name in ("Members", "Bans", "Crew")]
    counters = [
        Counter(channels[0].id, Counted.MEMBERS),
        Counter(channels[1].id, Counted.BANS),
        Counter(channels[2].id, Counted.ROLE, role_id=role.id),
    ]
    reports, pulse, news = map(server.add_text_channel, ("reports", "pulse", "news"))

    def edit(settings):
        for counter in counters:
            settings = settings.with_counter(counter)
        goal = Goal(1_000_000, news.id, since=1)
        return replace(settings, report_channel_id=reports.id, heartbeat_channel_id=pulse.id, goal=goal)

    return edit, channels[0], reports


@pytest.mark.evening
async def test_f61_a_fault_in_any_step_for_one_server_stops_that_work_for_no_other(clock, tmp_path, monkeypatch):
    slowly = {"STEWARD_HEARTBEAT_INTERVAL": "1800", "UPDATE_INTERVAL": "1800"}
    async with stage(clock, tmp_path, **slowly) as scene:
        seals = scene.sim.add_guild("Seals", members=50, online=10, bans=3)
        servers = {scene.guild: None, seals: None}
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for server in servers:
                role = server.add_role("Crew")
                edit, members, reports = servers[server] = set_up(server, role)
                await stats_of(steward).settings.change(server.id, ADMIN, edit)
                here = partial(replace, report_channel_id=reports.id)
                await events_of(steward).section.change(server.id, ADMIN, here)
            await asyncio.sleep(60)
        await asyncio.sleep(0.5 * HOUR)
        poison = Poison(monkeypatch, scene.guild)
        _, members, reports = servers[seals]
        with capture_logs() as lines:
            poison.put({work: step for work, step in RUNNING.items() if work != "show counts"})
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                poison.put({"show counts": RUNNING["show counts"]})
                for server in servers:
                    server.join("ada").join_voice(server.add_voice_channel("Lounge"))
                    for number in range(25):
                        server.join(f"raider {number}")
                    await asyncio.sleep(60)
                await asyncio.sleep(until_midnight(clock) + 4.7 * HOUR)
                assert not failing(steward)
                assert members.name == "Members: 76"
                assert reports.messages
                assert await stats_of(steward).service.book.guilds_with_unfilled_gaps(
                    clock.now() - timedelta(days=1)
                ) == [scene.guild.id]
            assert poison.raised == poison.went_on == set(RUNNING)
            monkeypatch.undo()
            poison.put(STARTING)
            for server in servers:
                server.join("ben")
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                await asyncio.sleep(HOUR)
                assert not failing(steward)
                assert members.name == "Members: 77"
            assert poison.went_on == RUNNING.keys() | STARTING.keys()
        said = {line["work"] for line in lines if line["event"] == "passed_over"}
        assert said == RUNNING.keys() | STARTING.keys()


def test_f61_each_loop_over_servers_is_poisoned_somewhere():
    sources = (Path(__file__).parents[2] / "src" / "steward").rglob("*.py")
    works = {work for source in sources for work in re.findall(r' Isolation\("([^"]+)"', source.read_text())}
    assert works == RUNNING.keys() | STARTING.keys() | ELSEWHERE.keys()
