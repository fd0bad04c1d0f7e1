"""Interactions end to end: a member acts, a handler returns a reply, the member sees it; and what the log tells."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from steward.client.components import (
    Action,
    Reply,
    button,
    channel_select,
    link,
    modal,
    option,
    role_select,
    row,
    select,
    text_input,
    user_select,
)
from steward.client.components.actions import number
from steward.client.interactions import Interactions, Use, answered
from steward.runtime.clock import Clock
from tests.client.interactions.reception import connected, reception

RSVP = Action("events", "rsvp", args=(number, str))
PICK = Action("setup", "pick", args=(str,))
NOTE = Action("events", "note", args=(number,))


@app_commands.command(description="Ask who comes")
@app_commands.describe(title="What it is")
@answered()
async def invite(interaction: discord.Interaction, title: str) -> Reply:
    return Reply({"content": title, "components": [row(button("Yes", RSVP.id(17, "yes: of course"), emoji="🐧"))]})


async def rsvp(use: Use) -> Reply:
    event_id, choice = use.args
    return Reply.say(f"You said {choice} to event {event_id}.")


def command(seconds: float, name: str = "work") -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name=name, description="Work")
    @answered()
    async def work(interaction: discord.Interaction) -> Reply:
        await asyncio.sleep(seconds)
        return Reply.say("done")

    return work


async def test_a_command_is_answered_and_its_button_finds_its_handler_by_the_id_alone(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        scene.interactions.on(RSVP, rsvp, private=True)
        await scene.open(invite)
        asked = await scene.alice.run("/invite", title="Film night")
        assert (asked.content, asked.ephemeral, asked.buttons) == ("Film night", False, ["Yes"])
        said = await scene.alice.click(asked, "Yes")
        assert (said.content, said.ephemeral) == ("You said yes: of course to event 17.", True)
        assert scene.callbacks() == [4, 4]


async def test_selects_of_all_kinds_bring_what_was_chosen(clock: Clock, tmp_path: Path):
    async def picked(use: Use) -> Reply:
        return Reply.say(f"{use.args[0]}: {','.join(use.values)}")

    async with reception(clock, tmp_path) as scene:

        @app_commands.command(description="Set up")
        @answered(private=True)
        async def setup(interaction: discord.Interaction) -> Reply:
            colours = [option("Red", "r", description="warm"), option("Blue", "b", chosen=True)]
            return Reply(
                {
                    "components": [
                        row(select(PICK.id("colour"), colours, placeholder="Colour?", most=2)),
                        row(user_select(PICK.id("who"), placeholder="Who?")),
                        row(role_select(PICK.id("role"), placeholder="Role?")),
                        row(channel_select(PICK.id("where"), kinds=(0,), placeholder="Where?")),
                        row(button("Off", PICK.id("off"), disabled=True), link("Help", "https://example.org")),
                    ]
                }
            )

        scene.interactions.on(PICK, picked, private=True)
        await scene.open(setup)
        shown = await scene.alice.run("/setup")
        role = scene.guild.add_role("crew")
        for menu, thing, value in (
            ("Who?", scene.alice, scene.alice.id),
            ("Role?", role, role.id),
            ("Where?", scene.chat, scene.chat.id),
        ):
            reply = await scene.alice.select(shown, thing, menu=menu)
            assert reply.content.endswith(f": {value}")
        reply = await scene.alice.select(shown, "Red", "Blue", menu="Colour?")
        assert (reply.content, reply.ephemeral) == ("colour: r,b", True)


async def test_a_modal_is_opened_and_its_fields_come_back_by_name(clock: Clock, tmp_path: Path):
    async def noted(use: Use) -> Reply:
        return Reply.say(f"{use.args[0]}/{use.fields['title']}/{use.fields['more']}", private=True)

    async with reception(clock, tmp_path) as scene:

        @app_commands.command(description="Note")
        @answered()
        async def note(interaction: discord.Interaction) -> Reply:
            return Reply(
                modal=modal(
                    "A note",
                    NOTE.id(5),
                    text_input("Title", "title", placeholder="Short", most=100),
                    text_input("More", "more", value="nothing", paragraph=True, required=False),
                )
            )

        scene.interactions.on(NOTE, noted)
        await scene.open(note)
        opened = await scene.alice.run("/note")
        assert opened.modal is not None
        assert opened.modal.title == "A note"
        reply = await scene.alice.submit(opened, title="Milk")
        assert (reply.content, reply.ephemeral) == ("5/Milk/nothing", True)
        assert scene.callbacks() == [9, 4]


async def test_commands_are_offered_in_servers_only(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(invite)
        (registered,) = scene.sim.bot.commands[None].values()
        assert (registered["contexts"], registered["integration_types"]) == ([0], [0])


async def test_an_interaction_that_is_told_twice_is_handled_once(clock, tmp_path):
    """Discord may tell an event again after a resume; a bet must not be placed twice by that."""
    handled = []

    async def count(use: Use) -> Reply:
        handled.append(use.interaction.id)
        return Reply.say("counted", private=True)

    async with reception(clock, tmp_path) as scene:
        scene.interactions.on(RSVP, count)
        await scene.open(invite)
        asked = await scene.alice.run("/invite", title="Film night")
        scene.sim.faults.duplicate_next(1)
        assert (await scene.alice.click(asked, "Yes")).content == "counted"
        await asyncio.sleep(5)
        assert len(handled) == 1
        assert scene.callbacks() == [4, 4]


async def test_each_interaction_is_one_line_of_debug_and_a_slow_one_is_said_once_at_info(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(command(0.0, "quick"), command(1.2, "slow"))
        with capture_logs(processors=[merge_contextvars]) as lines:
            await scene.alice.run("/quick")
            await scene.alice.run("/slow")
            await asyncio.sleep(0.1)
        ours = [line for line in lines if line["event"].startswith("interaction")]
        assert [(line["event"], line["log_level"], line["command"]) for line in ours] == [
            ("interaction_done", "debug", "/quick"),
            ("interaction_done", "debug", "/slow"),
            ("interaction_slow", "info", "/slow"),
        ]
        assert all((line["guild"], line["user"]) == (scene.guild.id, scene.alice.id) for line in ours)
        assert ours[-1]["seconds"] == pytest.approx(1.2, abs=0.05)


async def test_at_the_end_handlers_may_finish_and_nobody_is_left_without_a_word(clock: Clock, tmp_path: Path):
    async with reception(clock, tmp_path) as scene:
        cancelled = asyncio.Event()

        @app_commands.command(description="Long")
        @answered()
        async def long(interaction: discord.Interaction) -> Reply:
            try:
                await asyncio.sleep(600)
            finally:
                cancelled.set()
            return Reply.say("never")

        await scene.open(command(2.0, "soon"), long)
        soon, late = (asyncio.create_task(scene.alice.run(line)) for line in ("/soon", "/long"))
        await asyncio.sleep(1.0)
        began = clock.monotonic()
        await scene.interactions.__aexit__(None, None, None)
        assert clock.monotonic() - began < 2.6
        assert (await soon).content == "done"
        (said,) = (await late).followups
        assert (said.ephemeral, "restarting" in said.content) == (True, True)
        assert cancelled.is_set()


async def test_a_message_of_an_earlier_process_is_answered_by_the_next(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(invite)
        asked = await scene.alice.run("/invite", title="Film night")
        await scene.client.close()
        async with (
            connected(scene.sim, clock, tmp_path / "next.sqlite3") as (client, store),
            Interactions(client, store, clock) as interactions,
        ):
            interactions.on(RSVP, rsvp)
            assert "event 17" in (await scene.alice.click(asked, "Yes")).content
