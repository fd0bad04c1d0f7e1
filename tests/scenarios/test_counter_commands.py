"""`/counters` on the whole product: made, adopted, explained and taken away in Discord."""

import asyncio

import pytest

from steward.bots.stats.counters import Counted
from tests.scenarios.test_setup import COUNTERS
from tests.stage import admin, stage, until

FIRST_RENAME = 700


async def channel_admin(scene, steward):
    """Return an administrator who may manage channels as well."""
    olga = await admin(scene, steward)
    olga.give(scene.guild.add_role("Keepers", "manage_channels").id)
    return olga


async def test_a_counter_is_made_in_a_locked_channel_that_the_bot_can_rename(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        reply = await olga.run("/counters add", kind="members", template="👥 {count} of us", style="comma")
        made = next(channel for channel in scene.guild.channels.values() if "of us" in channel.name)
        assert (f"<#{made.id}> is now a counter" in reply.content, made.name) == (True, "👥 1,001 of us")
        assert not scene.guild.roles.permissions_in(made, olga) & (1 << 20)  # CONNECT
        scene.guild.join("ada")
        await until(lambda: made.name == "👥 1,002 of us", within=FIRST_RENAME)


async def test_an_adopted_channel_keeps_its_label(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, birds = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: ?")
        await olga.run("/counters add", kind="members", channel=birds)
        await until(lambda: birds.name == "Birds: 1001", within=FIRST_RENAME)


async def test_a_channel_that_the_bot_may_not_rename_is_refused_before_anything_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, locked = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: ?")
        olga.give(scene.guild.add_role("Owners", "administrator").id)
        locked.deny(scene.guild.everyone, "connect")
        reply = await olga.run("/counters add", kind="members", channel=locked)
        assert "the bot lacks" in reply.content
        assert "Connect" in reply.content
        assert len(steward.stats.settings.of(scene.guild.id).counters) == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "members", "template": "no number"}, "where the number goes"),
        ({"kind": "role"}, "needs a role"),
        ({"kind": "goal"}, "/goal set"),
    ],
)
async def test_what_cannot_be_counted_is_refused_with_what_to_do(clock, tmp_path, options, words):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert words in (await olga.run("/counters add", **options)).content


async def test_a_stale_counter_says_when_it_will_be_right(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await until(lambda: scene.members.name == "Members: 1001", within=FIRST_RENAME)
        right = await olga.run("/counters why", channel=scene.members)
        assert "shows the truth: 1001" in right.content
        scene.guild.join("ada")
        await asyncio.sleep(1)
        stale = await olga.run("/counters why", channel=scene.members)
        assert "shows “Members: 1001” and should show “Members: 1002”. It changes <t:" in stale.content
        listed = await olga.run("/counters list")
        assert "renamed soon" in listed.embeds[0]["description"]


async def test_who_may_not_manage_a_channel_cannot_have_the_bot_rename_or_delete_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, history = await admin(scene, steward), scene.guild.add_text_channel("history")
        for command, options in (
            ("/counters add", {"kind": "members", "channel": history}),
            ("/counters add", {"kind": "channels"}),
        ):
            reply = await olga.run(command, **options)
            assert ("Manage Channels" in reply.content) == ("channel" in options)
        (counter,) = steward.stats.settings.own(scene.guild.id).counters
        made = scene.guild.channels[counter.channel_id]
        assert "Manage Channels" in (await olga.run("/counters remove", channel=made, delete=True)).content
        assert made.id in scene.guild.channels
        assert steward.stats.settings.own(scene.guild.id).counters == (counter,)


async def test_a_channel_that_the_bot_did_not_make_is_not_deleted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, birds = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: ?")
        await olga.run("/counters add", kind="members", channel=birds)
        reply = await olga.run("/counters remove", channel=birds, delete=True)
        assert ("did not make" in reply.content, birds.id in scene.guild.channels) == (True, True)
        await olga.run("/counters remove", channel=birds)
        assert not steward.stats.settings.own(scene.guild.id).counters


async def test_a_counter_is_taken_away_with_its_channel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await channel_admin(scene, steward)
        await olga.run("/counters add", kind="channels")
        (counter,) = [
            item for item in steward.stats.settings.of(scene.guild.id).counters if item.counted is Counted.CHANNELS
        ]
        made = scene.guild.channels[counter.channel_id]
        await olga.run("/counters remove", channel=made, delete=True)
        assert made.id not in scene.guild.channels
        assert counter not in steward.stats.settings.of(scene.guild.id).counters


async def test_a_counter_of_the_environment_is_not_taken_away_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        reply = await olga.run("/counters remove", channel=scene.members)
        assert "environment" in reply.content


async def test_who_is_in_voice_is_no_counter_where_nobody_counts_it(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_ACTIVITY="false") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert "STEWARD_ACTIVITY" in (await olga.run("/counters add", kind="voice")).content
        panel = await olga.select(await olga.run("/setup"), "voice", menu=COUNTERS)
        assert "STEWARD_ACTIVITY" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert not steward.stats.settings.own(scene.guild.id).counters


async def test_the_role_of_everyone_is_refused_for_members_counts_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert "Members" in (await olga.run("/counters add", kind="role", role=scene.guild.everyone)).content
        assert not steward.stats.settings.own(scene.guild.id).counters
