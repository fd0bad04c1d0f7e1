"""Whatever happens, and however much of it: what the bot keeps in memory is bounded (F11, F12)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from math import inf

import pytest

from benchmarks.bots import STEWARD
from benchmarks.bots import stage as measured_stage
from benchmarks.cpu import until_still
from benchmarks.memory import read_memory
from benchmarks.soak import SLOPE, Traffic
from steward.bots.stats.counts.store import StatsStore
from steward.client.gateway import reading_pace
from steward.client.gateway.identify_ledger import IdentifyLedger
from steward.runtime.memory import LeakDetector
from steward.sim import Fault
from tests.containers import sizes
from tests.parts import stats_of
from tests.stage import stage, until

EPOCH = datetime.fromtimestamp(0, UTC)
VISITORS = 4200  # who come and go in a wave: more than anything remembers
CHANNELS = 600  # made and removed
COMMANDS = 1050
REMEMBERED_FOR = 660.0  # seconds, a bit more than repetitions are
GUESTS = 5000
GUILDS = 60
RENEWALS = 6
LOOKED_BACK = 1860.0  # seconds, a bit more than alerts look back
UNDER_WAY = 32  # items more or less: a sample a minute, what is about to be written


class Waves:
    """A busy server. Nobody and nothing comes twice, so whoever remembers it all holds on to more with each wave."""

    def __init__(self, scene):
        self._scene = scene
        self._lounge = scene.guild.add_voice_channel("Lounge")
        self._number = 0

    async def come(self):
        self._number += 1
        for number in range(VISITORS):
            self._visit(f"visitor {self._number}.{number}", banned=number % 10 == 0, talks=number % 10 == 1)
            await _breathe(number)
        for number in range(CHANNELS):
            self._scene.guild.add_text_channel(f"room-{self._number}-{number}").delete()
            await _breathe(number)
        for number in range(COMMANDS):
            member = self._scene.guild.meet(f"regular {self._number}.{number}")
            await member.run("/privacy show", self._scene.set.general)
        for number in range(3):
            await asyncio.sleep(REMEMBERED_FOR)
            self._visit(f"late visitor {self._number}.{number}")
        await asyncio.sleep(60)

    def _visit(self, name, *, banned=False, talks=False):
        guild = self._scene.guild
        member = guild.join(name)
        member.say(self._scene.set.general, "hello")
        if talks:
            member.join_voice(self._lounge)
        if banned:
            guild.ban(member)
            guild.unban(member.user)
        else:
            member.leave()


async def _breathe(number):
    if number % 50 == 0:
        await asyncio.sleep(1)


@pytest.mark.slow
async def test_f12_a_wave_of_events_leaves_no_more_behind_than_the_one_before(clock, tmp_path):
    """All that the running bot leads to is looked through, discord.py's own parts included."""
    async with stage(clock, tmp_path, STEWARD_LIMITER_ENTRIES="1000") as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready and bool(scene.sim.recorder.requests(method="PUT", status=200)))
        waves = Waves(scene)
        await waves.come()
        before = sizes(steward)
        await waves.come()
        after = sizes(steward)
        assert stats_of(steward).service.recorded >= 2 * 2 * VISITORS
        way, most = before.most_common(1)[0]
        assert 1000 <= most < VISITORS, way  # what remembers is looked at, and full
        assert {way: (before[way], size) for way, size in after.items() if size > before[way] + UNDER_WAY} == {}


async def test_f11_new_sessions_leave_no_more_behind_than_those_before(clock, tmp_path):
    """Discord throws the session away again and again, tells of all guilds anew, and answers for none of the gaps."""
    async with stage(clock, tmp_path) as scene:
        for number in range(1, GUILDS):
            guild = scene.sim.add_guild(f"Guild {number}", members=100)
            guild.add_text_channel("hall")
            guild.add_role("Helpers", "view_channel")
        scene.sim.faults.rest(method="GET", route="/guilds/{guild_id}/audit-logs", action=Fault.status(503), times=inf)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await renew(scene, steward)
            before = sizes(steward)
            await renew(scene, steward)
            after = sizes(steward)
            assert steward.health.connections == 1 + 2 * RENEWALS
            assert len(await stats_of(steward).service.book.guilds_with_unfilled_gaps(EPOCH)) == GUILDS
        grown = {way: (before[way], size) for way, size in after.items() if size >= before[way] + RENEWALS}
        assert grown == {}


async def renew(scene, steward):
    for _ in range(RENEWALS):
        connections = steward.health.connections
        scene.sim.faults.invalidate(resumable=False)
        await until(lambda: steward.health.connections > connections)  # noqa: B023 - waited for at once
        await asyncio.sleep(10)
    await asyncio.sleep(LOOKED_BACK)


@pytest.mark.real_time
async def test_f12_in_hours_of_heavy_traffic_the_process_does_not_grow(tmp_path):
    """An hour's 10,000 messages, 100 joins and 500 moves come within a second or two: a leak waits for no clock."""
    leak = LeakDetector(warm_up=0.0, fold=0.0)
    async with measured_stage(2000) as scene, scene.started(STEWARD) as child:
        await child.until_it_says(STEWARD.ready)
        traffic = Traffic(scene)
        await traffic.pass_an_hour(share=1.5)  # imports and caches come at first
        for half_hour in range(8):
            await traffic.pass_an_hour(share=0.25)
            await until_still(child.pid)
            leak.add(half_hour / 2, read_memory(child.pid).resident)
    assert leak.slope is not None
    assert leak.slope < SLOPE
    assert not leak.suspected


def database_hangs(monkeypatch):
    """Have no event be written from now on, until the event that is returned is set."""
    record, takes_again = StatsStore.record, asyncio.Event()

    async def hanging(book, events, place, marks):
        await takes_again.wait()
        await record(book, events, place, marks)

    monkeypatch.setattr(StatsStore, "record", hanging)
    return takes_again


async def test_f12_what_a_resume_repeats_is_read_no_faster_than_it_is_written(clock, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_pace, "AT_A_STRETCH", -1.0)  # the virtual clock stands still while events are read
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        counts = stats_of(steward).service.guild(scene.guild.id).counts
        takes_again, before = database_hangs(monkeypatch), counts.members
        scene.sim.faults.disconnect(None)
        for number in range(GUESTS):
            scene.guild.join(f"guest {number}")
        await asyncio.sleep(5)
        assert 0 < counts.members - before < GUESTS / 2
        takes_again.set()
        await until(lambda: counts.members == before + GUESTS)


async def test_f12_what_the_last_process_missed_is_read_no_faster_than_it_is_written(clock, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_pace, "AT_A_STRETCH", -1.0)
    read = []

    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        for number in range(GUESTS):
            scene.guild.join(f"guest {number}")
        takes_again = database_hangs(monkeypatch)
        async with scene.steward() as steward:
            steward.client.on_gateway("GUILD_MEMBER_ADD", read.append)
            await until(lambda: len(read) > 0, every=0.01)
            await asyncio.sleep(5)
            assert len(read) < GUESTS / 2
            takes_again.set()
            await until(lambda: len(read) == stats_of(steward).service.recorded == GUESTS)


async def test_f45_what_comes_just_before_the_login_is_kept_while_the_database_hangs(clock, tmp_path, monkeypatch):
    """Only the last process's session tells of it, which is read for five seconds more."""
    monkeypatch.setattr(reading_pace, "AT_A_STRETCH", -1.0)
    recorded = IdentifyLedger.record

    async def late(ledger):
        for number in range(GUESTS):
            scene.guild.join(f"guest {number}")
        await recorded(ledger)

    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        takes_again = database_hangs(monkeypatch)
        monkeypatch.setattr(IdentifyLedger, "record", late)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(10)
            takes_again.set()
            await until(lambda: stats_of(steward).service.recorded == GUESTS)
