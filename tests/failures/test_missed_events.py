"""Between two processes: what Discord kept in the old session is read before the new one begins."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest

from steward.bots.stats.counts.facts import EventKind
from tests.parts import stats_of
from tests.stage import stage, until


async def kept(steward, kind):
    await stats_of(steward).service.flush()
    return sorted(
        event.name for event in await stats_of(steward).service.book.latest(steward.settings.guild_id, kind, 1000)
    )


async def test_events_of_a_short_absence_are_kept_like_any_others(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            scene.guild.join("before")
            await asyncio.sleep(1)
        gone = scene.guild.join("while away")
        scene.guild.join("left again").leave()
        scene.guild.ban(gone)
        await asyncio.sleep(20)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert await kept(steward, EventKind.JOIN) == ["before", "left again", "while away"]
            assert await kept(steward, EventKind.LEAVE) == ["left again", "while away"]
            assert await kept(steward, EventKind.BAN) == ["while away"]
            assert stats_of(steward).service.guild(scene.guild.id).counts.members == scene.guild.member_count
        assert len(scene.sim.recorder.identifies) == 2


async def test_events_told_before_the_bookmark_are_not_kept_twice(clock, tmp_path):
    """A crash between keeping an event and nothing at all: the old session tells it again."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(20):
                scene.guild.join(f"member {number}").leave()
            await asyncio.sleep(1)
            place = steward.client.place
            early = dataclasses.replace(place, sequence=place.sequence - 25)
            await stats_of(steward).service.flush()
        async with scene.steward() as steward:
            await steward.store.write(early.keep)
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert len(await kept(steward, EventKind.JOIN)) == 20
            assert len(await kept(steward, EventKind.LEAVE)) == 20


@pytest.mark.parametrize("absence", [600, 86400])
async def test_after_a_long_absence_the_counts_are_right_and_no_login_is_wasted(clock, tmp_path, absence):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
        for number in range(50):
            scene.guild.join(f"member {number}")
        await asyncio.sleep(absence)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(60)
            assert stats_of(steward).service.guild(scene.guild.id).counts.members == scene.guild.member_count
        assert len(scene.sim.recorder.identifies) == 2


async def test_an_old_session_that_cannot_be_reached_does_not_hold_up_the_start(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            nowhere = dataclasses.replace(steward.client.place, url="ws://127.0.0.1:9/")
            await asyncio.sleep(1)
        async with scene.steward() as steward:
            await steward.store.write(nowhere.keep)
            await until(lambda: steward.health.ready)


async def test_no_ghost_of_the_old_session_is_left(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        for _ in range(3):
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                await asyncio.sleep(1)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(10)
            assert len([session for session in scene.sim.sessions if session.connected]) == 1


async def test_what_happens_while_the_new_login_waits_is_kept(clock, tmp_path):
    """The ledger may hold a login back for minutes; the old session tells meanwhile."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1)
            for _ in range(50):
                await steward.client.ledger.record()
        coming = asyncio.create_task(come_every_second(scene, 120))
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready, within=700)
            await coming
            await asyncio.sleep(10)
            assert len(await kept(steward, EventKind.JOIN)) == 120


async def come_every_second(scene, count):
    for number in range(count):
        scene.guild.join(f"member {number}")
        await asyncio.sleep(1)


async def test_members_who_come_and_go_all_through_a_restart_are_all_kept_and_counted_once(clock, tmp_path):
    """Both sessions tell for a while: nothing is lost between them, nothing told by both is counted twice."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1)
        busy = asyncio.create_task(come_and_go(scene, 3000, every=0.01))
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await busy
            await asyncio.sleep(20)
            summary = await stats_of(steward).service.summary(
                scene.guild.id, clock.now() - timedelta(days=1), clock.now() + timedelta(days=1), names=0
            )
            assert (summary.counts[EventKind.JOIN], summary.counts[EventKind.LEAVE]) == (3000, 1000)
            assert stats_of(steward).service.guild(scene.guild.id).counts.members == scene.guild.member_count


async def come_and_go(scene, count, *, every):
    for number in range(count):
        person = scene.guild.join(f"member {number}")
        if number % 3 == 0:
            person.leave()
        await asyncio.sleep(every)


@pytest.mark.parametrize("cut", ["reconnect", "disconnect"])
async def test_an_old_session_that_is_cut_while_it_is_read_is_taken_up_again(clock, tmp_path, cut):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1)
        for number in range(30):
            scene.guild.join(f"while away {number}")
        async with scene.steward() as steward:
            await until(lambda: scene.sim.recorder.resumes, every=0.001)
            getattr(scene.sim.faults, cut)()
            await until(lambda: steward.health.ready)
            await asyncio.sleep(10)
            assert len(await kept(steward, EventKind.JOIN)) == 30


async def test_the_token_goes_to_no_address_but_that_of_the_same_discord(clock, tmp_path):
    """A simulator was here before: its address is in the database."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(1)
        async with stage(clock, tmp_path) as other, other.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
        assert scene.sim.recorder.resumes == []
