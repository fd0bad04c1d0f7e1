"""Between two processes: what Discord kept in the old session is read before the new one begins."""

import asyncio

import pytest

from steward.bots.stats.facts import Kind
from steward.client import bookmark
from tests.stage import stage, until


async def kept(steward, kind):
    await steward.stats.flush()
    return sorted(event.name for event in await steward.stats.latest(kind, 1000))


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
            assert await kept(steward, Kind.JOIN) == ["before", "left again", "while away"]
            assert await kept(steward, Kind.LEAVE) == ["left again", "while away"]
            assert await kept(steward, Kind.BAN) == ["while away"]
            assert steward.stats.counts.members == scene.guild.member_count
        assert len(scene.sim.recorder.identifies) == 2


async def test_events_told_before_the_bookmark_are_not_kept_twice(clock, tmp_path):
    """A crash between keeping an event and nothing at all: the old session tells it again."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            for number in range(20):
                scene.guild.join(f"member {number}").leave()
            await asyncio.sleep(1)
            place = await bookmark.recall(steward.store)
            early = bookmark.Session(place.id, place.sequence - 25, place.url)
            await steward.stats.flush()
        async with scene.steward() as steward:
            await steward.store.write(early.keep)
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert len(await kept(steward, Kind.JOIN)) == 20
            assert len(await kept(steward, Kind.LEAVE)) == 20


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
            assert steward.stats.counts.members == scene.guild.member_count
        assert len(scene.sim.recorder.identifies) == 2


async def test_an_old_session_that_cannot_be_reached_does_not_hold_up_the_start(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            nowhere = bookmark.Session("gone", 5, "ws://127.0.0.1:9/")
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
            assert len(scene.sim.sessions) == 1
