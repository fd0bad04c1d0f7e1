"""A resume that replays what was handled already (F07): each click, vote, bell and join counts once."""

import asyncio

from tests.scenarios.events.crowd import event, guests, listed, posted
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_native import BOT, one_native
from tests.stage import stage, until

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
KEPT = {
    "event_answers": "SELECT occurrence_id, user_id, option_key, arrival FROM event_answers ORDER BY user_id",
    "event_poll_votes": "SELECT user_id, position, arrival FROM event_poll_votes",
    "events": "SELECT COUNT(*), (SELECT COUNT(*) FROM event_polls) FROM events",
    "outbox": "SELECT message_key FROM outbox ORDER BY id",
    "member_events": "SELECT user_id, kind FROM member_events",
}


async def kept(steward):
    """All that the events have left behind."""
    return await steward.store.read(
        lambda tx: {name: [tuple(row) for row in tx.all(sql)] for name, sql in KEPT.items()}
    )


async def test_f07_a_resume_that_replays_what_was_handled_leaves_one_row_and_one_message_of_each(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        ada, ben, cid = guests(scene, 3)
        await event(scene, steward, hall, native=True, seats=2)
        post, native = await posted(hall), await one_native(scene)
        await asyncio.sleep(5)
        handled = steward.client.ws.sequence
        await ada.click(post, "Yes")
        cid.show_interest(native)
        await until(lambda: len(listed(post, "Yes")) == 2)
        await ben.click(post, "Yes")  # waits
        await ada.click(post, "No")  # and ben moves up, and is told
        await olga.run("/poll when", hall, title="Quiz", times="friday 20:00; saturday 20:00")
        await until(lambda: "Quiz" in str(hall.messages[-1].embeds))
        await ben.click(hall.messages[-1], "1. Fri 9 Jan 2026, 20:00")  # once more would take it back
        scene.guild.join("newcomer")
        await asyncio.sleep(10)
        before, messages = await kept(steward), [message.id for message in hall.messages]
        callbacks = scene.sim.recorder.count(method="POST", route=CALLBACK)
        assert all(before.values())
        steward.client.ws.sequence = handled  # as if it had not been told of what came after
        scene.sim.faults.disconnect()
        await until(lambda: len(scene.sim.recorder.resumes) == 1 and steward.health.ready)
        assert scene.sim.recorder.resumes[0].data["seq"] == handled
        await asyncio.sleep(60)
        assert await kept(steward) == before
        assert [message.id for message in hall.messages] == messages
        assert scene.sim.recorder.count(method="POST", route=CALLBACK) == callbacks
