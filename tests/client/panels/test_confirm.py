"""A question stands before what can't be undone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Action, Reply
from steward.client.components.actions import number
from steward.client.interactions import Use, answered
from steward.client.panels.confirm import confirmed
from steward.errors import StewardError
from tests.client.interactions.reception import reception

PAY, KEEP = Action("bets", "pay", args=(number,)), Action("bets", "keep")


def command_of(ask: Callable[..., Reply]) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(description="Pay out")
    @answered()
    async def pay(interaction: discord.Interaction, coins: int) -> Reply:
        return ask(f"Pay out {coins}?", coins)

    return pay


@asynccontextmanager
async def bank(clock, tmp_path):
    paid: list[int] = []

    async def work(use: Use) -> str:
        (coins,) = map(int, use.args)
        if coins > 500:
            raise StewardError("There isn't that much.")
        paid.append(coins)
        return f"{coins} are paid."

    async with reception(clock, tmp_path) as hall:
        ask = confirmed(hall.interactions, PAY, KEEP, work, label="Pay out", cancelled="Nothing is paid.")
        await hall.open(command_of(ask))
        yield hall, paid


async def test_nothing_is_done_before_it_is_confirmed(clock, tmp_path):
    async with bank(clock, tmp_path) as (hall, paid):
        asked = await hall.alice.run("/pay", hall.chat, coins=5)
        assert (asked.content, asked.buttons, asked.ephemeral, paid) == ("Pay out 5?", ["Pay out", "Cancel"], True, [])
        done = await hall.alice.click(asked, "Pay out")
        assert (done.content, done.buttons, paid) == ("5 are paid.", [], [5])


async def test_who_cancels_is_told_that_nothing_is_done(clock, tmp_path):
    async with bank(clock, tmp_path) as (hall, paid):
        kept = await hall.alice.click(await hall.alice.run("/pay", hall.chat, coins=5), "Cancel")
        assert (kept.content, kept.buttons, paid) == ("Nothing is paid.", [], [])


async def test_what_is_refused_may_be_tried_again(clock, tmp_path):
    async with bank(clock, tmp_path) as (hall, _):
        asked = await hall.alice.run("/pay", hall.chat, coins=900)
        assert "There isn't that much." in (await hall.alice.click(asked, "Pay out")).content
        assert asked.buttons == ["Pay out", "Cancel"]
