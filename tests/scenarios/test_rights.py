"""Who may use a command: asked of members again by the bot, whatever Discord has let through."""

import asyncio

import pytest

from steward.bots.ops.commands import CLEANUP
from steward.bots.ops.pages import OpsPage
from steward.sim.interactions.interaction import COMMAND
from tests.scenarios.events.crowd import posted, posts
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import EVERY_BOT, admin, stage

COMMAND_OF_GROUP, GROUP = 1, 2
OPS = {*OpsPage, CLEANUP, "feeds"}
OF_OPERATORS = "is for whoever runs the bot"


def leaves(command):
    """Each command that a member can give, as the words of its options."""
    inner = [option for option in command.get("options", []) if option["type"] in {COMMAND_OF_GROUP, GROUP}]
    return [[option, *rest] for option in inner for rest in leaves(option)] or [[]]


async def past_discord(scene, who, command, path=()):
    """Give a command that Discord itself would have refused."""
    options = []
    for option in reversed(path):
        options = [{"name": option["name"], "type": option["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": options, "resolved": {}}
    acts, hall = scene.sim.world.acts, next(iter(scene.guild.channels.values()))
    return await acts._seen(scene.sim.world.interactions.begin(COMMAND, scene.sim.bot, who, hall, data))


async def test_f80_every_command_with_a_right_refuses_whoever_lacks_it_in_a_sentence(clock, tmp_path):
    async with stage(clock, tmp_path, **EVERY_BOT) as scene, scene.steward() as steward:
        await admin(scene, steward)
        guarded = [one for one in scene.sim.bot.commands[None].values() if one["default_member_permissions"]]
        told = {}
        for command in guarded:
            for path in leaves(command):
                name = " ".join([command["name"], *(option["name"] for option in path)])
                told[name] = await past_discord(scene, scene.guild.join(f"bob of {name}"), command, path)
                await asyncio.sleep(5)  # many commands at once would be too fast for the server
        assert {"setup", "event create", "event template save", "plan set", "poll when", "export", "goal clear"} < set(
            told
        )
        for name, answer in told.items():
            assert answer.ephemeral, name
            whole = name.split(" ", maxsplit=1)[0]
            said = OF_OPERATORS if whole in OPS else f"to use `/{whole}`"
            assert said in answer.content, (name, answer.content)


async def test_whoever_the_servers_settings_name_may_use_a_command_without_its_permission(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        hall, bob = scene.guild.add_text_channel("hall"), scene.guild.join("bob")
        hosts = scene.guild.add_role("Hosts")
        bob.give(hosts.id)
        scene.guild.let_use("event", hosts.id)
        await bob.click(await drafted(bob, hall), "Post")
        await posted(hall)
        eve = scene.guild.join("eve")
        with pytest.raises(PermissionError):
            await drafted(eve, hall)


async def host(scene, steward):
    """Return the id of a role Hosts, and what tells whether a member who has it is refused `/event`."""
    await admin(scene, steward)
    scene.guild.add_text_channel("hall")
    bob, hosts = scene.guild.join("bob"), scene.guild.add_role("Hosts")
    bob.give(hosts.id)
    event = next(one for one in scene.sim.bot.commands[None].values() if one["name"] == "event")
    path = next(path for path in leaves(event) if [option["name"] for option in path] == ["create"])

    async def is_refused():
        answer = await past_discord(scene, bob, event, path)
        assert (answer.modal is None) == ("to use `/event`" in answer.content)
        return answer.modal is None

    return hosts.id, is_refused


async def test_what_the_servers_settings_say_holds_as_soon_as_they_are_changed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hosts, is_refused = await host(scene, steward)
        assert await is_refused()
        for allowed in (True, False):
            scene.guild.let_use("event", hosts, allowed=allowed)
            assert await is_refused() is not allowed


async def test_who_was_allowed_in_the_meantime_is_not_refused_though_the_bot_has_not_heard_of_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hosts, is_refused = await host(scene, steward)
        assert await is_refused()
        scene.sim.faults.malform_next("APPLICATION_COMMAND_PERMISSIONS_UPDATE", drop=["guild_id"])
        scene.guild.let_use("event", hosts)
        await asyncio.sleep(5)
        assert not await is_refused()


async def test_a_panel_outlives_the_right_and_is_of_no_use_then(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall)
        for role in list(olga.role_ids):
            olga.take(role)
        refused = await olga.click(preview, "Post")
        assert "You need Manage Events to use `/event`" in refused.content
        await asyncio.sleep(10)
        assert posts(hall) == []
