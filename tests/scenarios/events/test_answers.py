"""Answering the post of an event, on the whole product."""

import asyncio
import random

import pytest

from steward.sim import Fault
from tests.bots.events.whole import whole
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, heading, listed, posted, said
from tests.stage import stage, until

EDITS = {"method": "PATCH", "route": "/channels/{channel_id}/messages/{message_id}"}


async def test_a_click_is_answered_and_the_post_shows_the_name(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, seats=10)
        ada, post = scene.guild.join("ada"), await posted(hall)
        reply = await ada.click(post, "Yes")
        assert reply.ephemeral
        assert "You're in" in reply.content
        await until(lambda: listed(post, "Yes") == ["ada"])
        assert heading(post, "Yes") == "✅ Yes (1)"


async def test_f29_ten_clicks_in_a_second_leave_one_answer_the_last_and_few_edits(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        before = scene.sim.recorder.count(**EDITS)
        for number in range(10):
            await ada.click(post, ("Yes", "No")[number % 2])
            await asyncio.sleep(0.1)
        await asyncio.sleep(5)
        seen = await whole(steward.store, made.id)
        assert [(answer.name, answer.option) for answer in seen.answers] == [("ada", "no")]
        assert listed(post, "No") == ["ada"]
        assert scene.sim.recorder.count(**EDITS) - before <= 3


async def test_f30_two_hundred_race_for_ten_seats_and_promotions_are_exact(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, seats=10)
        post, crowd = await posted(hall), guests(scene, 200)
        random.Random(6).shuffle(crowd)
        replies = await asyncio.gather(*(guest.click(post, "Yes") for guest in crowd))
        told = [await reply.words() for reply in replies]
        assert sum("You're in" in words for words in told) == 10
        seen = await whole(steward.store, made.id)
        assert [answer.seated for answer in seen.answers] == [True] * 10 + [False] * 190
        line = [answer.user_id for answer in seen.answers[10:]]
        places = {guest.id: words for guest, words in zip(crowd, told, strict=True)}
        assert all(f"You're on the waitlist, #{number}:" in places[user_id] for number, user_id in enumerate(line, 1))
        for answer in seen.answers[:4]:
            leaver = next(guest for guest in crowd if guest.id == answer.user_id)
            await leaver.click(post, "No")
        await until(lambda: len(said(hall, "you're in!")) == 4)
        now = await whole(steward.store, made.id)
        coming = [answer.user_id for answer in now.answers if answer.seated and answer.option == "yes"]
        assert sorted(coming) == sorted([answer.user_id for answer in seen.answers[4:10]] + line[:4])
        pinged = [user.id for message in said(hall, "you're in!") for user in message.mentions]
        assert sorted(pinged) == sorted(line[:4])


async def test_f27_a_button_works_after_three_restarts(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await event(scene, steward, hall)
            post = await posted(hall)
        for _ in range(3):
            async with scene.steward() as steward:
                await until(lambda: steward.health.ready)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            assert "You're in" in (await scene.guild.join("ada").click(post, "Yes")).content
            await until(lambda: listed(post, "Yes") == ["ada"])


async def test_an_answer_given_just_before_a_crash_is_shown_by_the_next_process(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            await event(scene, steward, hall)
            post = await posted(hall)
            scene.sim.faults.rest(**EDITS, action=Fault.status(503), times=float("inf"))
            await scene.guild.join("ada").click(post, "Yes")
        assert listed(post, "Yes") == []
        scene.sim.faults.clear()
        async with scene.steward():
            await until(lambda: listed(post, "Yes") == ["ada"])


async def test_f28_a_cancelled_event_says_so_and_its_post_is_mended(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await ada.click(post, "Yes")
        await events_of(steward).organising.cancel(made.id)
        await until(lambda: post.embeds[0]["title"] == "Cancelled: Raid night")
        assert post.components == []
        await until(lambda: len(said(hall, "is cancelled")) == 1)
        assert said(hall, "is cancelled")[0].mentions == [ada.user]


async def test_sign_up_closes_with_the_start_and_the_post_says_when_it_is_over(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        await asyncio.sleep(2 * 3600 + 60)
        with pytest.raises(LookupError, match="'Yes' is disabled"):
            await ada.click(post, "Yes")
        await asyncio.sleep(3600)
        assert post.embeds[0]["title"] == "Raid night (ended)"


async def test_a_note_stands_beside_the_name(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        ada, post = scene.guild.join("ada"), await posted(hall)
        assert "Sign up first" in (await ada.click(post, "Add a note")).content
        await ada.click(post, "Yes")
        await ada.submit(await ada.click(post, "Add a note"), note="brings @everyone cake")
        await until(lambda: listed(post, "Yes") == ["ada (brings @\u200beveryone cake)"])


async def test_a_long_list_is_cut_in_the_post_and_paged_on_asking(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        post, crowd = await posted(hall), guests(scene, 120)
        await asyncio.gather(*(guest.click(post, "Yes") for guest in crowd))
        await until(lambda: heading(post, "Yes") == "✅ Yes (120)")
        assert listed(post, "Yes")[-1].startswith("and ")
        page = await crowd[0].click(post, "Who's coming")
        assert page.ephemeral
        assert "page 1 of 4" in page.embeds[0]["footer"]["text"]
        page = await crowd[0].click(page, "Later")
        assert "page 2 of 4" in page.embeds[0]["footer"]["text"]


async def test_an_event_for_a_role_is_for_those_who_have_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await event(scene, steward, hall, roles=frozenset({role.id}))
        post, ada = await posted(hall), scene.guild.join("ada")
        assert f"<@&{role.id}>" in (await ada.click(post, "Yes")).content
        ada.give(role.id)
        assert "You're in" in (await ada.click(post, "Yes")).content
