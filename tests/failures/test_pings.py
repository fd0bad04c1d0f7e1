"""Whatever people call themselves and their things, nobody is pinged (F56)."""

import asyncio
from random import Random

import pytest

from tests.scenarios.test_setup import more
from tests.stage import admin, stage, until

PARTS = (
    "@everyone",
    "@here",
    "<@{user}>",
    "<@!{user}>",
    "<@&{role}>",
    "<#1>",
    "`",
    "```",
    "\u200b",
    "\u202e",
    "||",
    "**",
    "](",
)
AS_FAST_AS_TYPED = {"MAX_REQUESTS_PER_MINUTE": "1000", "BURST_LIMIT": "1000"}

COMMANDS = (
    *(f"/stats {what}" for what in ("overview", "growth", "activity", "channels", "top", "goal")),
    *("/counters list", "/report now", "/report preview", "/privacy show", "/setup"),
)


def hostile(random, user, role, longest=32):
    """Return a name made of what pings, hides or formats."""
    while True:
        name = "".join(random.choices(PARTS, k=random.randint(1, 3))).format(user=user, role=role)
        if len(name) <= longest:
            return name


@pytest.mark.evening
async def test_f56_no_name_of_whatever_kind_pings_anyone_in_any_message_of_the_bot(clock, tmp_path):
    """Members, server, channels, templates, answers: said in reports, heartbeat, milestones and replies."""
    random = Random(56)
    async with stage(clock, tmp_path, **AS_FAST_AS_TYPED) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*scene.guild.bot_permissions, "mention_everyone")  # it could, if it would
        olga = await admin(scene, steward)
        role = scene.guild.add_role("Everybody")
        role.mentionable = True

        def name(longest=32):
            return hostile(random, olga.id, role.id, longest)

        bad = scene.guild.add_text_channel("bad")
        bad.rename(name())
        people = [scene.guild.join(name()) for _ in range(60)]
        for number, member in enumerate(people):
            member.rename(name())
            member.say(bad, name())
            if number % 3 == 0:
                member.leave()
            elif number % 3 == 1:
                scene.guild.ban(member)
        replies = [await olga.run("/goal set", members=scene.guild.member_count + 4, channel=bad)]
        for _ in range(4):
            scene.guild.join(name()).rename(name())
            await asyncio.sleep(70)
        for _ in range(5):
            replies += [await olga.run("/counters add", kind="members", template=name(80) + " {count}")]
        for command in COMMANDS:
            replies += [await olga.run(command)]
        replies += await set_up(olga, [scene.guild.add_role(name()) for _ in range(5)])
        await until(lambda: bool(scene.reports.messages), within=90_000, every=60)
        said = [*scene.reports.messages, *scene.heartbeat.messages, *bad.messages]
        said += [reply.message for reply in replies if reply.message is not None]
        own = [message for message in said if message.author.id == scene.sim.bot.id]
        assert len(own) >= 15
        assert {"Joined", "Left", "Banned"} <= {
            field["name"] for field in scene.reports.messages[0].embeds[0]["fields"]
        }
        for message in own:
            assert (message.mentions, message.mention_roles, message.mention_everyone) == ([], [], False)
        sent = [body for request in scene.sim.recorder.requests() if (body := message_in(request.body)) is not None]
        assert len(sent) > 40
        assert all(body["allowed_mentions"]["parse"] == [] for body in sent)


async def set_up(olga, roles):
    """Choose roles of such names in /setup, look at the preview, and save: each counter has the name of its role."""
    panel = await more(olga, await olga.run("/setup"), roles=list(roles))
    preview = await olga.click(panel, "Preview")
    assert len(preview.embeds[0]["fields"][0]["value"].splitlines()) == len(roles)
    return [panel, preview, await olga.click(panel, "Save"), await olga.run("/counters list")]


def message_in(body):
    """Return the message that a request sends, in whatever wrapping; None where it sends none."""
    if isinstance(body, dict) and "data" in body and "type" in body:
        body = body["data"]
    return body if isinstance(body, dict) and body.keys() & {"content", "embeds"} else None
