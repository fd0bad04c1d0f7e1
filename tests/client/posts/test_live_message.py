"""A live message: one, in place, through restarts, deletions and lost answers."""

import asyncio
from contextlib import suppress

from steward.client.posts.live_message import LiveMessage
from steward.client.rest.errors import TryLater
from steward.sim import Fault
from steward.store import kv
from tests.stage import stage, until

POST = {"method": "POST", "route": "/channels/{channel_id}/messages"}


def live(scene, steward):
    return LiveMessage(steward.client.rest, steward.store, key="clock", channel_id=scene.reports.id)


def said(scene):
    return [message.content for message in scene.reports.messages]


async def test_it_is_posted_once_and_edited_from_then_on_by_the_next_process_too(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        for words in (("one", "two"), ("three", "four")):
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
                message = live(scene, steward)
                for word in words:
                    await message.show({"content": word})
        assert said(scene) == ["four"]


async def test_a_message_whose_post_was_not_remembered_is_found_again_long_after(clock, tmp_path):
    """Discord has forgotten the nonce by then; the channel's history tells."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await live(scene, steward).show({"content": "", "embeds": [{"title": "Clock", "description": "one"}]})
            await steward.store.write(lambda tx: kv.forget(tx, f"live_message.clock.{scene.reports.id}"))
        await asyncio.sleep(3600)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await live(scene, steward).show({"content": "", "embeds": [{"title": "Clock", "description": "two"}]})
        assert [message.embeds[0]["description"] for message in scene.reports.messages] == ["two"]


async def test_a_deleted_message_is_posted_anew(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        message = live(scene, steward)
        await message.show({"content": "one"})
        scene.reports.messages.clear()
        await message.show({"content": "two"})
        assert said(scene) == ["two"]


async def test_a_post_whose_answer_is_lost_is_there_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        scene.sim.faults.rest(**POST, action=Fault.drop_response())
        message = live(scene, steward)
        with suppress(TryLater):
            await message.show({"content": "one"})
        await asyncio.sleep(5)
        await message.show({"content": "two"})
        await message.show({"content": "three"})
        assert said(scene) == ["three"]
