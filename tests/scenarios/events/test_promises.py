"""What Discord would refuse is said in the preview, and told to whoever made the event when it is refused later."""

from __future__ import annotations

import asyncio

import pytest

from steward.bots.events.model.details import Reach, Reminder
from steward.sim.guilds.permissions import BITS
from tests.bots.events.coming_up import coming_up
from tests.parts import events_of
from tests.scenarios.events.crowd import event, inbox, posted, said
from tests.scenarios.events.organisers import drafted, organiser
from tests.scenarios.events.test_create import EXTRAS, choose
from tests.stage import QUIET, stage, until

POST = ("view_channel", "send_messages", "embed_links", "read_message_history")
ALL = (*POST, "create_public_threads", "create_events", "manage_roles", "mention_everyone", "connect")
MINUTE, HOUR = 60, 3600


def without(*names):
    return tuple(name for name in ALL if name not in names)


def warnings(reply):
    return [line for line in reply.content.split("\n") if line.startswith("⚠️")]


@pytest.mark.parametrize(
    ("lacking", "cause"),
    [
        ("embed_links", "To post in <#{hall}> I need Embed Links there."),
        ("create_public_threads", "To open a thread in <#{hall}> I need Create Public Threads there."),
        ("create_events", "To create a Discord event I need Create Events in this server."),
        ("connect", "To create a Discord event in <#{voice}> I need Connect there."),
        ("manage_roles", "To give <@&{role}>, I need Manage Roles."),
        ("mention_everyone", "I may not mention <@&{role}> in <#{hall}>, so reminders mention each member instead."),
    ],
)
async def test_f75_each_effect_is_tested_at_the_preview_and_again_after_post(clock, tmp_path, lacking, cause):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.everyone.permissions &= ~BITS[lacking]
        scene.guild.set_bot_permissions(*ALL)
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        olga.give(scene.guild.add_role("Keepers", "manage_roles").id)
        role, voice = scene.guild.add_role("Raiders"), scene.guild.add_voice_channel("Raid")
        scene.guild.set_bot_permissions(*without(lacking))
        for channel in (hall, voice):
            channel.deny(scene.guild.everyone, lacking)
        preview = await choose(olga, await drafted(olga, hall), EXTRAS, "thread", "native", "role")
        scene.guild.set_bot_permissions(*ALL)  # the member could not choose the role else
        for channel in (hall, voice):
            channel.allow(scene.guild.everyone, lacking)
        form = await olga.click(preview, "Who and where")
        preview = await olga.submit(form, role_id=[role], voice_channel_id=[voice])
        assert warnings(preview) == []
        scene.guild.set_bot_permissions(*without(lacking))
        for channel in (hall, voice):
            channel.deny(scene.guild.everyone, lacking)
        preview = await choose(olga, preview, EXTRAS, "thread", "native", "role")
        said_so = cause.format(hall=hall.id, voice=voice.id, role=role.id)
        assert any(said_so in line for line in warnings(preview)), preview.content
        done = await olga.click(preview, "Post")
        assert said_so in done.content
        blocked = lacking in {"embed_links", "manage_roles"}
        assert (len(await coming_up(steward.store, scene.guild.id)) == 0) is blocked


async def test_a_role_that_is_to_be_mentioned_and_was_not_chosen_is_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await choose(olga, await drafted(olga, hall), EXTRAS, "role")
        assert "none is chosen" in preview.content


async def test_f75_a_thread_that_is_refused_later_is_told_once_to_whoever_made_the_series(clock, tmp_path):
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        scene.guild.everyone.permissions &= ~BITS["create_public_threads"]
        scene.guild.set_bot_permissions(*without("create_public_threads"))
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, thread=True, rule="FREQ=DAILY", by=olga)
        await until(lambda: bool(inbox(scene, olga)))
        (told,) = inbox(scene, olga)
        assert told == (
            f"To open a thread in <#{hall.id}> I need Create Public Threads there. Allow it in that channel's settings"
            " > Permissions, for me or my role. Once that's done, I'll open the thread of **Raid night** in"
            f" <#{hall.id}> within ten minutes."
        )
        assert told in await steward.problems.now()
        await asyncio.sleep(30 * HOUR)
        await posted(hall, 2)
        assert len(inbox(scene, olga)) == 1
        scene.guild.set_bot_permissions(*ALL)
        await asyncio.sleep(20 * MINUTE)
        assert len(scene.guild.threads) == 1  # of the one that is not over
        assert events_of(steward).problems == []


async def test_whose_messages_are_closed_is_mentioned_in_the_channel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.everyone.permissions &= ~BITS["create_events"]
        scene.guild.set_bot_permissions(*without("create_events"))
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        olga.close_messages()
        await event(scene, steward, hall, native=True, by=olga)
        await until(lambda: bool(said(hall, "To create a Discord event I need Create Events")))
        (told,) = said(hall, "To create a Discord event")
        assert told.mentions == [olga.user]


async def test_f75_members_are_mentioned_where_their_role_may_not_be(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.everyone.permissions &= ~BITS["mention_everyone"]
        scene.guild.set_bot_permissions(*without("mention_everyone"))
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        role = scene.guild.add_role("Raiders")
        reminders = (Reminder(60, Reach.ROLE), Reminder(30, Reach.ROLE), Reminder(0, Reach.ROLE))
        await event(scene, steward, hall, role_id=role.id, reminders=reminders, by=olga)
        ada = scene.guild.join("ada")
        await ada.click(await posted(hall), "Yes")
        await asyncio.sleep(HOUR + MINUTE)
        (told,) = said(hall, "begins")
        assert (told.mentions, told.mention_roles) == ([ada.user], [])
        assert any(f"I may not mention <@&{role.id}>" in problem for problem in await steward.problems.now())
        await asyncio.sleep(30 * MINUTE)
        assert len([text for text in inbox(scene, olga) if "may not mention" in text]) == 1
        scene.guild.set_bot_permissions(*ALL)
        await asyncio.sleep(30 * MINUTE)
        assert said(hall, "begins now")[0].mention_roles == [role.id]
        assert events_of(steward).problems == []
