"""Things are offered by name while a member types, and found by what was sent off."""

from __future__ import annotations

from contextlib import asynccontextmanager

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.interactions import answered
from steward.client.panels.chooser import Named, Offered, the_one
from steward.errors import StewardError
from steward.text.matching import best_matches
from tests.client.interactions.reception import reception

MARKETS = {"1": "Derby of the North", "2": "Derby of the South", "3": "Cup final " + "x" * 120}

Market = app_commands.Transform[str, Offered(lambda group, interaction, typed: group.open(typed))]
Odds = app_commands.Transform[str, Offered(lambda group, interaction, typed: group.odds(), longest=5, narrowed=False)]


class Bets(app_commands.Group):
    """The least that a bot has to write."""

    def __init__(self, markets: dict[str, str]) -> None:
        super().__init__(name="bet", description="Bets")
        self.markets = markets
        self.typed: list[str] = []

    @app_commands.command(description="Bet on something")
    @answered(private=True)
    async def on(self, interaction: discord.Interaction, market: Market, odds: Odds | None = None) -> Reply:
        found = self.markets.get(market)
        if found is None:
            fitting = best_matches(market, [(name, name) for name in self.markets.values()])
            found = the_one(market, fitting, "markets", option="market", offer=self.named)
        if found is None:
            raise StewardError("There's no such market.")
        return Reply.say(f"{found[:20]}, {odds}")

    async def open(self, typed: str) -> Named:
        self.typed.append(typed)
        return [(name, key) for key, name in self.markets.items()]

    async def odds(self) -> Named:
        return [("evens", "1/1"), ("two to one", "2/1")]

    def named(self, wanted: str) -> tuple[str, str]:
        return next((name, key) for key, name in self.markets.items() if name == wanted)


@asynccontextmanager
async def bets(clock, tmp_path, markets=MARKETS):
    async with reception(clock, tmp_path) as hall:
        group = Bets(dict(markets))
        await hall.open(group)
        yield hall, group


async def test_what_has_the_typed_text_in_its_name_is_offered_and_found_by_its_value(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, group):
        offered = await hall.alice.autocomplete("/bet on", market="the NORTH")
        assert [(one["name"], one["value"]) for one in offered.interaction.choices] == [("Derby of the North", "1")]
        assert group.typed == ["the NORTH"]
        assert (await hall.alice.run("/bet on", hall.chat, market="1")).content == "Derby of the North, None"


async def test_as_many_as_discord_shows_are_offered_and_names_are_cut(clock, tmp_path):
    many = {str(number): f"Match {number}" for number in range(30)} | MARKETS
    async with bets(clock, tmp_path, many) as (hall, _):
        assert len((await hall.alice.autocomplete("/bet on", market="match")).choices) == 25
        (cup,) = (await hall.alice.autocomplete("/bet on", market="cup")).choices
        assert len(cup) == 100


async def test_who_looks_for_the_text_oneself_has_everything_offered(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        assert (await hall.alice.autocomplete("/bet on", market="1", odds="zzz")).choices == ["evens", "two to one"]


async def test_of_several_that_fit_the_member_picks_one_and_the_command_goes_on(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        asked = await hall.alice.run("/bet on", hall.chat, market="derby", odds="2/1")
        assert asked.content == "Several markets fit “derby”. Which one do you mean?"
        assert (await hall.alice.click(asked, "Derby of the South")).content == "Derby of the South, 2/1"
        assert (await hall.alice.run("/bet on", hall.chat, market="cup")).content.startswith("Cup final xxx")
        assert "no such market" in (await hall.alice.run("/bet on", hall.chat, market="polo")).content


async def test_two_groups_of_one_class_offer_what_each_of_them_has(clock, tmp_path):
    async with bets(clock, tmp_path) as (hall, _):
        Bets({"9": "Elsewhere"})
        assert len((await hall.alice.autocomplete("/bet on", market="")).choices) == 3
