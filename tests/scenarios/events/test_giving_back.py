"""Gates on taking a seat (roles, the end of sign-up, limits) are none on giving it back."""

import asyncio
from dataclasses import replace

import pytest

from steward.bots.events.model.details import MAYBE, NO, YES, Option
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.scenarios.events.test_native import BOT, one_native
from tests.scenarios.events.test_polls import FIRST, SECOND, polled
from tests.stage import stage, until

HOUR = 3600


async def test_who_lost_the_role_can_still_decline_and_the_next_moves_up(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await until(lambda: steward.health.ready)
        await event(scene, steward, hall, seats=1, roles=frozenset({role.id}))
        post, (ada, ben, cid) = await posted(hall), guests(scene, 3)
        for guest in (ada, ben):
            guest.give(role.id)
            await guest.click(post, "Yes")
        ada.take(role.id)
        await ada.click(post, "No")
        await until(lambda: listed(post, "Yes") == ["guest 2"])
        assert [message.mentions for message in said(hall, "you're in!")] == [[ben.user]]
        assert "Only members with" in (await ada.click(post, "Yes")).content
        assert "Only members with" in (await cid.click(post, "No")).content, "there is nothing to give back"


async def test_who_was_put_in_without_the_role_can_decline(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall, role = (
            await organiser(scene, steward),
            scene.guild.add_text_channel("hall"),
            scene.guild.add_role("Raiders"),
        )
        made = await event(scene, steward, hall, roles=frozenset({role.id}))
        post, ada = await posted(hall), scene.guild.join("ada")
        await olga.run("/event add", event=str(made.id), member=ada)
        await ada.click(post, "No")
        await until(lambda: listed(post, "Yes") == [])


async def test_after_sign_up_has_closed_members_can_withdraw_until_the_event_is_over(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await until(lambda: steward.health.ready)
        await event(scene, steward, hall, seats=2, cutoff=60)
        post, (ada, ben, cid, dan) = await posted(hall), guests(scene, 4)
        for guest in (ada, ben, cid):
            await guest.click(post, "Yes")
        await asyncio.sleep(HOUR + 60)
        with pytest.raises(LookupError, match="'Yes' is disabled"):
            await dan.click(post, "Yes")
        assert "Sign-ups are closed" in (await dan.click(post, "Maybe")).content
        await ada.click(post, "No")
        await until(lambda: listed(post, "Yes") == ["guest 2", "guest 3"])
        await ben.submit(await ben.click(post, "Add a note"), note="running late")
        await until(lambda: listed(post, "Yes") == ["guest 2 (running late)", "guest 3"])
        await asyncio.sleep(HOUR + 60)  # it has begun
        await ben.click(post, "Maybe")
        await until(lambda: listed(post, "Yes") == ["guest 3"])
        assert "Sign-ups are closed" in (await ada.click(post, "Maybe")).content, "that one had no seat to give back"


async def test_a_declining_answer_is_never_full(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await until(lambda: steward.health.ready)
        await event(scene, steward, hall, options=(YES, MAYBE, replace(NO, seats=1)))
        post, people = await posted(hall), guests(scene, 2)
        for guest in people:
            await guest.click(post, "Yes")
            assert "waitlist" not in (await guest.click(post, "No")).content
        await until(lambda: listed(post, "No") == ["guest 1", "guest 2"])


async def test_an_event_without_a_declining_answer_has_a_button_to_withdraw(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall = scene.guild.add_text_channel("hall")
        await until(lambda: steward.health.ready)
        made = await event(scene, steward, hall, seats=1, options=(Option("in", "In", comes=True),))
        post, (ada, ben, cid) = await posted(hall), guests(scene, 3)
        for guest in (ada, ben):
            await guest.click(post, "In")
        await asyncio.sleep(2 * HOUR + 60)  # it has begun, so nobody can sign up
        assert "removed your answer" in (await ada.click(post, "Take me out")).content
        await until(lambda: listed(post, "In") == ["guest 2"])
        assert "haven't signed up" in (await cid.click(post, "Take me out")).content
        await events_of(steward).organising.cancel(made.id)
        await until(lambda: post.components == [])


async def test_an_organiser_can_take_members_out_whatever_the_gates_say(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall, role = (
            await organiser(scene, steward),
            scene.guild.add_text_channel("hall"),
            scene.guild.add_role("Raiders"),
        )
        made = await event(scene, steward, hall, seats=1, cutoff=60, roles=frozenset({role.id}))
        post, (ada, ben) = await posted(hall), guests(scene, 2)
        for guest in (ada, ben):
            await olga.run("/event add", event=str(made.id), member=guest)
        await asyncio.sleep(HOUR + 60)
        assert "I took" in (await olga.run("/event remove", event=str(made.id), member=ada)).content
        await until(lambda: listed(post, "Yes") == ["guest 2"])


async def test_interest_in_discords_event_can_be_lost_without_the_role_and_after_sign_up(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions(*BOT)
        hall, role = scene.guild.add_text_channel("hall"), scene.guild.add_role("Raiders")
        await until(lambda: steward.health.ready)
        await event(scene, steward, hall, native=True, cutoff=60, roles=frozenset({role.id}))
        post, native, ada = await posted(hall), await one_native(scene), scene.guild.join("ada")
        ada.give(role.id)
        ada.show_interest(native)
        await until(lambda: listed(post, "Yes") == ["ada"])
        ada.take(role.id)
        await asyncio.sleep(HOUR + 60)
        ada.lose_interest(native)
        await until(lambda: listed(post, "Yes") == [])


async def test_a_vote_can_be_taken_back_after_the_poll_has_closed(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post, ada = await polled(olga, hall), scene.guild.join("ada")
        await ada.click(post, FIRST)
        await asyncio.sleep(5)
        await steward.store.write(lambda tx: tx.execute("UPDATE event_polls SET state = 'closed'"))  # not shown yet
        assert "That poll is closed" in (await ada.click(post, SECOND)).content
        assert "can't make" in (await ada.click(post, FIRST)).content
