"""Who runs the bot: its owner or team anywhere, administrators in its home server or its only one."""

import asyncio

import pytest

from tests.stage import QUIET, admin, stage, until

COMMAND = "/bot_status"
REFUSED = "`/bot_status` is for whoever runs the bot."
OF_HOME = ("MEMBER_COUNT", "ONLINE_COUNT", "BAN_COUNT", "HEARTBEAT", "STATS")
NO_HOME = {**QUIET, "GUILD_ID": "", "STEWARD_BOTS": "ops", **{f"{name}_CHANNEL_ID": "" for name in OF_HOME}}


async def may(member):
    """Whether a member, who sees the command, may use it."""
    answer = await member.run(COMMAND)
    assert answer.content.startswith(REFUSED) != bool(answer.embeds), answer
    return not answer.content


def administrator(guild, name):
    member = guild.join(name)
    member.give(guild.add_role("Admins", "administrator").id)
    return member


def shown_to_all(scene):
    for command in scene.sim.bot.commands[None].values():
        command["default_member_permissions"] = None  # as a server's own settings can


async def other_server(scene, steward):
    other = scene.sim.add_guild("Seagulls", members=5)
    other.add_text_channel("general")
    await until(lambda: len(steward.client.guilds) == 2)
    return other


@pytest.mark.parametrize("in_team", [False, True])
async def test_the_owner_or_the_team_of_the_application_may_anywhere_without_any_right(clock, tmp_path, in_team):
    async with stage(clock, tmp_path, **NO_HOME) as scene:
        ada, ben = scene.guild.join("ada"), scene.guild.join("ben")
        scene.sim.bot.owner = ada.user
        if in_team:
            rights = {"membership_state": 2, "role": "admin", "permissions": ["*"]}
            member = {**rights, "team_id": "9", "user": ben.user.payload()}
            team = {"id": "9", "icon": None, "name": "Crew", "owner_user_id": str(ben.id), "members": [member]}
            scene.sim.bot.application["team"] = team
        async with scene.steward() as steward:
            await admin(scene, steward)
            await other_server(scene, steward)
            shown_to_all(scene)
            assert [await may(one) for one in (ada, ben)] == [not in_team, in_team]


async def test_administrators_may_in_the_only_server_of_the_bot_and_are_guests_once_there_are_two(clock, tmp_path):
    async with stage(clock, tmp_path, **NO_HOME) as scene, scene.steward() as steward:
        await admin(scene, steward)
        ada = administrator(scene.guild, "ada")
        assert await may(ada)
        await other_server(scene, steward)
        await asyncio.sleep(10)
        assert not await may(ada)


async def test_administrators_may_in_the_home_server_alone(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        await admin(scene, steward)
        other = await other_server(scene, steward)
        assert await may(administrator(scene.guild, "ada"))
        assert not await may(administrator(other, "ben"))
        shown_to_all(scene)
        assert not await may(scene.guild.join("carla"))
