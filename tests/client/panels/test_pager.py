"""Pages are turned by buttons that say which page they lead to."""

from __future__ import annotations

from contextlib import asynccontextmanager

import discord
from discord import app_commands

from steward.client.components import Action, Reply, turns
from steward.client.components.actions import number, page
from steward.client.interactions import answered
from steward.client.panels.pager import turn_pages
from steward.client.payloads import Payload
from tests.client.interactions.reception import reception

TOP = Action("bets", "top", args=(number, page))  # season, page
LAST = 2


async def top(_: discord.Interaction, season: int, page: int) -> Payload:
    return {"content": f"{season}/{page}", "components": turns(page, page < LAST, lambda to: TOP.id(season, to))}


@app_commands.command(description="The best")
@answered(private=True)
async def best(interaction: discord.Interaction) -> Reply:
    return Reply(await top(interaction, 7, 0))


@app_commands.command(description="The best, for everybody")
@answered()
async def board(interaction: discord.Interaction) -> Reply:
    return Reply(await top(interaction, 7, 1))


@asynccontextmanager
async def listed(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        turn_pages(hall.interactions, TOP, top)
        await hall.open(best, board)
        yield hall


def enabled(reply):
    (row,) = reply.message.components
    return [item["label"] for item in row["components"] if not item.get("disabled")]


async def test_pages_are_turned_in_place_from_the_first_to_the_last_and_back(clock, tmp_path):
    async with listed(clock, tmp_path) as hall:
        shown = await hall.alice.run("/best", hall.chat)
        assert (shown.content, enabled(shown)) == ("7/0", ["Later"])
        shown = await hall.alice.click(shown, "Later")
        assert (shown.content, enabled(shown)) == ("7/1", ["Earlier", "Later"])
        shown = await hall.alice.click(shown, "Later")
        assert (shown.content, enabled(shown)) == ("7/2", ["Earlier"])
        assert (await hall.alice.click(shown, "Earlier")).content == "7/1"


async def test_a_list_for_everybody_stays_and_whoever_turns_it_sees_a_page_of_their_own(clock, tmp_path):
    async with listed(clock, tmp_path) as hall:
        shown = await hall.alice.run("/board", hall.chat)
        own = await hall.alice.click(shown, "Later")
        assert (shown.content, own.content, own.ephemeral) == ("7/1", "7/2", True)


def test_a_list_of_one_page_has_no_buttons():
    assert turns(0, False, str) == []
