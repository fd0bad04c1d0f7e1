"""A panel goes on with the member's draft, says what was refused, and loses nothing that was typed."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Action, Reply, button, row, text_input
from steward.client.components.actions import number
from steward.client.interactions import Use, answered
from steward.client.panels.drafts import Drafts
from steward.client.panels.form import ModalForm
from steward.client.panels.panel import Panel
from steward.errors import StewardError
from tests.client.interactions.reception import Reception, reception


@dataclass(frozen=True)
class Slip:
    """A bet that is being made."""

    id: int
    stake: int = 0
    odds: int = 2
    limit: int = 9


SLIPS = Drafts(Slip, "bets.slip.")
STAKE, STAKED, MORE, BREAK, PLACE = (
    Action("bets", name, args=(number,)) for name in ("stake", "staked", "more", "break", "place")
)


class Hidden(StewardError):
    for_members = "Try again later."


class Bets:
    """The least that a bot has to write."""

    def __init__(self, hall: Reception) -> None:
        self.placed: list[Slip] = []
        self.panel = Panel(hall.interactions, hall.store, SLIPS, self.draw, self.missing)
        self.panel.form(STAKED, stake_form, self.staked, opens=STAKE)
        self.panel.on(MORE, self.more)
        self.panel.on(BREAK, self.fail)
        self.panel.on(PLACE, self.place)

    async def draw(self, interaction: discord.Interaction, slip: Slip, problem: StewardError | None):
        said = [] if problem is None else [f"⚠️ {problem}"]
        buttons = [button(action.name, action.id(slip.id)) for action in (STAKE, MORE, BREAK, PLACE)]
        return {"content": "\n".join([*said, f"{slip.stake} at {slip.odds}"]), "components": [row(*buttons)]}

    async def missing(self, use: Use) -> Reply:
        return Reply({"content": "It's placed already.", "components": []}, update=True)

    async def staked(self, use: Use, slip: Slip, values: dict[str, int]) -> Slip:
        if values.get("stake") == 13:
            raise RuntimeError("a fault")
        if values.get("stake") == 14:
            raise Hidden("The file /srv/bets is gone.")
        if values.get("limit") == 0:
            raise StewardError("Then nobody can bet.")
        return replace(slip, **values)

    async def more(self, use: Use, slip: Slip) -> Slip:
        await asyncio.sleep(0.5)
        return replace(slip, odds=slip.odds + 1)

    async def fail(self, use: Use, slip: Slip) -> Slip:
        await self.panel.keep(use.interaction, replace(slip, odds=100))  # the first of two steps
        raise StewardError("The second failed.")

    async def place(self, use: Use, slip: Slip) -> Reply:
        self.placed.append(slip)
        await self.panel.drop(use.interaction)
        return Reply({"content": "Placed.", "components": []}, update=True)


def stake_form(slip: Slip) -> ModalForm:
    return ModalForm(
        "Stake",
        (text_input("Stake", "stake", value=str(slip.stake)), coins),
        (text_input("Limit", "limit", value=str(slip.limit)), coins),
    )


def coins(text: str) -> int:
    if not text.isdecimal():
        raise StewardError(f"“{text}” isn't a number.")
    return int(text)


def command_of(made: Bets) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(description="Bet")
    @answered(private=True)
    async def bet(interaction: discord.Interaction) -> Reply:
        return await made.panel.show(interaction, Slip(interaction.id))

    return bet


@asynccontextmanager
async def bets(clock, tmp_path):
    async with reception(clock, tmp_path) as hall:
        made = Bets(hall)
        await hall.open(command_of(made))
        yield hall, made


async def stands(member, panel):
    """Return what stands in the form at first."""
    opened = (await member.click(panel, "stake")).modal
    return [label["component"]["value"] for label in opened.data["components"]]


async def typed(member, panel, stake, limit="9"):
    return await member.submit(await member.click(panel, "stake"), stake=stake, limit=limit)


async def test_a_press_changes_the_draft_and_shows_it_in_the_same_message(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, made):
        panel = await hall.alice.run("/bet", hall.chat)
        assert panel.ephemeral
        changed = await typed(hall.alice, panel, "5")
        assert changed.content == panel.content == "5 at 2"
        await asyncio.gather(*(hall.alice.click(changed, "place") for _ in range(2)))
        assert panel.content in {"Placed.", "It's placed already."}
        assert [slip.stake for slip in made.placed] == [5]


async def test_presses_of_one_member_are_handled_one_after_the_other(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, made):
        panel = await hall.alice.run("/bet", hall.chat)
        form = await hall.alice.click(panel, "stake")
        await asyncio.gather(hall.alice.click(panel, "more"), hall.alice.submit(form, stake="5"))
        await hall.alice.click(panel, "place")
        assert [(slip.stake, slip.odds) for slip in made.placed] == [(5, 3)]


async def test_what_is_refused_is_said_and_stands_in_the_form_until_something_is_taken(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        panel = await hall.alice.run("/bet", hall.chat)
        for stake, said in (("all", "⚠️ “all” isn't a number."), ("13", "⚠️ Something went wrong on our side.")):
            refused = await typed(hall.alice, panel, stake)
            assert refused.content.startswith(said)
            assert refused.content.endswith("0 at 2")
            assert await stands(hall.alice, panel) == [stake, "9"]
        await typed(hall.alice, panel, "5")
        assert await stands(hall.alice, panel) == ["5", "9"]


async def test_of_a_form_all_that_is_wrong_is_said_and_the_rest_is_taken(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        panel = await hall.alice.run("/bet", hall.chat)
        refused = await typed(hall.alice, panel, "5", "none")
        assert refused.content == "⚠️ “none” isn't a number.\n5 at 2"
        assert await stands(hall.alice, panel) == ["5", "none"]
        refused = await typed(hall.alice, panel, "all", "0")
        assert refused.content == "⚠️ “all” isn't a number.\nThen nobody can bet.\n5 at 2"


async def test_what_only_the_operator_is_to_read_is_not_shown(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        panel = await hall.alice.run("/bet", hall.chat)
        for limit in ("9", "none"):
            assert (await typed(hall.alice, panel, "14", limit)).content == "⚠️ Try again later.\n0 at 2"
            assert await stands(hall.alice, panel) == ["14", limit]


async def test_a_step_that_was_stored_stays_if_the_next_fails(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        panel = await hall.alice.run("/bet", hall.chat)
        assert (await hall.alice.click(panel, "break")).content == "⚠️ The second failed.\n0 at 100"


async def test_the_panel_of_an_earlier_draft_is_told_from_the_newest(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, made):
        old = await hall.alice.run("/bet", hall.chat)
        new = await hall.alice.run("/bet", hall.chat)
        assert (await hall.alice.click(old, "place")).content == "It's placed already."
        await hall.alice.click(new, "place")
        assert len(made.placed) == 1
