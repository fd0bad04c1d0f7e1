"""Custom ids as nobody makes them: cut short, longer, with other words, from another server."""

import pytest

from steward.sim.interactions.interaction import COMPONENT
from tests.scenarios.events.crowd import event, posted
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import EVERY_BOT, stage, until

WORDS = ("", "x", "-1", "0", "1", str(2**63 - 1), str(2**63), "9" * 60, "\u0661", "2026-01-01T00:00", "a" * 70)


async def forged(scene, who, channel, message, custom_id):
    """Click what is not there."""
    data = {"component_type": 2, "id": 1, "custom_id": custom_id}
    world = scene.sim.world
    return await world.acts._seen(
        world.interactions.begin(COMPONENT, scene.sim.bot, who, channel, data, message=message)
    )


async def test_f71_no_custom_id_of_any_action_is_answered_with_a_fault(clock, tmp_path):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        post, bob = await posted(hall), scene.guild.join("bob")
        bob.give(scene.guild.add_role("All", "administrator").id)
        actions = [one.action for one in steward.interactions._router._handlers.values()]
        assert len(actions) > 40
        for action in actions:
            most = len(action.args) + len(action.optional)
            for number in range(most + 2):
                for word in WORDS:
                    custom_id = ":".join((f"{action.bot}:{action.name}.{action.version}", *[word] * number))[:100]
                    answer = await forged(scene, bob, hall, post, custom_id)
                    said = "" if answer is None else answer.content or ""
                    assert "went wrong on our side" not in said, (custom_id, said)


async def test_f80_a_draft_of_another_server_is_not_known_here(clock, tmp_path):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall)
        post_it = next(
            part["custom_id"] for part in preview.message.components[-1]["components"] if part["label"] == "Post"
        )
        await olga.click(preview, "Post")
        await posted(hall)
        seals = scene.sim.add_guild("Seals", members=5)
        eve, pool = seals.join("eve"), seals.add_text_channel("pool")
        eve.give(seals.add_role("All", "administrator").id)
        answer = await forged(scene, eve, pool, None, post_it)
        assert "posted" not in answer.content


@pytest.mark.parametrize(
    "custom_id", ["events:answer.1:1", "events:who.1:1:x", "events:answer.1:99999999999999999999:yes"]
)
async def test_a_malformed_id_is_said_to_be_of_no_use(clock, tmp_path, custom_id):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        answer = await forged(scene, scene.guild.join("bob"), hall, await posted(hall), custom_id)
        assert answer.content.startswith("This doesn't work any more.")
