"""`/slip`: in units, cappers post what no feed knows, and bet managers grade it."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.bets.commands.managing import require_bet_manager
from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.markets import manual_slips
from steward.bots.bets.markets.manual_slips import (
    GONE,
    GRADES,
    LEAST_STAKE,
    LONGEST_SLIP,
    MOST_STAKE,
    STEP,
    ManualSlip,
    has_slip,
    named_slips,
)
from steward.bots.bets.odds.prices import read_odds
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views import manual_slips as views
from steward.bots.bets.views.words import ENDS
from steward.client.components import Action, Reply
from steward.client.components.actions import number, page
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one, typed_id
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.matching import best_matches

SLIPS = Action("bets", "manual_slips", args=(number, page))  # member
OUTCOMES = [app_commands.Choice(name=ENDS[outcome], value=outcome.value) for outcome in GRADES]
STAKES = [
    app_commands.Choice(name=f"{stake / 100:g} u", value=stake) for stake in range(LEAST_STAKE, MOST_STAKE + 1, STEP)
]
AnySlip = app_commands.Transform[str, Offered(lambda group, *asked: group.gradable(*asked))]
OwnSlip = app_commands.Transform[str, Offered(lambda group, *asked: group.own(*asked))]


class SlipCommands(app_commands.Group):
    """The commands under `/slip`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="slip", description="Bets in units that you write yourself")
        self._store = host.store
        self._section = section
        host.interactions.add(self)
        turn_pages(host.interactions, SLIPS, self._page)

    @app_commands.command(description="Post a bet in units, for all to see")
    @app_commands.describe(text="What you bet on", odds="Such as 2.10, +110 or 6/4", units="How much")
    @app_commands.choices(units=STAKES)
    @answered()
    async def post(
        self,
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, LONGEST_SLIP],
        odds: app_commands.Range[str, 1, 40],
        units: app_commands.Choice[int],
    ) -> Reply:
        from steward.bots.bets.markets.written import read_line

        guild_id, section = self._units(interaction)
        said = read_line(text, "Your bet", "Write what you bet on.")
        slip = ManualSlip(interaction.id, interaction.user.id, said, read_odds(odds), units.value)
        user_id = interaction.user.id
        keep = partial(manual_slips.post_slip, guild_id=guild_id, user_id=user_id, slip=slip, section=section)
        await self._store.write(keep)
        return Reply.say(views.posted(slip, section))

    @app_commands.command(description="For bet managers: say how somebody's slip ended")
    @app_commands.describe(slip="Which one: what it says", outcome="How it ended")
    @app_commands.choices(outcome=OUTCOMES)
    @answered()
    async def grade(self, interaction: discord.Interaction, slip: AnySlip, outcome: app_commands.Choice[str]) -> Reply:
        guild_id, section = self._units(interaction)
        require_bet_manager(interaction, section)

        def work(tx: Transaction) -> ManualSlip:
            found = _chosen(tx, guild_id, slip)
            return manual_slips.grade_slip(tx, guild_id, found, BetOutcome(outcome.value), interaction.user.id)

        return Reply.say(views.graded(await self._store.write(work), section))

    @app_commands.command(description="Delete an open slip of yours; your record says so")
    @app_commands.describe(slip="Which one: what it says")
    @answered()
    async def delete(self, interaction: discord.Interaction, slip: OwnSlip) -> Reply:
        guild_id, section = self._units(interaction)

        def work(tx: Transaction) -> ManualSlip:
            found = _chosen(tx, guild_id, slip, interaction.user.id)
            return manual_slips.delete_slip(tx, guild_id, found, interaction.user.id)

        return Reply.say(views.deleted(await self._store.write(work), section))

    @app_commands.command(name="list", description="Somebody's slips, and what they come to")
    @app_commands.describe(member="Whose; default: yours")
    @answered(private=True)
    async def show_list(
        self, interaction: discord.Interaction, member: discord.Member | discord.User | None = None
    ) -> Reply:
        return Reply(await self._page(interaction, (member or interaction.user).id, 0))

    async def gradable(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer the slips that can be graded."""
        named = await self._store.read(partial(named_slips, guild_id=guild_of(interaction)))
        return [(said, str(id_)) for said, id_ in named]

    async def own(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer the member's own open slips."""
        read = partial(named_slips, guild_id=guild_of(interaction), user_id=interaction.user.id)
        return [(said, str(id_)) for said, id_ in await self._store.read(read)]

    async def _page(self, interaction: discord.Interaction, user_id: int, page: int) -> Message:
        guild_id, section = self._units(interaction)

        def read(tx: Transaction) -> Message:
            found = manual_slips.manual_record(tx, guild_id, user_id, page)
            style = preferences_of(tx, guild_id, interaction.user.id).reads(section)
            return views.record_view(user_id, found, page, section, style, lambda to: SLIPS.id(user_id, to))

        return await self._store.read(read)

    def _units(self, interaction: discord.Interaction) -> tuple[int, BetsSection]:
        """Return the guild and its settings; refuse where bets are in points."""
        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        if section.mode is not BetsMode.UNITS:
            raise BetsError(
                f"Here members bet {section.currency}, and slips are in units.", remedy="Try `/market create`."
            )
        return guild_id, section


def _chosen(tx: Transaction, guild_id: int, typed: str, user_id: int | None = None) -> int:
    """
    Return the id of the slip that was picked, or of the only one of those that are offered that fits what was typed.

    Args:
        user_id: whose slips are offered; None for all that can be graded.

    Raises:
        BetsError: there is none.
        Ambiguous: several fit.

    """
    if (picked := typed_id(typed)) is not None and has_slip(tx, guild_id, picked):
        return picked
    named = named_slips(tx, guild_id, user_id)
    said = {id_: text for text, id_ in named}
    ids = best_matches(typed, named)
    found = the_one(typed, ids, "slips", option="slip", offer=lambda id_: (said[id_], str(id_)))
    if found is None:
        raise GONE
    return found
