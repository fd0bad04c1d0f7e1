"""What is set up before the bot connects never waits for the connection: it would wait for ever (F09)."""

import ast
import asyncio
from pathlib import Path

import pytest

from steward.bots.events.part import EventsPart
from steward.errors import NotReady
from tests.stage import stage

SOURCE = Path(__file__).resolve().parents[2] / "src" / "steward"
SETUP = {"load", "setup", "setup_hook", "cog_load", "open_steward"}
COMES_LATER = {"wait_until_ready", "first_connection"}


def waits_for_ready(source):
    """Return the lines on which something that is done before the bot connects waits until it is."""
    return [
        node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.AsyncFunctionDef) and function.name in SETUP
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in COMES_LATER
    ]


async def test_f09_a_bot_that_waits_for_ready_while_it_is_set_up_is_named_within_ten_seconds(
    clock, tmp_path, monkeypatch
):
    async def wait_for_ready(_):
        await asyncio.Event().wait()  # nobody sets it before there is a connection

    monkeypatch.setattr(EventsPart, "load", wait_for_ready)
    async with stage(clock, tmp_path) as scene:
        began = clock.now()
        with pytest.raises(NotReady, match="events bot") as failed:
            async with scene.steward():
                pass
        assert (clock.now() - began).total_seconds() <= 10.5
        assert "background work" in failed.value.remedy
        assert not scene.sim.sessions


def test_f09_nothing_that_is_set_up_waits_for_ready():
    offenders = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in SOURCE.rglob("*.py")
        if (lines := waits_for_ready(path.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_f09_the_review_sees_such_a_wait():
    assert waits_for_ready("async def setup_hook(self):\n    await self.wait_until_ready()\n") == [2]
