"""`/event create` on the whole product: written, previewed, corrected, posted."""

import asyncio

import pytest

from tests.bots.events.coming_up import coming_up
from tests.scenarios.events.crowd import listed, posted, posts
from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import stage, until

REPEATS, WHERE, REMINDERS, EXTRAS = (
    f"events:draft_{what}.1:" for what in ("repeats", "channel", "reminders", "extras")
)


def menu(preview, which):
    """The custom id of one of the panel's selects."""
    return next(
        part["custom_id"]
        for line in preview.message.components
        for part in line["components"]
        if part["custom_id"].startswith(which)
    )


async def choose(olga, preview, which, *values):
    return await olga.select(preview, *values, menu=menu(preview, which))


async def test_what_was_understood_is_previewed_and_post_makes_the_event(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall, length="2h", seats="10", description="Bring food")
        assert preview.ephemeral
        assert "**When:** Tuesday 6 January 2026, 20:00 (UTC), in 44 hours" in preview.content
        assert preview.embeds[0]["title"] == "Raid night"
        assert posts(hall) == []
        done = await olga.click(preview, "Post")
        assert "is set for" in done.content
        post = await posted(hall)
        assert post.embeds[0]["description"] == "Bring food"
        ada = scene.guild.join("ada")
        await ada.click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["ada"])


async def test_post_pressed_twice_makes_one_event(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall)
        await asyncio.gather(olga.click(preview, "Post"), olga.click(preview, "Post"))
        await asyncio.sleep(30)
        assert len(posts(hall)) == 1
        assert len(await coming_up(steward.store, scene.guild.id)) == 1


async def test_a_draft_outlives_a_restart(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
            preview = await drafted(olga, hall)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            preview = await choose(olga, preview, REPEATS, "weekly")
            assert "every week on Tuesday" in preview.content
            await olga.click(preview, "Post")
            await posted(hall)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"when": "yesterday 8pm"}, "has passed"),
        ({"when": "purple"}, "purple"),
        ({"length": "long"}, "as a length of time"),
        ({"length": "9 days"}, "one minute to a week"),
        ({"seats": "many"}, "a number of seats"),
        ({"seats": "0"}, "Seats are from 1"),
        ({"title": "   "}, "needs a title"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_written_is_corrected_in_the_same_form(clock, tmp_path, form, words):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        refused = await drafted(olga, hall, **form)
        assert words in refused.content
        assert refused.buttons == ["Change the text", "Discard"]
        again = await olga.click(refused, "Change the text")
        preview = await olga.submit(again, title="Raid night", when="tomorrow 20:00", length="1h", seats="")
        assert "Tuesday 6 January 2026, 20:00" in preview.content
        await olga.click(preview, "Post")
        await posted(hall)


async def test_all_that_cannot_be_of_a_form_is_said_at_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        refused = await drafted(olga, hall, title="  ", when="purple", length="9 days", seats="0")
        words = ("needs a title", "one minute to a week", "Seats are from 1", "purple")
        assert [word in line for word, line in zip(words, refused.content.splitlines(), strict=True)] == [True] * 4
        refused = await drafted(olga, hall, when="yesterday 8pm", length="long", seats="many")
        assert [line[0] for line in refused.content.splitlines()] == ["⚠"] * 3
        preview = await drafted(olga, hall)
        refused = await olga.submit(
            await olga.click(preview, "More"), options="Tank | two", cutoff="soon", lead="2 years", fields="snacks"
        )
        assert [line[0] for line in refused.content.splitlines()][:4] == ["⚠"] * 4


async def test_a_doubtful_time_is_asked_about_before_anything_is_posted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        for locale, first in (("en-GB", "Fri 3 Apr 2026, 20:00"), ("en-US", "Wed 4 Mar 2026, 20:00")):
            olga.user.locale = locale
            preview = await drafted(olga, hall, when="3/4 20:00")
            assert "more than one way" in preview.content
            assert preview.buttons[0] == first
            assert "Post" not in preview.buttons
        assert "Friday 3 April 2026, 20:00 (UTC): <t:1775246400:F>, <t:1775246400:R>" in preview.content
        chosen = await olga.click(preview, "Wed 4 Mar 2026, 20:00")
        assert "Wednesday 4 March 2026, 20:00" in chosen.content
        await olga.click(chosen, "Post")
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert f"{made.starts_at:%Y-%m-%d %H:%M}" == "2026-03-04 20:00"


async def test_the_time_is_that_of_the_zone_that_was_named(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall, timezone="Asia/Tokyo")
        assert "20:00 (Asia/Tokyo)" in preview.content
        await olga.click(preview, "Post")
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert made.starts_at.hour == 11
        preview = await drafted(olga, hall, timezone="germany")
        assert "20:00 (Europe/Berlin)" in preview.content
        unknown = await olga.run("/event create", hall, timezone="localtime")
        assert "I don't know a place called “localtime”" in unknown.content


async def test_a_channel_is_tested_before_it_is_taken(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        closed, quiet = scene.guild.add_text_channel("closed"), scene.guild.add_text_channel("quiet")
        bot_role = next(role for role in scene.guild.roles.values() if role.bot_id is not None)
        closed.deny(bot_role, "send_messages")
        quiet.deny(scene.guild.everyone, "send_messages")
        preview = await drafted(olga, hall)
        preview = await choose(olga, preview, WHERE, closed)
        assert "I'm missing" in preview.content
        preview = await choose(olga, preview, WHERE, quiet)
        assert "You can't write" in preview.content
        assert f"**Posted:** in <#{hall.id}>" in preview.content


async def test_reminders_extras_people_and_answers_are_chosen_in_the_preview(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        raiders, voice = scene.guild.add_role("Raiders"), scene.guild.add_voice_channel("Raid")
        preview = await drafted(olga, hall)
        preview = await choose(olga, preview, REMINDERS, "60", "1440")
        preview = await choose(olga, preview, EXTRAS, "thread", "dm")
        preview = await olga.submit(
            await olga.click(preview, "Who and where"), roles=[raiders], voice_channel_id=[voice]
        )
        preview = await olga.submit(
            await olga.click(preview, "More"),
            answers="+ 🛡️ Tank | 2\n+ ⚔️ Damage\n- ❌ No",
            cutoff="2h",
            fields="Raid: MC",
        )
        assert f"<@&{raiders.id}>" in str(preview.embeds[0]["fields"])
        await olga.click(preview, "Post")
        (made,) = await coming_up(steward.store, scene.guild.id)
        details = made.details
        assert [(reminder.minutes, reminder.reach.value) for reminder in details.reminders] == [
            (1440, "dm"),
            (60, "dm"),
        ]
        assert (details.thread, details.native, details.cutoff) == (True, False, 120)
        assert (details.roles, details.voice_channel_id) == ({raiders.id}, voice.id)
        assert [(option.label, option.seats, option.comes) for option in details.options] == [
            ("Tank", 2, True),
            ("Damage", None, True),
            ("No", None, False),
        ]
        assert details.fields == (("Raid", "MC"),)
        assert "Tank" in str((await posted(hall)).components)


async def test_answers_that_cannot_be_are_said_and_nothing_is_changed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall)
        preview = await olga.submit(await olga.click(preview, "More"), answers="Tank | two")
        assert "no number of seats" in preview.content
        preview = await olga.submit(await olga.click(preview, "More"), answers="Tank")
        assert "Start one of them with +" in preview.content
        again = await olga.click(preview, "More")
        assert again.modal.data["components"][0]["component"]["value"] == "Tank"  # it is corrected, not typed anew
        preview = await olga.submit(again, answers="+ Tank", image_url="cake")
        assert "https://" in preview.content
        assert "Yes" in str(preview.embeds[0]["fields"])


async def test_a_role_is_given_only_by_whoever_could_give_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        high = scene.guild.add_role("Chiefs")  # each further one is below those before
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        low = scene.guild.add_role("Tonight")
        preview = await drafted(olga, hall)
        preview = await olga.submit(await olga.click(preview, "Who and where"), role_id=[low])
        assert "you need Manage Roles" in preview.content
        olga.give(scene.guild.add_role("Keepers", "manage_roles").id)
        preview = await olga.submit(await olga.click(preview, "Who and where"), role_id=[high])
        assert "is not below your highest role" in preview.content
        preview = await olga.submit(await olga.click(preview, "Who and where"), role_id=[low])
        await olga.click(preview, "Post")
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert made.details.role_id == low.id


async def test_an_own_rule_is_taken_and_an_impossible_one_refused(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        refused = await olga.run("/event create", hall, rule="every full moon")
        assert "FREQ=WEEKLY" in refused.content
        preview = await drafted(olga, hall, rule="FREQ=WEEKLY;BYDAY=WE,FR", when="tomorrow 20:00")
        assert "**When:** Wednesday 7 January 2026" in preview.content
        assert "every week on Wednesday and Friday" in preview.content
        await olga.click(preview, "Post")
        made, *_ = await coming_up(steward.store, scene.guild.id)
        assert f"{made.starts_at:%a %H:%M}" == "Wed 20:00"
        never = await drafted(olga, hall, rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
        assert "never takes place" in never.content


async def test_reminders_go_out_in_one_way(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await choose(olga, await drafted(olga, hall), EXTRAS, "dm", "role")
        assert "in one way" in preview.content
        await olga.click(await choose(olga, preview, EXTRAS, "role"), "Post")
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert {reminder.reach.value for reminder in made.details.reminders} == {"role"}


async def test_a_channel_that_was_deleted_meanwhile_is_said_and_another_is_chosen(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        lobby, foyer = scene.guild.add_text_channel("lobby"), scene.guild.add_text_channel("foyer")
        preview = await choose(olga, await drafted(olga, hall), WHERE, lobby)
        lobby.delete()
        preview = await olga.click(preview, "Post")
        assert "can't see" in preview.content
        assert await coming_up(steward.store, scene.guild.id) == []
        await olga.click(await choose(olga, preview, WHERE, foyer), "Post")
        await posted(foyer)


async def test_a_time_that_passes_while_the_preview_is_open_is_not_posted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall, when="in 5 minutes")
        await asyncio.sleep(600)
        preview = await olga.click(preview, "Post")
        assert "That time has passed" in preview.content
        assert posts(hall) == []


async def test_a_new_draft_takes_the_place_of_the_one_before(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        before = await drafted(olga, hall, title="Raid")
        now = await drafted(olga, hall, title="Quiz")
        assert "n't there any more" in (await olga.click(before, "Post")).content
        await olga.click(now, "Post")
        assert (await posted(hall)).embeds[0]["title"] == "Quiz"


async def test_a_discarded_draft_is_gone(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await drafted(olga, hall)
        await olga.click(preview, "Discard")
        assert posts(hall) == []
        assert await coming_up(steward.store, scene.guild.id) == []


async def test_title_and_time_as_options_lead_straight_to_the_preview(clock, tmp_path):
    """From nothing to the first event: one command and one click; two where the time is doubtful."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        preview = await olga.run("/event create", hall, title="Raid night", when="tomorrow 20:00", length="90 min")
        assert "Tuesday 6 January 2026, 20:00" in preview.content
        assert "**How long:** 1 hour 30 minutes" in preview.content
        await olga.click(preview, "Post")
        assert (await posted(hall)).embeds[0]["title"] == "Raid night"
        asked = await olga.run("/event create", hall, title="Quiz", when="3/4 20:00")
        await olga.click(await olga.click(asked, "Fri 3 Apr 2026, 20:00"), "Post")
        assert (await posted(hall, 2)).embeds[0]["title"] == "Quiz"


async def test_one_of_both_stands_in_the_form_and_the_channel_may_be_another(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        lobby, quiet = scene.guild.add_text_channel("lobby"), scene.guild.add_text_channel("quiet")
        opened = await olga.run("/event create", hall, when="tomorrow 21:00", channel=lobby)
        preview = await olga.submit(opened, title="Quiz")
        assert "6 January 2026, 21:00" in preview.content
        await olga.click(preview, "Post")
        await posted(lobby)
        quiet.deny(scene.guild.everyone, "send_messages")
        assert "You can't write" in (await olga.run("/event create", hall, title="Quiz", channel=quiet)).content


async def test_what_cannot_be_of_the_options_is_corrected_in_the_form(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        refused = await olga.run("/event create", hall, title="Quiz", when="purple")
        assert "purple" in refused.content
        opened = await olga.click(refused, "Change the text")
        preview = await olga.submit(opened, when="friday 8pm")
        assert preview.embeds[0]["title"] == "Quiz"


async def test_a_picture_that_discord_would_let_expire_is_kept_and_one_that_ends_is_warned_of(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        signature = "?ex=65d903de&is=65c68ede&hm=2481f30dd67f503f54d020ae3b5533b9"
        preview = await drafted(olga, hall)
        short = f"https://cdn.discordapp.com/ephemeral-attachments/1/2/raid.png{signature}"
        preview = await olga.submit(await olga.click(preview, "More"), image_url=short)
        assert "attached to a command, so Discord deletes it soon. Post it in a channel" in preview.content
        pasted = f"https://media.discordapp.net/attachments/1/2/raid.png{signature}&=&width=400"
        preview = await olga.submit(await olga.click(preview, "More"), image_url=pasted)
        assert "picture" not in preview.content
        lasting = "https://cdn.discordapp.com/attachments/1/2/raid.png"
        assert preview.embeds[0]["image"]["url"] == lasting
        await olga.click(preview, "Post")
        post = await posted(hall)
        await olga.click(post, "Yes")
        await until(lambda: listed(post, "Yes") == ["olga"])
        assert post.embeds[0]["image"]["url"] == lasting  # also once it was edited
        await olga.run("/event template save", name="Raids", event="Raid night")
        again = await drafted(olga, hall, template="Raids")
        assert again.embeds[0]["image"]["url"] == lasting
