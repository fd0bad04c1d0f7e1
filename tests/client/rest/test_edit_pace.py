"""Edits of a channel's messages draw no refusal for their number, however many are wanted at once."""

import asyncio

from tests.stage import stage, until

EDITS = {"method": "PATCH", "route": "/channels/{channel_id}/messages/{message_id}"}


async def messages(steward, channel, number):
    rest = steward.client.rest
    return [await rest.send_message(channel.id, {"content": "new"}, nonce=str(index)) for index in range(number)]


async def edit_all(steward, channel, ids, content):
    edit = steward.client.rest.edit_message
    await asyncio.gather(*(edit(channel.id, id_, {"content": f"{content} {number}"}) for number, id_ in enumerate(ids)))


def edited(scene, channel):
    return sum(str(channel.id) in request.path for request in scene.sim.recorder.requests(**EDITS))


async def test_f68_forty_edits_in_a_channel_at_once_draw_no_refusal_and_keep_their_order(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall = scene.guild.add_text_channel("hall")
        ids = await messages(steward, hall, 10)
        for turn in range(4):
            await edit_all(steward, hall, ids, f"turn {turn}")
        assert [message.content for message in hall.messages][-10:] == [f"turn 3 {number}" for number in range(10)]
        assert scene.sim.recorder.count(status=429) == 0
        assert scene.sim.recorder.count(**EDITS, status=200) >= 40


async def test_f68_edits_of_messages_older_than_an_hour_keep_to_the_limit_that_no_header_tells(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall = scene.guild.add_text_channel("hall")
        ids = await messages(steward, hall, 10)
        await asyncio.sleep(3590)  # they are an hour old while they are edited
        for turn in range(4):
            await edit_all(steward, hall, ids, f"turn {turn}")
        assert [message.content for message in hall.messages][-10:] == [f"turn 3 {number}" for number in range(10)]
        assert scene.sim.recorder.count(status=429) == 0


async def test_f68_a_channel_whose_edits_wait_holds_up_no_other(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall, nest = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("nest")
        busy, quiet = await messages(steward, hall, 20), await messages(steward, nest, 1)
        waiting = asyncio.create_task(edit_all(steward, hall, busy, "later"))
        await asyncio.sleep(1)
        began = clock.monotonic()
        await edit_all(steward, nest, quiet, "now")
        assert clock.monotonic() - began < 0.1
        assert not waiting.done()
        await waiting
