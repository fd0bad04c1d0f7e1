"""A panel goes on with the member's draft, says what was refused, and loses nothing that was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from steward.client.interactions import Action, Reply, Use, answered, button, modal, row, text_input
from steward.client.interactions.actions import number
from steward.client.panels.drafts import Drafts
from steward.client.panels.panel import Noted, Panel
from steward.errors import StewardError
from tests.client.interactions.reception import Reception, reception


@dataclass(frozen=True)
class Slip:
    """A bet that is being made."""

    id: int
    stake: int = 0
    odds: int = 2


SLIPS = Drafts(Slip, "bets.slip.")
STAKE, STAKED, MORE, BREAK, PLACE = (
    Action("bets", name, args=(number,)) for name in ("stake", "staked", "more", "break", "place")
)


class Bets:
    """The least that a bot has to write."""

    def __init__(self, hall: Reception) -> None:
        self.placed: list[Slip] = []
        self.panel = Panel(hall.interactions, hall.store, SLIPS, self.draw, self.missing)
        self.panel.form(STAKE, stake_form)
        self.panel.on(STAKED, self.staked)
        self.panel.on(MORE, self.more)
        self.panel.on(BREAK, self.fail)
        self.panel.on(PLACE, self.place)

    async def draw(self, interaction: discord.Interaction, slip: Slip, problem: StewardError | None):
        said = [] if problem is None else [f"⚠️ {problem}"]
        buttons = [button(action.name, action.id(slip.id)) for action in (STAKE, MORE, BREAK, PLACE)]
        return {"content": "\n".join([*said, f"{slip.stake} at {slip.odds}"]), "components": [row(*buttons)]}

    async def missing(self, use: Use) -> Reply:
        return Reply({"content": "It's placed already.", "components": []}, update=True)

    async def staked(self, use: Use, slip: Slip) -> Slip | Noted[Slip]:
        stake = use.fields["stake"]
        if stake == "crash":
            raise RuntimeError("a fault")
        if stake == "half":
            return Noted(replace(slip, stake=1), StewardError("Only 1 is left."))
        if not stake.isdecimal():
            raise StewardError(f"“{stake}” isn't a stake.")
        return replace(slip, stake=int(stake))

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


def stake_form(slip: Slip, refused: Mapping[str, str]):
    field = text_input("Stake", "stake", value=refused.get("stake", str(slip.stake)))
    return modal("Stake", STAKED.id(slip.id), field)


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


def stands(opened):
    """Return what stands in the form at first."""
    return opened.data["components"][0]["component"]["value"]


async def typed(member, panel, stake):
    return await member.submit(await member.click(panel, "stake"), stake=stake)


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
        for stake, said in (("all", "⚠️ “all” isn't a stake."), ("crash", "⚠️ Something went wrong on our side.")):
            refused = await typed(hall.alice, panel, stake)
            assert refused.content.startswith(said)
            assert refused.content.endswith("0 at 2")
            assert stands((await hall.alice.click(panel, "stake")).modal) == stake
        await typed(hall.alice, panel, "5")
        assert stands((await hall.alice.click(panel, "stake")).modal) == "5"


async def test_a_part_that_could_be_taken_is(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        panel = await hall.alice.run("/bet", hall.chat)
        assert (await typed(hall.alice, panel, "half")).content == "⚠️ Only 1 is left.\n1 at 2"
        assert (await hall.alice.click(panel, "break")).content == "⚠️ The second failed.\n1 at 100"


async def test_the_panel_of_an_earlier_draft_is_told_from_the_newest(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, made):
        old = await hall.alice.run("/bet", hall.chat)
        new = await hall.alice.run("/bet", hall.chat)
        assert (await hall.alice.click(old, "place")).content == "It's placed already."
        await hall.alice.click(new, "place")
        assert len(made.placed) == 1
