"""The demo's check of its events is right, and finds faults."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from steward.cli.demo.edit_pace import DemoEditPace
from steward.cli.demo.event_check import event_figures
from steward.cli.demo.people import People
from steward.cli.demo.programme import LEAVERS, QUIZ_SEATS, RAID_SEATS, Programme
from steward.cli.demo.scenes import ScenePlayer
from tests.stage import stage


async def test_members_answers_are_stored_and_every_fault_is_detected(clock, tmp_path):
    async with stage(clock, tmp_path, members=100, online=20) as scene:
        people, began = People(scene.guild), clock.now()
        programme, pace = Programme(people, began), DemoEditPace(people.hall.id)
        player = ScenePlayer(clock, "#events", [])
        scene.sim.recorder.subscribe(pace.note)
        await asyncio.sleep(8 * 3600)

        async def figures():
            return await event_figures(steward.store, scene.guild.id, people, player.failed, pace, clock.now())

        async with scene.steward() as steward:
            await player.play(programme.scenes(), began, began + timedelta(hours=15, minutes=1))
            found, raid, film = await figures(), people.seen("Raid night"), people.seen("Film night")
            assert found.wrong == []
            assert (found.made, found.posts.due, found.moved_up.due) == (3, 3, LEAVERS)
            assert found.seats.due == RAID_SEATS + QUIZ_SEATS + len(film.answers)
            assert found.answers.due > len(raid.answers) == len(people.crowd) > RAID_SEATS
            assert found.edits > 3
            assert "3 give up their seats: 3 move up from the waitlist and are notified" in player.lines[-1].text

            for sql, wrong in (
                ("UPDATE event_answers SET note = 'cake' WHERE note = ''", "answers were not recorded correctly"),
                ("UPDATE event_answers SET seated = 1", "2 events have too many or too few seats taken"),
            ):
                assert wrong not in found.wrong
                await steward.store.write(lambda tx, sql=sql: tx.execute(sql))
                assert wrong in (await figures()).wrong
            told = next(message for message in people.hall.messages if "A spot opened up" in message.content)
            for content in (told.content, "Raid night begins now"):
                people.hall.post(replace(told, id=scene.sim.world.snowflakes.next(), content=content))
            assert {
                "a post is missing, duplicated or wrong",
                "a seat has the wrong member",
                "a member who moved up was not notified once",
                "a member was not reminded once",
            } < {*(await figures()).wrong}

        await player.play(
            programme.scenes(), clock.now(), began + timedelta(hours=32, minutes=30)
        )  # without any more answers
        assert player.failed[-1] == "Tue 08:10: There is no modal to submit: the bot opened none"
        assert people.unanswered > 0
