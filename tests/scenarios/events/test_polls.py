"""`/poll when` on the whole product: members say when they could, and the best time becomes an event."""

import asyncio

import pytest

from steward.bots.events.polls.store import close_poll
from steward.sim.faults import Fault
from tests.bots.events.coming_up import coming_up
from tests.scenarios.events.crowd import guests, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until

TIMES = "tuesday 20:00; wednesday 18:00; friday 20:00"  # the clock of a test begins on a Monday at midnight
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
FIRST, SECOND, THIRD = "1. Tue 6 Jan 2026, 20:00", "2. Wed 7 Jan 2026, 18:00", "3. Fri 9 Jan 2026, 20:00"
HOUR, DAY = 3600, 86_400


async def polled(olga, hall, **options):
    """Make a poll and return its post."""
    reply = await olga.run("/poll when", hall, **{"title": "Raid", "times": TIMES} | options)
    assert "is posted here" in reply.content, reply.content
    assert reply.ephemeral
    await until(lambda: bool(hall.messages))
    return hall.messages[-1]


def shown(post):
    """Who could, by time."""
    found = {}
    for field in post.embeds[0]["fields"]:
        names = field["value"].split("\n")[1]
        found[field["name"]] = [] if names == "\u2026" else names.split(", ")
    return found


async def test_a_click_is_shown_and_another_takes_it_back(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        ada, ben = guests(scene, 2)
        assert "you can make" in (await ada.click(post, FIRST)).content
        await ada.click(post, THIRD)
        await ben.click(post, THIRD)
        await until(
            lambda: (
                shown(post)
                == {f"{FIRST} (1)": ["guest 1"], f"{SECOND} (0)": [], f"⭐ {THIRD} (2)": ["guest 1", "guest 2"]}
            )
        )
        assert "can't make" in (await ada.click(post, FIRST)).content
        await until(lambda: shown(post).get(f"{FIRST} (0)") == [])


async def test_many_clicks_leave_one_state_and_at_most_one_edit_a_second(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        crowd = guests(scene, 30)
        began = clock.monotonic()
        await asyncio.gather(*(guest.click(post, FIRST) for guest in crowd))
        await asyncio.gather(*(crowd[0].click(post, SECOND) for _ in range(9)))
        await until(lambda: f"⭐ {FIRST} (30)" in shown(post) and f"{SECOND} (1)" in shown(post))
        await asyncio.sleep(5)
        edits = [edit for edit in scene.sim.recorder.requests(method="PATCH") if str(post.id) in edit.path]
        assert len(edits) <= clock.monotonic() - began + 1


async def test_it_closes_in_time_and_one_click_of_the_organiser_makes_the_event_with_those_who_could(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall, closes="today 12:00", length="2h")
        ada, ben, cid = guests(scene, 3)
        for guest, times in ((ada, [FIRST, SECOND]), (ben, [SECOND]), (cid, [THIRD])):
            for time in times:
                await guest.click(post, time)
        await olga.click(post, SECOND)
        await asyncio.sleep(12 * HOUR)
        await until(lambda: bool(said(hall, "is closed")))
        (told,) = said(hall, "is closed")
        assert [user.id for user in told.mentions] == [olga.id]
        assert "works for 3 members" in told.content
        assert told.reference["message_id"] == str(post.id)
        make = "Make the event: Wed 7 Jan 2026, 18:00"
        assert "somebody else's" in (await ada.click(post, make)).content
        await asyncio.gather(olga.click(post, make), olga.click(post, make))
        event = await posted(hall)
        assert event.embeds[0]["title"] == "Raid"
        assert listed(event, "Yes") == ["guest 1", "guest 2", "olga"]
        (notice,) = said(hall, "so you're in")
        assert {user.id for user in notice.mentions} == {ada.id, ben.id, olga.id}
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert made.starts_at.isoformat() == "2026-01-07T18:00:00+00:00"
        assert made.details.minutes == 120
        await until(lambda: post.components == [])
        assert post.embeds[0]["description"] == "The event is created."


async def test_the_organiser_makes_the_event_at_another_time_than_the_best(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        ada, ben = guests(scene, 2)
        for guest in (ada, ben):
            await guest.click(post, SECOND)
        await ada.click(post, THIRD)
        await olga.click(post, "Close the poll")
        await until(lambda: "Closed" in post.embeds[0]["description"])
        (menu,) = post.components[1]["components"]
        assert [one["label"] for one in menu["options"]] == [f"{FIRST[3:]}, works for 0", f"{THIRD[3:]}, works for 1"]
        assert "somebody else's" in (await ada.select(post, "3")).content
        assert "I created" in (await olga.select(post, "3")).content
        assert listed(await posted(hall), "Yes") == ["guest 1"]
        (made,) = await coming_up(steward.store, scene.guild.id)
        assert made.starts_at.isoformat() == "2026-01-09T20:00:00+00:00"


async def test_each_time_with_two_readings_is_asked_about_and_only_then_the_poll_is_posted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        olga.user.locale = "en-US"
        asked = await olga.run(
            "/poll when", hall, title="Raid", times="2026-05-01 20:00; 3/4 20:00; friday 8", closes="1/2"
        )
        assert "“3/4 20:00” can be read in more than one way. Which one do you mean?" in asked.content
        assert asked.buttons == ["Wed 4 Mar 2026, 20:00", "Fri 3 Apr 2026, 20:00"]
        assert asked.ephemeral
        asked = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert "“friday 8” can be read in more than one way" in asked.content
        asked = await olga.click(asked, "Fri 9 Jan 2026, 20:00")
        assert "“1/2” can be read in more than one way" in asked.content
        await asyncio.sleep(30)
        assert hall.messages == []
        done = await olga.click(asked, "Sun 1 Feb 2026, 20:00")
        assert "is posted here, open until <t:1769976000:F>" in done.content
        assert "“1/2”: You didn't give a time, so I assumed 20:00." in done.content
        assert done.buttons == []
        await until(lambda: bool(hall.messages))
        assert list(shown(hall.messages[-1])) == [
            "1. Fri 9 Jan 2026, 20:00 (0)",
            "2. Fri 3 Apr 2026, 20:00 (0)",
            "3. Fri 1 May 2026, 20:00 (0)",
        ]


async def test_the_question_about_a_time_outlives_a_restart_and_is_answered_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            olga = await organiser(scene, steward)
            asked = await olga.run("/poll when", hall, title="Raid", times="3/4 20:00; 2026-05-01 20:00")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            first, second = await asyncio.gather(*(olga.click(asked, label) for label in asked.buttons))
            assert "is posted here" in first.content + second.content
            await until(lambda: bool(hall.messages))
            await asyncio.sleep(30)
            assert len(hall.messages) == 1


async def test_whoever_was_not_told_that_the_poll_is_posted_and_presses_again_is_told_that_it_is(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        asked = await olga.run("/poll when", hall, title="Raid", times="3/4 20:00; 2026-05-01 20:00")
        scene.sim.faults.rest(action=Fault.status(404), method="POST", route=CALLBACK)
        await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        await until(lambda: bool(hall.messages))
        assert (await olga.click(asked, "Fri 3 Apr 2026, 20:00")).content == "It's posted already."
        await asyncio.sleep(30)
        assert len(hall.messages) == 1


async def test_an_answer_that_comes_too_late_posts_nothing_and_says_so(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        asked = await olga.run("/poll when", hall, title="Raid", times="in 10 minutes; 3/4 20:00")
        await asyncio.sleep(HOUR)
        late = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert late.content == "“in 10 minutes” has passed. Choose a later time."
        other = await olga.run("/poll when", hall, title="Quiz", times="tomorrow 20:00; 3/4 20:00")
        gone = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert gone.content == "I don't have that poll any more. Start it again with `/poll when`."
        assert "**Quiz**" in (await olga.click(other, "Fri 3 Apr 2026, 20:00")).content


async def test_a_poll_that_would_be_closed_already_is_not_posted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        asked = await olga.run(
            "/poll when", hall, title="Raid", times="tomorrow 20:00; 3/4 20:00", closes="today 01:00"
        )
        await asyncio.sleep(2 * HOUR)
        late = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert (
            late.content
            == "The poll would be closed already: “today 01:00” has passed. Start it again with a later `closes`."
        )
        await asyncio.sleep(60)
        assert hall.messages == []


async def test_a_poll_is_not_posted_where_its_organiser_may_not_write_any_more(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        asked = await olga.run("/poll when", hall, title="Raid", times="tomorrow 20:00; 3/4 20:00")
        hall.deny(scene.guild.everyone, "send_messages")
        assert "You can't write in" in (await olga.click(asked, "Fri 3 Apr 2026, 20:00")).content
        await asyncio.sleep(60)
        assert hall.messages == []


async def test_a_poll_that_waits_for_an_answer_is_shown_and_forgotten_with_its_organiser(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        asked = await olga.run("/poll when", hall, title="Raid", times="3/4 20:00; 2026-05-01 20:00")
        assert "a poll that you began and haven't posted" in (await olga.run("/privacy show")).content
        await olga.click(await olga.run("/privacy forget-me"), "Delete")
        gone = await olga.click(asked, "Fri 3 Apr 2026, 20:00")
        assert gone.content == "I don't have that poll any more. Start it again with `/poll when`."


@pytest.mark.parametrize(
    ("options", "minutes", "words"),
    [
        ({"times": "tuesday 20:00-22:00; friday 20:00"}, 120, "The event takes 2 hours."),
        ({"times": "tuesday 20:00-22:00; friday 20:00-22:00"}, 120, "The event takes 2 hours."),
        ({"times": "tuesday 20:00-22:00; friday 20:00", "length": "3h"}, 180, "3 hours, as you wrote in `length`."),
    ],
)
async def test_the_length_that_stands_with_a_time_is_the_events(clock, tmp_path, options, minutes, words):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        reply = await olga.run("/poll when", hall, title="Raid", **options)
        assert words in reply.content
        lengths = await steward.store.read(lambda tx: [row[0] for row in tx.all("SELECT minutes FROM event_polls")])
        assert lengths == [minutes]


async def test_a_restart_changes_nothing_and_a_poll_that_was_to_close_meanwhile_closes(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        async with scene.steward() as steward:
            olga, ada = await organiser(scene, steward), scene.guild.join("ada")
            post = await polled(olga, hall, closes="tomorrow 12:00")
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await ada.click(post, THIRD)
        await asyncio.sleep(2 * DAY)
        async with scene.steward():
            await until(lambda: bool(said(hall, "is closed")))
            assert f"⭐ {THIRD} (1)" in shown(post)
            await asyncio.sleep(HOUR)
        assert len(said(hall, "is closed")) == 1


async def test_the_organiser_closes_it_and_a_late_click_is_told_so(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        ada = scene.guild.join("ada")
        assert "somebody else's" in (await ada.click(post, "Close the poll")).content
        (poll_id,) = [row[0] for row in await steward.store.read(lambda tx: tx.all("SELECT id FROM event_polls"))]
        await steward.store.write(lambda tx: close_poll(tx, poll_id))
        late = await ada.click(post, FIRST)  # before the post can show that it is closed
        assert late.content == "That poll is closed. Ask the organiser."
        await until(lambda: post.embeds[0]["description"] == "Closed. No time works for anyone.")
        assert post.components == []
        assert len(said(hall, "nobody can make")) == 1


async def test_the_organiser_closes_a_poll_by_a_click(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        post = await polled(olga, hall)
        assert (await olga.click(post, "Close the poll")).content == "The poll is closed."
        await until(lambda: len(said(hall, "is closed")) == 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"times": "tuesday 20:00"}, "You gave 1 time; a poll has 2 to 10"),
        ({"times": ";".join(f"in {hours} hours" for hours in range(1, 12))}, "You gave 11 times"),
        ({"times": "tuesday 20:00; tue 8pm"}, "all the same time"),
        ({"times": "tuesday 20:00; purple"}, "purple"),
        ({"times": "tuesday 20:00; yesterday 20:00"}, "has passed"),
        ({"times": "tuesday 20:00-22:00; friday 20:00-21:00"}, "Your times have different lengths"),
        ({"times": "every friday 20:00; sat 20:00"}, "“every friday 20:00” repeats, and I need a single time here."),
        ({"times": "tuesday 20:00; jeden freitag 20 uhr"}, "`/event edit` makes it repeat"),
        ({"closes": "every monday"}, "repeats, and I need a single time here. Write when it closes"),
        ({"closes": "today 8pm-10pm"}, "has a start and an end, and a poll closes at one time"),
        ({"closes": "in 3 weeks"}, "after its last time"),
        ({"length": "9 days"}, "one minute to a week"),
        ({"length": "long"}, "as a length of time"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_posted(clock, tmp_path, options, words):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        reply = await olga.run("/poll when", hall, **{"title": "Raid", "times": TIMES} | options)
        assert words in reply.content
        await asyncio.sleep(30)
        assert hall.messages == []
