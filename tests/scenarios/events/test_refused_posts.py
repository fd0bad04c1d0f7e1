"""A post that can never be put up: whoever made it is told once, and can have it put up."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.events.polls.poll import Poll, PollTime
from steward.bots.events.polls.store import add_poll
from steward.bots.events.rsvp.answers import Respondent
from tests.bots.events.coming_up import coming_up
from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, inbox, listed, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until

HOUR = 3600
UNSHOWN = "SELECT COUNT(*) FROM desired WHERE dirty = 1 AND kind <> 'event_left'"  # that channel stays closed
UTC = ZoneInfo("UTC")
# The clock of a test begins on Monday 5 January 2026, 00:00 UTC.


async def test_a_series_that_loses_its_channel_goes_on_once_its_organiser_has_mended_it(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall, annex = scene.guild.add_text_channel("hall"), scene.guild.add_text_channel("annex")
        for channel in (hall, annex):
            channel.allow(scene.guild.everyone, "create_public_threads")
        ada, ben, cid = guests(scene, 3)
        async with scene.steward() as steward:
            olga = await organiser(scene, steward)
            start = datetime(2026, 1, 5, 4)  # noqa: DTZ001 - a wall time
            await event(scene, steward, hall, start=start, rule="FREQ=DAILY", lead=60, by=olga, thread=True)
            await asyncio.sleep(HOUR)
            hall.deny(scene.guild.everyone, "send_messages")  # between the making and the time of the post
            await asyncio.sleep(2 * HOUR + 5)
            (told,) = inbox(scene, olga)
            assert told == (
                f"I couldn't post **Raid night** in <#{hall.id}>: I can't write there."
                " Give me View Channel, Send Messages, Embed Links, Read Message History in the channel's settings"
                " > Permissions. Then `/event repost` posts it, there or in another channel."
            )
            (made, *_) = await coming_up(steward.store, scene.guild.id)
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            repost = partial(olga.run, "/event repost", event=str(made.id))
            assert "Send Messages" in (await repost()).content
            hall.allow(scene.guild.everyone, "send_messages")
            assert "again" in (await repost()).content
            await ada.click(await posted(hall), "Yes")
            await until(lambda: listed(hall.messages[0], "Yes") == ["guest 1"])

            hall.deny(scene.guild.everyone, "view_channel")  # an edit that is refused waits for ten minutes
            await events_of(steward).answering.answer(made.id, Respondent(ben.id, "guest 2"), "yes")
            await until(lambda: len(events_of(steward).problems) == 1)
            assert "annex" not in (await repost(channel=annex)).content
            post = await posted(annex)
            began = clock.monotonic()
            await cid.click(post, "Yes")
            await until(lambda: listed(post, "Yes") == ["guest 1", "guest 2", "guest 3"])
            assert (clock.monotonic() - began < 3, events_of(steward).problems) == (True, [])
            assert inbox(scene, olga)[1].startswith(f"I can't see <#{hall.id}>.")  # the edit that was refused

            made = await event(scene, steward, annex, title="Quiz", lead=60, by=olga)
            annex.delete()
            await until(lambda: len(inbox(scene, olga)) == 3, within=HOUR + 60)
            assert f"I couldn't post **Quiz** in <#{annex.id}>: the channel is gone. Then" in inbox(scene, olga)[2]
            foyer = scene.guild.add_text_channel("foyer")
            await olga.run("/event repost", event=str(made.id), channel=foyer)
            await ben.click(await posted(foyer), "Yes")
            await until(lambda: listed(foyer.messages[0], "Yes") == ["guest 2"])
            assert len(inbox(scene, olga)) == 3
            assert await steward.store.read(lambda tx: tx.value(UNSHOWN)) == 0


async def test_a_poll_is_told_of_too_and_whose_messages_are_closed_is_in_the_status(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, closed = await organiser(scene, steward), scene.guild.add_text_channel("closed")
        closed.deny(scene.guild.everyone, "view_channel")
        (ben,) = guests(scene, 1)
        ben.close_messages()
        wall = datetime(2026, 1, 6, 20)  # noqa: DTZ001 - a wall time
        times = [PollTime(number, wall, clock.now() + timedelta(days=number)) for number in (1, 2)]
        poll = Poll(1, scene.guild.id, closed.id, olga.id, UTC, "Raid", 60, clock.now() + timedelta(days=1), times)
        await steward.store.write(partial(add_poll, poll=poll))
        await event(scene, steward, closed, by=ben)
        await until(lambda: len(inbox(scene, olga)) == 1)
        assert inbox(scene, olga)[0].startswith(f"The poll for **Raid** couldn't be posted in <#{closed.id}>: I can't")
        assert inbox(scene, olga)[0].endswith("`/poll when` makes another.")
        await asyncio.sleep(5)
        not_sent = [problem for problem in await steward.problems.now() if problem.startswith("Not sent")]
        assert len(not_sent) == 3  # the poll, the post, and what Ben should have been told
        assert await steward.store.read(lambda tx: tx.value(UNSHOWN)) == 0
