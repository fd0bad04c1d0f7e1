"""A form that is refused is opened again as it was filled in."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.client.components import Action, Reply, labelled, modal, option, role_select, select, text_input
from steward.client.interactions import Use, answered
from steward.client.interactions.answering.failures import BROKEN
from steward.client.interactions.forms import KEPT, LABEL
from steward.errors import StewardError
from tests.client.interactions.reception import reception

SENT = Action("events", "sent", args=(int,))


def form(number: int = 1) -> Reply:
    return Reply(
        modal=modal(
            "A form",
            SENT.id(number),
            text_input("Text", "text", paragraph=True),
            text_input("Note", "note", value="as it was", required=False),
            labelled("Kind", select("kind", [option("Red", "r", chosen=True), option("Blue", "b")])),
            labelled("Role", role_select("role", least=0), required=False),
        )
    )


@app_commands.command(description="Fill in")
@answered(private=True)
async def fill(interaction: discord.Interaction, number: int = 1) -> Reply:
    return form(number)


async def sent(use: Use) -> Reply:
    if use.fields["text"] == "fault":
        raise ZeroDivisionError
    if use.fields["text"] != "fine":
        raise StewardError("That can't be.")
    return Reply.say("taken")


def values(reply):
    found = [item["component"] for item in reply.modal.data["components"]]
    role = [one["id"] for one in found[3].get("default_values", [])]
    kind = [one["value"] for one in found[2]["options"] if one["default"]]
    return [found[0].get("value"), found[1].get("value"), kind, role]


async def test_what_was_typed_and_chosen_stands_in_it_whatever_stood_in_the_way(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        hall.interactions.on(SENT, sent, private=True)
        await hall.open(fill)
        role = hall.guild.add_role("crew")
        for text, said in (("long text", "That can't be."), ("fault", BROKEN)):
            opened = await hall.alice.run("/fill", hall.chat)
            refused = await hall.alice.submit(opened, text=text, note="changed", kind=["Blue"], role=[role])
            assert refused.content.startswith(said)
            again = await hall.alice.click(refused, LABEL)
            assert values(again) == [text, "changed", ["b"], [str(role.id)]]
        refused = await hall.alice.submit(again, text="still not")
        assert values(await hall.alice.click(refused, LABEL))[:2] == ["still not", "changed"]
        done = await hall.alice.submit(await hall.alice.click(refused, LABEL), text="fine")
        assert (done.content, done.buttons) == ("taken", [])


async def test_a_field_that_was_emptied_is_empty_again(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        hall.interactions.on(SENT, sent, private=True)
        await hall.open(fill)
        refused = await hall.alice.submit(await hall.alice.run("/fill", hall.chat), text="no", note="")
        assert values(await hall.alice.click(refused, LABEL))[:2] == ["no", None]


async def test_of_many_forms_the_oldest_are_forgotten_and_it_is_said(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        hall.interactions.on(SENT, sent, private=True)
        await hall.open(fill)
        first = await hall.alice.submit(await hall.alice.run("/fill", hall.chat), text="long text")
        for number in range(KEPT):
            await hall.alice.submit(await hall.alice.run("/fill", hall.chat, number=number + 2), text="x")
        assert "Use the command again" in (await hall.alice.click(first, LABEL)).content
