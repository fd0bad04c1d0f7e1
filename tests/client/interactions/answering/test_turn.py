"""What becomes of a handler that fails: a sentence for the member, the traceback in the log, nothing for discord.py."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from structlog.testing import capture_logs

from steward.client.components import Action, Reply, button, row
from steward.client.interactions import Use, answered
from steward.errors import Broken, StewardError
from steward.runtime.clock import Clock
from tests.client.interactions.reception import reception
from tests.sim.openapi import Judge

DO = Action("test", "do")


def failing(error: Exception, *, seconds: float = 0.0, private: bool = False) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name="go", description="Go")
    @answered(private=private)
    async def go(interaction: discord.Interaction) -> Reply:
        await asyncio.sleep(seconds)
        raise error

    return go


@pytest.fixture(autouse=True)
def _nothing_is_left_to_discord_py(caplog):
    """discord.py's own handlers of errors would log here."""
    yield
    assert [
        record for record in caplog.records if record.name.startswith("discord") and record.levelname == "ERROR"
    ] == []


async def test_an_error_of_ours_is_its_sentence_and_remedy_for_the_member_alone(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(failing(StewardError("That channel is gone.", remedy="Choose another.")))
        with capture_logs() as lines:
            reply = await scene.alice.run("/go")
        assert (reply.content, reply.ephemeral) == ("That channel is gone. Choose another.", True)
        assert [line for line in lines if line["log_level"] in ("warning", "error")] == []


@pytest.mark.parametrize("error", [KeyError("secret"), TypeError("secret"), Broken("secret")])
async def test_any_other_error_is_a_number_for_the_member_and_a_traceback_in_the_log(clock, tmp_path, error):
    async with reception(clock, tmp_path) as scene:
        await scene.open(failing(error))
        with capture_logs() as lines:
            reply = await scene.alice.run("/go")
        assert reply.ephemeral
        assert "secret" not in reply.content
        number = re.search(r"`([0-9a-f]{8})`", reply.content)[1]
        (line,) = [line for line in lines if line["event"] == "interaction_failed"]
        assert (line["error_id"], line["exc_info"]) == (number, error)


@pytest.mark.parametrize("private", [False, True])
async def test_an_error_after_the_deferral_is_for_the_member_alone_too(clock, tmp_path, private):
    async with reception(clock, tmp_path) as scene:
        await scene.open(failing(StewardError("Too late."), seconds=5, private=private))
        reply = await scene.alice.run("/go")
        if not private:
            await reply.next()
        said = reply.message or reply.followups[0]
        assert (said.content, said.ephemeral) == ("Too late.", True)
        assert scene.chat.messages == []


@pytest.mark.parametrize("seconds", [0, 5])
async def test_an_error_of_a_click_leaves_the_message_that_was_clicked(clock: Clock, tmp_path: Path, seconds: float):
    async def fails(use: Use) -> Reply:
        await asyncio.sleep(seconds)
        raise StewardError("The event is over.")

    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="ask", description="Ask")
        @answered()
        async def ask(interaction: discord.Interaction) -> Reply:
            return Reply({"content": "Well?", "components": [row(button("Go", DO.id()))]})

        scene.interactions.on(DO, fails)
        await scene.open(ask)
        asked = await scene.alice.run("/ask")
        clicked = await scene.alice.click(asked, "Go")
        if seconds:
            await clicked.next()
        said = clicked.followups[0] if seconds else clicked.message
        assert said is not None
        assert (said.content, said.ephemeral) == ("The event is over.", True)
        assert (asked.content, asked.buttons) == ("Well?", ["Go"])


@pytest.mark.parametrize("seconds", [0, 5])
async def test_a_reply_that_discord_refuses_is_a_fault_with_a_number(
    clock: Clock, tmp_path: Path, judge: Judge | None, seconds: float
):
    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="go", description="Go")
        @answered(private=True)
        async def go(interaction: discord.Interaction) -> Reply:
            await asyncio.sleep(seconds)
            return Reply({"content": "x" * 2001})

        await scene.open(go)
        with capture_logs() as lines:
            reply = await scene.alice.run("/go")
        assert re.search(r"`[0-9a-f]{8}`", reply.content)
        (line,) = [line for line in lines if line["event"] == "interaction_failed"]
        assert "2000" in str(line["exc_info"])
    if judge is not None:
        with pytest.raises(pytest.fail.Exception, match="-> 400: request: "):
            judge.give_verdict()


async def test_a_check_of_the_command_says_why_not(clock: Clock, tmp_path: Path):
    async def closed(interaction: discord.Interaction) -> bool:
        raise app_commands.CheckFailure("Only on Sundays.")

    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="go", description="Go")
        @app_commands.check(closed)
        @answered()
        async def go(interaction: discord.Interaction) -> Reply:
            raise AssertionError

        await scene.open(go)
        assert (await scene.alice.run("/go")).content == "Only on Sundays."


class Day(app_commands.Transformer):
    async def transform(self, interaction: discord.Interaction, value: str) -> str:
        raise StewardError(f"{value} is no day.", remedy="Write it as 2026-11-21.")


async def test_an_option_that_cannot_be_read_says_why_not(clock: Clock, tmp_path: Path):
    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="go", description="Go")
        @answered()
        async def go(interaction: discord.Interaction, day: app_commands.Transform[str, Day]) -> Reply:
            raise AssertionError

        await scene.open(go)
        assert (await scene.alice.run("/go", day="x")).content == "x is no day. Write it as 2026-11-21."


async def test_a_command_that_discord_still_shows_but_is_no_more_is_explained(clock, tmp_path):
    async with reception(clock, tmp_path) as scene:
        await scene.open(failing(KeyError()))
        scene.interactions._tree.remove_command("go")
        assert "has just changed" in (await scene.alice.run("/go")).content


async def test_a_command_that_returns_no_reply_is_a_fault_and_not_silence(clock: Clock, tmp_path: Path):
    async with reception(clock, tmp_path) as scene:

        @app_commands.command(name="go", description="Go")
        async def go(interaction: discord.Interaction) -> None:
            """Not `answered`."""

        await scene.open(go)
        with capture_logs() as lines:
            assert "Something went wrong" in (await scene.alice.run("/go")).content
        (line,) = [line for line in lines if line["event"] == "interaction_failed"]
        assert "declared with @answered()" in str(line["exc_info"])


def unhurried(drawn: asyncio.Event, outcome: Reply | Exception | None) -> app_commands.Command[Any, ..., Any]:
    """Return a command that answers at once, and brings the outcome later."""

    async def later() -> Reply | None:
        await drawn.wait()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @app_commands.command(name="go", description="Go")
    @answered()
    async def go(interaction: discord.Interaction) -> Reply:
        return Reply.say("Placed.") if drawn.is_set() else Reply({"content": "Placed."}, later=later)

    return go


async def test_what_comes_later_holds_up_nobody_and_follows_the_answer(clock: Clock, tmp_path: Path):
    drawn = asyncio.Event()
    async with reception(clock, tmp_path) as scene:
        await scene.open(unhurried(drawn, Reply({"content": "And this."})))
        first, second = await scene.alice.run("/go"), await scene.alice.run("/go")
        assert (first.content, second.content, second.followups) == ("Placed.", "Placed.", [])
        drawn.set()
        for reply in (first, second):
            await reply.next()
            assert [message.content for message in reply.followups] == ["And this."]


@pytest.mark.parametrize(
    ("outcome", "logged"),
    [
        (None, []),
        (StewardError("No paper."), ["interaction_not_completed"]),
        (KeyError("secret"), ["interaction_failed"]),
    ],
)
async def test_what_does_not_come_later_leaves_the_answer(
    clock: Clock, tmp_path: Path, outcome: Exception | None, logged: list[str]
):
    drawn = asyncio.Event()
    async with reception(clock, tmp_path) as scene:
        await scene.open(unhurried(drawn, outcome))
        with capture_logs() as lines:
            reply = await scene.alice.run("/go")
            drawn.set()
            await asyncio.sleep(5)
        assert (reply.content, reply.followups) == ("Placed.", [])
        assert [line["event"] for line in lines if line["log_level"] in ("warning", "error")] == logged
