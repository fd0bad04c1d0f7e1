"""Every way that an answer can go: at once, deferred, in place, to one or to all, with files, through lost requests."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from steward.client.components import Action, Reply, button, modal, row, text_input
from steward.client.interactions import Use, answered
from steward.client.interactions.answering.token import Expired, InteractionToken
from steward.runtime.clock import Clock
from steward.sim import Fault
from steward.store.outbox import outbox
from tests.client.interactions.reception import reception

DO = Action("test", "do")
CALLBACK = {"method": "POST", "route": "/interactions/{interaction_id}/{interaction_token}/callback"}
MESSAGE = {"content": "Well?", "components": [row(button("Go", DO.id()))]}
MODAL = modal("Name", DO.id(), text_input("Name", "name"))


def command(reply: Reply, *, seconds: float = 0.0, private: bool = False) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name="go", description="Go")
    @answered(private=private)
    async def go(interaction: discord.Interaction) -> Reply:
        await asyncio.sleep(seconds)
        return reply

    return go


def does(scene, reply: Reply | None, *, seconds: float = 0.0, private: bool = False) -> None:
    async def handle(use: Use) -> Reply | None:
        await asyncio.sleep(seconds)
        return reply

    scene.interactions.on(DO, handle, private=private)


@pytest.mark.parametrize("private", [False, True])
async def test_a_slow_command_is_deferred_at_one_and_a_half_seconds_and_completed(clock, tmp_path, private):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply.say("done"), seconds=60, private=private))
        began = clock.now()
        reply = await scene.alice.run("/go")
        assert (reply.content, reply.ephemeral, reply.followups) == ("done", private, [])
        (deferral,) = scene.sim.recorder.requests(**CALLBACK)
        assert deferral.body["type"] == 5
        assert (deferral.at - began).total_seconds() == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("declared", [False, True])
async def test_a_reply_may_be_for_others_than_its_deferral_was(clock, tmp_path, declared):
    """Discord does not change who sees a message, so the "thinking" goes and a new one comes."""
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply.say("done", private=not declared), seconds=5, private=declared))
        reply = await scene.alice.run("/go")
        await reply.next()
        assert reply.message is None
        (said,) = reply.followups
        assert (said.content, said.ephemeral) == ("done", not declared)


async def test_nobody_is_pinged_unless_the_reply_says_whom(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        words = f"@everyone <@{scene.alice.id}>"
        does(scene, Reply({"content": words, "allowed_mentions": {"users": [str(scene.alice.id)]}}))
        await scene.open(command(Reply({**MESSAGE, "content": words})))
        asked = await scene.alice.run("/go")
        assert (asked.message.mention_everyone, asked.message.mentions) == (False, [])
        told = await scene.alice.click(asked, "Go")
        assert (told.message.mention_everyone, len(told.message.mentions)) == (False, 1)


@pytest.mark.parametrize("seconds", [0, 10])
async def test_files_come_along(clock, tmp_path, seconds):
    async with reception(clock, tmp_path) as scene:
        shown = {"embeds": [{"title": "Growth", "image": {"url": "attachment://growth.png"}}]}
        picture = Reply(shown, files=[("growth.png", b"\x89PNG\r\n"), ("growth.csv", b"day,joins\n")])
        await scene.open(command(picture, seconds=seconds))
        reply = await scene.alice.run("/go")
        named = [(item["filename"], item["size"]) for item in reply.message.attachments]
        assert named == [("growth.png", 6), ("growth.csv", 10)]
        assert reply.embeds[0]["title"] == "Growth"


@pytest.mark.parametrize("seconds", [0, 10])
async def test_a_reply_takes_the_place_of_the_message_that_was_clicked(clock, tmp_path, seconds):
    async with reception(clock, tmp_path) as scene:
        does(scene, Reply({"content": "Gone.", "components": []}, update=True), seconds=seconds)
        await scene.open(command(Reply(MESSAGE)))
        asked = await scene.alice.run("/go")
        await scene.alice.click(asked, "Go")
        await asyncio.sleep(seconds)
        assert (asked.content, asked.buttons, len(scene.chat.messages)) == ("Gone.", [], 1)
        assert scene.callbacks() == [4, 6 if seconds else 7]


async def test_a_slow_click_leaves_its_message_alone_and_is_answered_by_a_new_one(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        does(scene, Reply.say("done"), seconds=10, private=True)
        await scene.open(command(Reply(MESSAGE)))
        asked = await scene.alice.run("/go")
        clicked = await scene.alice.click(asked, "Go")
        await clicked.next()
        (said,) = clicked.followups
        assert (said.content, said.ephemeral, asked.content) == ("done", True, "Well?")


async def test_a_handler_that_returns_nothing_leaves_everything_as_it_is(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        does(scene, None)
        await scene.open(command(Reply(MESSAGE)))
        asked = await scene.alice.run("/go")
        assert (await scene.alice.click(asked, "Go")).error is None
        assert (asked.content, len(scene.chat.messages)) == ("Well?", 1)
        opened = scene.callbacks()
        assert opened == [4, 6]


async def test_a_modal_that_a_command_opened_may_be_answered_by_nothing(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        does(scene, None)
        await scene.open(command(Reply(modal=MODAL)))
        submitted = await scene.alice.submit(await scene.alice.run("/go"), name="Al")
        assert (submitted.error, submitted.message, scene.chat.messages) == (None, None, [])


async def test_a_modal_from_a_button_can_update_its_message(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        ask = Action("test", "ask")

        async def opens(use: Use) -> Reply:
            return Reply(modal=MODAL)

        scene.interactions.on(ask, opens)
        does(scene, Reply({"content": "Named."}, update=True), seconds=4)
        await scene.open(command(Reply({"content": "?", "components": [row(button("Name", ask.id()))]})))
        asked = await scene.alice.run("/go")
        submitted = await scene.alice.submit(await scene.alice.click(asked, "Name"), name="Al")
        await submitted.next()
        assert asked.content == "Named."
        assert scene.callbacks() == [4, 9, 6]


async def test_a_modal_that_comes_too_late_is_explained(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply(modal=MODAL), seconds=2, private=True))
        assert (await scene.alice.run("/go")).content == "That took too long to open. Please try again."


async def test_an_update_without_a_message_to_update_is_a_new_message(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply({"content": "new"}, update=True)))
        assert (await scene.alice.run("/go")).content == "new"


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.drop_response(), Fault.status(503)])
@pytest.mark.parametrize("seconds", [0, 10])
async def test_an_answer_whose_first_request_fails_comes_once(clock, tmp_path, fault, seconds):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply.say("done"), seconds=seconds))
        scene.sim.faults.rest(**CALLBACK, action=fault)
        reply = await scene.alice.run("/go")
        await asyncio.sleep(5)
        assert (reply.content, [message.content for message in scene.chat.messages]) == ("done", ["done"])


async def test_a_modal_whose_first_request_is_lost_opens(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply(modal=MODAL)))
        scene.sim.faults.rest(**CALLBACK, action=Fault.drop_response())
        assert (await scene.alice.run("/go")).modal.title == "Name"


async def test_a_result_outlasts_three_minutes_of_outage(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply.say("done"), seconds=10))
        asked = asyncio.create_task(scene.alice.run("/go"))
        await asyncio.sleep(5)
        scene.sim.faults.rest(action=Fault.status(503), method="PATCH", times=float("inf"))
        await asyncio.sleep(120)
        scene.sim.faults.clear()
        assert (await asked).content == "done"
        assert [message.content for message in scene.chat.messages] == ["done"]


async def test_an_answer_after_three_seconds_without_an_acknowledgement_is_a_line_in_the_log(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(Reply.say("done")))
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(4.0))
        with capture_logs() as lines:
            await scene.alice.run("/go")
            await asyncio.sleep(200)
        (line,) = [line for line in lines if line["event"] == "interaction_unanswered"]
        assert (line["log_level"], "no answer any more" in line["reason"]) == ("warning", True)
        assert [line["event"] for line in lines if line["log_level"] == "error"] == []
        assert await scene.store.read(outbox.waiting) == 0  # the member was told that it failed, and has gone on


async def test_a_request_with_a_token_that_is_no_more_says_expired_and_not_that_the_bots_token_is_wrong(
    clock: Clock, tmp_path: Path
):
    async with reception(clock, tmp_path) as scene:
        seen: list[discord.Interaction] = []

        @app_commands.command(name="go", description="Go")
        @answered()
        async def go(interaction: discord.Interaction) -> Reply:
            seen.append(interaction)
            return Reply.say("done")

        await scene.open(go)
        await scene.alice.run("/go")
        await asyncio.sleep(1000)
        for asked in (InteractionToken(seen[0]).edit({"content": "x"}), InteractionToken(seen[0]).follow_up({})):
            with pytest.raises(Expired, match="50027"):
                await asked
