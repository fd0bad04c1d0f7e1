"""An option that fits several things is asked about, and the command goes on with the one picked."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands

from steward.client.components import Reply, modal, text_input
from steward.client.interactions import Ambiguous, answered
from tests.client.interactions.reception import reception

FRUIT = {str(number): f"apple {number}" for number in range(1, 31)}


@app_commands.command(description="Eat")
@answered(private=True)
async def eat(interaction: discord.Interaction, fruit: str, drink: str = "water", many: bool = False) -> Reply:
    for option, written in (("fruit", fruit), ("drink", drink)):
        if written == "apple":
            offers = [(name, value) for value, name in list(FRUIT.items())[: 30 if many else 3]]
            raise Ambiguous("Several fit.", option=option, offers=offers)
    return Reply.say(f"{interaction.user.name} ate {FRUIT[fruit]} with {drink}")


@app_commands.command(description="Order")
@answered(private=True)
async def order(interaction: discord.Interaction, fruit: str) -> Reply:
    if fruit == "apple":
        raise Ambiguous("Several fit.", option="fruit", offers=[("green", "1"), ("red", "2")])
    return Reply(modal=modal(f"Number {fruit}", "events:order.1", text_input("How many", "many")))


async def test_a_few_are_offered_as_buttons_and_the_other_options_stay(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        await hall.open(eat)
        asked = await hall.alice.run("/eat", hall.chat, fruit="apple", drink="tea")
        assert asked.ephemeral
        assert asked.content == "Several fit. Which one do you mean?"
        assert asked.buttons == ["apple 1", "apple 2", "apple 3"]
        done = await hall.alice.click(asked, "apple 2")
        assert done.content == "alice ate apple 2 with tea"
        assert done.buttons == []


async def test_many_are_offered_in_a_menu_of_25(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        await hall.open(eat)
        asked = await hall.alice.run("/eat", hall.chat, fruit="apple", many=True)
        (menu,) = asked.message.components[0]["components"]
        assert len(menu["options"]) == 25
        assert (await hall.alice.select(asked, "apple 25")).content == "alice ate apple 25 with water"


async def test_two_doubtful_options_are_asked_about_one_after_the_other(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        await hall.open(eat)
        asked = await hall.alice.run("/eat", hall.chat, fruit="apple", drink="apple")
        asked = await hall.alice.click(asked, "apple 3")
        assert (await hall.alice.click(asked, "apple 1")).content == "alice ate apple 3 with 1"


async def test_a_choice_may_open_a_form(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        await hall.open(order)
        asked = await hall.alice.run("/order", hall.chat, fruit="apple")
        assert (await hall.alice.click(asked, "red")).modal.title == "Number 2"


async def test_a_choice_that_is_not_remembered_says_what_to_do(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        await hall.open(eat)
        asked = await hall.alice.run("/eat", hall.chat, fruit="apple")
        for _ in range(200):
            await hall.alice.run("/eat", hall.chat, fruit="apple")
        assert "Use the command again" in (await hall.alice.click(asked, "apple 2")).content
        await asyncio.sleep(0)
