"""`/counters` on the whole product: made, adopted, explained and taken away in Discord."""

import asyncio

import pytest

from steward.bots.stats.counters.counters import Counted
from tests.parts import stats_of
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


async def test_the_reply_names_what_an_adopted_channel_will_show(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, birds = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: 7")
        reply = await olga.run("/counters add", kind="members", channel=birds)
        assert "“Birds: 1001”" in reply.content
        await until(lambda: birds.name == "Birds: 1001", within=FIRST_RENAME)


@pytest.mark.parametrize("name", ["Members\uff1a 12", "Members - 12", "👥 12 members", "Members (12)"])
async def test_the_number_of_another_bot_does_not_stay_in_the_name(clock, tmp_path, name):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, adopted = await channel_admin(scene, steward), scene.guild.add_voice_channel(name)
        await olga.run("/counters add", kind="members", channel=adopted)
        await until(lambda: adopted.name != name, within=FIRST_RENAME)
        assert adopted.name in ("Members: 1001", "👥 members: 1001")


async def test_a_text_channel_keeps_its_label_over_a_restart(clock, tmp_path):
    """Discord writes "Birds: 1001" in its own way there: the number is not taken for a part of the label."""
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga, birds = await channel_admin(scene, steward), scene.guild.add_text_channel("birds-7")
            reply = await olga.run("/counters add", kind="members", channel=birds)
            assert ("“birds: 1001”" in reply.content, "voice channel" in reply.content) == (True, True)
            await until(lambda: birds.name.endswith("-1001"), within=FIRST_RENAME)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            scene.guild.join("ada")
            await until(lambda: birds.name.endswith("-1002"), within=FIRST_RENAME)
            assert "1001" not in birds.name


async def test_a_channel_that_the_bot_may_not_rename_is_refused_before_anything_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, locked = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: ?")
        olga.give(scene.guild.add_role("Owners", "administrator").id)
        locked.deny(scene.guild.everyone, "connect")
        reply = await olga.run("/counters add", kind="members", channel=locked)
        assert "I'm missing" in reply.content
        assert "Connect" in reply.content
        assert len(stats_of(steward).settings.of(scene.guild.id).counters) == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "members", "template": "no number"}, "where the number goes"),
        ({"kind": "role"}, "need to know which"),
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
        right = await olga.run("/counters why", counter=str(scene.members.id))
        assert "shows the newest number: 1001" in right.content
        scene.guild.join("ada")
        await asyncio.sleep(1)
        stale = await olga.run("/counters why", counter=str(scene.members.id))
        assert "shows “Members: 1001” and should show “Members: 1002”. It changes <t:" in stale.content
        listed = await olga.run("/counters list")
        assert "renamed soon" in listed.embeds[0]["description"]


async def test_a_counter_that_discord_refuses_to_rename_says_what_is_missing_and_promises_no_time(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await until(lambda: scene.members.name == "Members: 1001", within=FIRST_RENAME)
        scene.members.deny(scene.guild.everyone, "connect")
        scene.guild.join("ada")
        await asyncio.sleep(FIRST_RENAME)
        why = (await olga.run("/counters why", counter=str(scene.members.id))).content
        assert why.startswith("I'm missing the permissions")
        assert "should show “Members: 1002”" in why
        assert ("<t:" in why, "10 minutes" in why, "ten minutes" in why) == (False, False, False)
        (problem,) = await steward.problems.now()
        assert problem.startswith(f"I can't rename <#{scene.members.id}>: I'm missing a permission there. Give me ")
        scene.members.allow(scene.guild.everyone, "connect")
        why = (await olga.run("/counters why", counter=str(scene.members.id))).content
        assert "It changes <t:" in why
        await until(lambda: scene.members.name == "Members: 1002", within=5)
        assert await steward.problems.now() == []


async def test_a_counter_of_bans_that_may_not_be_read_names_the_permission(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.set_bot_permissions("view_channel", "send_messages", "embed_links", "manage_channels", "connect")
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            why = (await olga.run("/counters why", counter=str(scene.bans.id))).content
            assert "Ban Members" in why.splitlines()[0]
            assert "Server Settings > Roles" in why.splitlines()[0]


async def test_who_may_not_manage_a_channel_cannot_have_the_bot_rename_or_delete_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, history = await admin(scene, steward), scene.guild.add_text_channel("history")
        for command, options in (
            ("/counters add", {"kind": "members", "channel": history}),
            ("/counters add", {"kind": "channels"}),
        ):
            reply = await olga.run(command, **options)
            assert ("Manage Channels" in reply.content) == ("channel" in options)
        (counter,) = stats_of(steward).settings.own(scene.guild.id).counters
        made = scene.guild.channels[counter.channel_id]
        assert "Manage Channels" in (await olga.run("/counters remove", counter=str(made.id), delete=True)).content
        assert made.id in scene.guild.channels
        assert stats_of(steward).settings.own(scene.guild.id).counters == (counter,)


async def test_a_channel_that_the_bot_did_not_make_is_not_deleted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, birds = await channel_admin(scene, steward), scene.guild.add_voice_channel("Birds: ?")
        await olga.run("/counters add", kind="members", channel=birds)
        reply = await olga.run("/counters remove", counter=str(birds.id), delete=True)
        assert ("I didn't make" in reply.content, birds.id in scene.guild.channels) == (True, True)
        await olga.run("/counters remove", counter=str(birds.id))
        assert not stats_of(steward).settings.own(scene.guild.id).counters


async def test_a_counter_is_taken_away_with_its_channel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await channel_admin(scene, steward)
        await olga.run("/counters add", kind="channels")
        (counter,) = [
            item for item in stats_of(steward).settings.of(scene.guild.id).counters if item.counted is Counted.CHANNELS
        ]
        made = scene.guild.channels[counter.channel_id]
        await olga.run("/counters remove", counter=str(made.id), delete=True)
        assert made.id not in scene.guild.channels
        assert counter not in stats_of(steward).settings.of(scene.guild.id).counters


async def test_a_counter_of_the_environment_is_not_taken_away_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        reply = await olga.run("/counters remove", counter=str(scene.members.id))
        assert "environment" in reply.content


async def test_who_is_in_voice_is_no_counter_where_nobody_counts_it(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_ACTIVITY="false") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert "STEWARD_ACTIVITY" in (await olga.run("/counters add", kind="voice")).content
        panel = await olga.select(await olga.run("/setup"), "voice", menu=COUNTERS)
        assert "STEWARD_ACTIVITY" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert not stats_of(steward).settings.own(scene.guild.id).counters


async def test_the_role_of_everyone_is_refused_for_members_counts_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        assert "Members" in (await olga.run("/counters add", kind="role", role=scene.guild.everyone)).content
        assert not stats_of(steward).settings.own(scene.guild.id).counters


@pytest.mark.parametrize("away", [False, True], ids=["while the bot looks", "while it is away"])
async def test_a_counter_whose_channel_was_deleted_by_hand_is_offered_and_taken_out(clock, tmp_path, away):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            await olga.run("/counters add", kind="channels")
            (counter,) = stats_of(steward).settings.own(scene.guild.id).counters
            if not away:
                scene.guild.channels[counter.channel_id].delete()
        if away:
            scene.guild.channels[counter.channel_id].delete()
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(FIRST_RENAME)
            listed = await olga.run("/counters list")
            assert "the channel is gone, `/counters remove`" in listed.embeds[0]["description"]
            said = (
                f"<#{counter.channel_id}>, the channel of a counter (Channels), was deleted or is in another server."
                " Take the counter out with `/counters remove`."
            )
            assert await steward.problems.now() == [said]
            offered = await olga.autocomplete("/counters remove", counter="channels")
            (choice,) = offered.interaction.choices
            assert choice["name"].startswith("Channels: ")
            assert choice["name"].endswith(" (deleted)")
            assert (await olga.run("/counters why", counter=choice["value"])).content == said
            reply = await olga.run("/counters remove", counter=choice["value"], delete=True)
            assert "was already deleted" in reply.content
            assert not stats_of(steward).settings.own(scene.guild.id).counters
            assert await steward.problems.now() == []
            await olga.click(await olga.run("/setup"), "Undo the last change")
            await asyncio.sleep(FIRST_RENAME)
            (problem,) = await steward.problems.now()
            assert str(counter.channel_id) in problem
            why = (await olga.run("/counters why", counter=str(counter.channel_id))).content
            assert ("was deleted" in why, "None" in why) == (True, False)


async def test_a_counter_is_named_by_what_its_channel_shows_or_by_the_channel_itself(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await until(lambda: scene.members.name == "Members: 1001", within=FIRST_RENAME)
        assert len((await olga.autocomplete("/counters why", counter="")).choices) == 3
        assert (await olga.autocomplete("/counters why", counter="memb")).choices == ["Members: 1001"]
        for written in ("Members: 1001", f"<#{scene.members.id}>"):
            assert "shows the newest number: 1001" in (await olga.run("/counters why", counter=written)).content
        assert "There's no counter called “general”" in (await olga.run("/counters remove", counter="general")).content


async def test_of_counters_that_are_called_the_same_none_is_taken_away_by_name(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await channel_admin(scene, steward)
        for _ in range(2):
            await olga.run("/counters add", kind="members", template="Twins: {count}")
        first, second = stats_of(steward).settings.own(scene.guild.id).counters
        refused = await olga.run("/counters remove", counter="Twins: 1001", delete=True)
        assert "Several counters fit “Twins: 1001”" in refused.content
        assert len(stats_of(steward).settings.own(scene.guild.id).counters) == 2
        offered = await olga.autocomplete("/counters remove", counter="twins")
        assert offered.choices == [f"Twins: 1001 (channel {counter.channel_id})" for counter in (first, second)]
        assert refused.buttons == offered.choices
        await olga.click(refused, offered.choices[1])
        assert stats_of(steward).settings.own(scene.guild.id).counters == (first,)
        assert first.channel_id in scene.guild.channels
