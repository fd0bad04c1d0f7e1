"""A form shows what stands in its fields, and reads all of them before it says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands

from steward.client.components import Action, Reply, labelled, role_select, text_input
from steward.client.interactions import Use, answered
from steward.client.interactions.router import UNKNOWN
from steward.client.panels.form import ModalForm, one_id
from steward.errors import StewardError
from tests.client.interactions.reception import reception

SENT = Action("bets", "sent")


def coins(text: str) -> int:
    if not text.isdecimal():
        raise StewardError(f"“{text}” isn't a number.")
    return int(text)


STAKE = (text_input("Stake", "stake", value="5"), coins)
LIMIT = (text_input("Limit", "limit", value="9", required=False), coins)
ROLE = (labelled("For", role_select("role", least=0), required=False), one_id)


def command_of(form: ModalForm, refused: Mapping[str, str]) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(description="Bet")
    @answered(private=True, opens_form=True)
    async def bet(interaction: discord.Interaction) -> Reply:
        return Reply(modal=form.modal(SENT.id(), refused))

    return bet


@asynccontextmanager
async def opened(clock, tmp_path, *fields, read=None, refused=None):
    """Open a form; another one may read it."""

    async def handle(use: Use) -> Reply:
        values, errors = ModalForm("Your bet", *(read or fields)).read(use)
        return Reply.say(f"{values} {errors}")

    async with reception(clock, tmp_path) as hall:
        hall.interactions.on(SENT, handle, private=True)
        await hall.open(command_of(ModalForm("Your bet", *fields), refused or {}))
        yield hall, await hall.alice.run("/bet", hall.chat)


async def test_what_is_sent_is_read_by_the_names_of_the_fields(clock, tmp_path):
    async with opened(clock, tmp_path, STAKE, LIMIT, ROLE) as (hall, form):
        assert (await hall.alice.submit(form, stake="6")).content == "{'stake': 6, 'limit': 9, 'role': None}"
        role = hall.guild.add_role("Raiders")
        again = await hall.alice.run("/bet", hall.chat)
        told = await hall.alice.submit(again, role=[role])
        assert told.content == f"{{'stake': 5, 'limit': 9, 'role': {role.id}}}"


async def test_all_that_is_wrong_is_said_and_what_could_be_read_is_returned(clock, tmp_path):
    async with opened(clock, tmp_path, STAKE, LIMIT, ROLE) as (hall, form):
        told = await hall.alice.submit(form, stake="all", limit="none")
        assert told.content == "{'role': None} “all” isn't a number.\n“none” isn't a number."


@pytest.mark.parametrize("text", ["none", ""])
async def test_what_was_refused_stands_in_its_field(clock, tmp_path, text):
    async with opened(clock, tmp_path, STAKE, LIMIT, refused={"limit": text, "other": "x"}) as (_, form):
        assert [label["component"]["value"] for label in form.modal.data["components"]] == ["5", text]


async def test_a_form_that_lacks_a_field_is_another_one(clock, tmp_path):
    async with opened(clock, tmp_path, STAKE, read=(STAKE, LIMIT)) as (hall, form):
        assert UNKNOWN in (await hall.alice.submit(form)).content
