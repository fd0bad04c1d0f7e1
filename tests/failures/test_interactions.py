"""Interactions under load, errors after the answer, old components, restarts: F22, F25, F26, F28, F31."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.utils import snowflake_time
from structlog.testing import capture_logs

from steward.client.components import Action, Reply, button, row
from steward.client.interactions import Interactions, Use, answered
from steward.client.posts.delivery import Delivery
from steward.runtime.clock import Clock
from steward.sim import Fault
from steward.store import OutboxSender
from tests.client.interactions.reception import connected, reception
from tests.stage import download

CALLBACK = {"method": "POST", "route": "/interactions/{interaction_id}/{interaction_token}/callback"}
PUT = {"method": "PUT", "route": "/applications/{application_id}/commands"}
CROWD = 200
ON_THE_WAY = 0.1
APART = 0.00125  # the last comes a quarter of a second after the first: all of them are at work together


def working(seconds: float) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name="work", description="Work")
    @answered()
    async def work(interaction: discord.Interaction) -> Reply:
        await asyncio.sleep(seconds)
        return Reply.say(str(interaction.user.id))

    return work


async def test_f22_fifty_restarts_with_unchanged_commands_sync_never_and_a_changed_one_once(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        for restart in range(52):
            changed = restart == 51
            folder = tmp_path / "restarted.sqlite3"
            async with (
                connected(scene.sim, clock, folder) as (client, store),
                Interactions(client, store, clock) as interactions,
            ):
                command = working(0)
                command.description = "Work harder" if changed else "Work"
                interactions.add(command)
                await interactions.sync()
            assert scene.sim.recorder.count(**PUT) == (2 if changed else 1)
        (registered,) = scene.sim.bot.commands[None].values()
        assert registered["description"] == "Work harder"


@pytest.mark.parametrize(("work", "within"), [(2.0, 2.0), (0.0, 0.5)])
async def test_f25_two_hundred_commands_at_once_are_all_acknowledged_in_time(clock, tmp_path, work, within):
    """Each request is a tenth of a second on its way: sent one after the other, the last would come after 20 s."""
    async with reception(clock, tmp_path) as scene:
        await scene.open(working(work))
        crowd = [scene.guild.join(f"member {number}") for number in range(CROWD)]
        scene.sim.faults.rest(**CALLBACK, action=Fault.delay(ON_THE_WAY), times=float("inf"))

        async def run(number, member):
            await asyncio.sleep(number * APART)
            return await member.run("/work", scene.chat)

        replies = await asyncio.gather(*(run(number, member) for number, member in enumerate(crowd)))
        assert [reply.content for reply in replies] == [str(member.id) for member in crowd]
        acknowledged = scene.sim.recorder.requests(**CALLBACK, status=204)
        waited = sorted(
            (request.at - snowflake_time(int(request.path.split("/")[2]))).total_seconds() for request in acknowledged
        )
        assert len(waited) == CROWD
        assert waited[int(CROWD * 0.99) - 1] + ON_THE_WAY < within
        assert waited[-1] + ON_THE_WAY < 3
        assert scene.callbacks() == [5 if work else 4] * CROWD


async def test_f26_an_error_after_the_answer_goes_by_follow_up_and_is_no_second_answer(clock: Clock, tmp_path: Path):
    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="work", description="Work")
        @answered()
        async def work(interaction: discord.Interaction) -> Reply:
            await interaction.response.send_message("Half of it.")
            raise KeyError("the other half")

        await scene.open(work)
        with capture_logs():  # the traceback, with all that it leads to
            reply = await scene.alice.run("/work")
            await reply.next()
        (said,) = reply.followups
        assert (reply.content, said.ephemeral, "Something went wrong" in said.content) == ("Half of it.", True, True)
        assert scene.callbacks() == [4]
        assert scene.sim.recorder.count(status=400) == 0


async def test_f28_a_component_of_an_older_schema_is_explained_after_any_restart(clock: Clock, tmp_path: Path):
    old, new = (Action("events", "rsvp", version=version, args=(int,)) for version in (1, 2))

    async def rsvp(use: Use) -> Reply:
        return Reply.say("noted", private=True)

    async with reception(clock, tmp_path) as scene:

        @app_commands.command(description="Ask")
        @answered()
        async def ask(interaction: discord.Interaction) -> Reply:
            return Reply({"content": "?", "components": [row(button("Old", old.id(1)), button("New", new.id(1)))]})

        await scene.open(ask)
        asked = await scene.alice.run("/ask")
        await scene.client.close()
        async with (
            connected(scene.sim, clock, tmp_path / "newer.sqlite3") as (client, store),
            Interactions(client, store, clock) as interactions,
        ):
            interactions.on(new, rsvp)
            explained = await scene.alice.click(asked, "Old")
            assert (explained.error, explained.ephemeral) == (None, True)
            assert "older version" in explained.content
            assert (await scene.alice.click(asked, "New")).content == "noted"


def long_work(*, private: bool) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name="work", description="Work")
    @answered(private=private)
    async def work(interaction: discord.Interaction) -> Reply:
        await asyncio.sleep(16 * 60)
        return Reply({"content": "It is done.", "embeds": [{"title": "Done"}]}, [("a.csv", b"1,2")])

    return work


@pytest.mark.parametrize("private", [True, False])
async def test_f31_an_answer_that_comes_after_fifteen_minutes_is_not_lost_with_its_token(clock, tmp_path, private):
    async with reception(clock, tmp_path) as scene:
        await scene.open(long_work(private=private))
        delivery = Delivery(scene.client.rest, clock, gone=lambda _: None)
        scene.tasks.start("outbox", OutboxSender(scene.store, clock, delivery).run)
        reply = await scene.alice.run("/work", scene.chat)
        assert reply.content == ""  # it is still thinking
        direct = scene.sim.world.direct_channel(scene.sim.bot, scene.alice.user)
        here = direct if private else scene.chat
        await asyncio.sleep(600)
        (told,) = [message for message in here.messages if message.content]
        words = "This took longer than Discord waits for an answer.\nIt is done."
        assert told.content == (words if private else f"<@{scene.alice.id}> {words}")
        assert [user.id for user in told.mentions] == ([] if private else [scene.alice.id])
        assert told.embeds[0]["title"] == "Done"
        assert await download(told.attachments[0]["url"]) == b"1,2"
        assert private or not direct.messages
