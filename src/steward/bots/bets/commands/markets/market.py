"""`/market`: members make markets of their own, and see what there is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from steward.bots.bets.commands.managing import manages_bets
from steward.bots.bets.commands.markets.market_presses import MarketPresses
from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.wallets import require_house
from steward.bots.bets.markets.draft import MARKET_DRAFTS, MarketDraft
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views import actions
from steward.client.access.channel_access import writable
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.embeds import Message, plain
from steward.client.interactions import Use, answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one, typed_id
from steward.client.panels.pager import turn_pages
from steward.client.panels.panel import Panel
from steward.client.panels.typed_times import TimeReader, which_reading
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.matching import best_matches

if TYPE_CHECKING:
    from steward.bots.bets.markets.market import MemberMarket
    from steward.client.panels.form import ModalForm

ONE_TIME = "Write one time at which it closes, such as `friday 8pm`."
DRAFT_GONE = BetsError("I don't have that market any more.", remedy="Begin again with `/market create`.")
A_PERCENT = 100  # basis points
Chosen = app_commands.Transform[str, Offered(lambda group, *asked: group.offered(*asked))]


class MarketCommands(app_commands.Group):
    """The commands under `/market`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="market", description="Bets on questions of your own")
        self._store = host.store
        self._clock = host.clock
        self._access = host.access
        self._zones = host.guilds.zones
        self._section = section
        self._reader = TimeReader(host.clock)
        host.interactions.add(self)
        self._panel = Panel(host.interactions, host.store, MARKET_DRAFTS, self._draw, self._missing, command="market")
        self._panel.form(actions.MARKET_WRITTEN, _form, self._written, opens=actions.MARKET_WRITE)
        self._panel.on(actions.MARKET_MEANT, self._meant)
        self._panel.on(actions.MARKET_POST, self._post)
        self._panel.on(actions.MARKET_DISCARD, self._discard)
        turn_pages(host.interactions, actions.MARKETS_LIST, self._page)
        MarketPresses(host, section)

    @app_commands.command(description="Ask a question that others bet on")
    @answered(private=True, opens_form=True)
    async def create(self, interaction: discord.Interaction) -> Reply:
        guild_id = guild_of(interaction)
        require_house(self._section.of(guild_id))
        channel_id = writable(interaction)
        zone = await self._zones.typed_by(guild_id, interaction.user.id)
        draft = MarketDraft(interaction.id, channel_id, zone)
        await self._panel.keep(interaction, draft)
        return Reply(modal=_form(draft).modal(actions.MARKET_WRITTEN.id(draft.id)))

    @app_commands.command(name="list", description="The markets that aren't settled yet")
    @answered(private=True)
    async def show_list(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0))

    @app_commands.command(description="A market, with all that can be done there")
    @app_commands.describe(market="Which one: its question")
    @answered(private=True)
    async def show(self, interaction: discord.Interaction, market: Chosen) -> Reply:
        from steward.bots.bets.markets.rows import GONE, has_market, market_of, named_markets
        from steward.bots.bets.views.markets import market_post

        guild_id = guild_of(interaction)

        def read(tx: Transaction) -> MemberMarket:
            if (picked := typed_id(market)) is not None and has_market(tx, guild_id, picked):
                return market_of(tx, picked, guild_id)
            named = named_markets(tx, guild_id)
            ids = best_matches(market, named)
            questions = {id_: question for question, id_ in named}
            found = the_one(market, ids, "markets", option="market", offer=lambda id_: (questions[id_], str(id_)))
            if found is None:
                raise GONE
            return market_of(tx, found, guild_id)

        return Reply(market_post(await self._store.read(read), self._section.of(guild_id)))

    async def offered(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer a guild's markets by their questions."""
        from steward.bots.bets.markets.rows import named_markets

        named = await self._store.read(partial(named_markets, guild_id=guild_of(interaction)))
        return [(question, str(id_)) for question, id_ in named]

    async def _page(self, interaction: discord.Interaction, page: int) -> Message:
        from steward.bots.bets.markets.rows import unsettled
        from steward.bots.bets.views.markets import market_list

        guild_id = guild_of(interaction)
        found, has_more = await self._store.read(partial(unsettled, guild_id=guild_id, page=page))
        return market_list(found, page, self._section.of(guild_id), has_more=has_more)

    async def _written(self, use: Use, draft: MarketDraft, values: dict[str, Any]) -> MarketDraft:
        """Take what was typed, as far as it can be read."""
        taken = {name: values[name] for name in ("question", "outcomes", "source") if name in values}
        closes = await self._reader.read_once(
            values["closes"], draft.zone, remedy=ONE_TIME, locale=use.interaction.locale
        )
        return draft.changed(closes=closes, **taken)

    async def _meant(self, use: Use, draft: MarketDraft) -> MarketDraft:
        if draft.closes is None or draft.closes.is_clear:
            return draft
        reading = min(int(use.args[1]), len(draft.closes.readings) - 1)
        return draft.changed(closes=draft.closes.meaning(reading))

    async def _post(self, use: Use, draft: MarketDraft) -> Reply:
        from steward.bots.bets.markets.making import make_market

        guild_id = guild_of(use.interaction)
        market = self._market(use.interaction, draft)
        writable(use.interaction)
        await self._access.require(guild_id, draft.channel_id, POST)
        await self._store.write(partial(make_market, market=market, section=self._section.of(guild_id)))
        said = f"Your market **{plain(market.question)}** is posted here."
        return Reply({"content": said, "embeds": [], "components": []}, update=True)

    async def _discard(self, use: Use, draft: MarketDraft) -> Reply:
        await self._panel.drop(use.interaction)
        return Reply({"content": "Okay, I've thrown it away.", "embeds": [], "components": []}, update=True)

    async def _draw(
        self, interaction: discord.Interaction, draft: MarketDraft, problem: StewardError | None
    ) -> Message:
        """Ask what the closing time means, or show what the market will look like, or why it can't be posted."""
        from steward.bots.bets.views.markets import preview

        guild_id = guild_of(interaction)
        zone_note = await self._zones.note(guild_id, interaction.user.id, draft.zone)
        if problem is None and draft.closes is not None and not draft.closes.is_clear:
            return which_reading(
                draft.closes, draft.zone, lambda number, _: actions.MARKET_MEANT.id(draft.id, number), zone_note
            )
        market = None
        if draft.is_whole:
            try:
                market = self._market(interaction, draft)
            except StewardError as error:
                problem = problem or error
        notes = () if draft.closes is None else draft.closes.notes
        told = "" if problem is None else f"⚠️ {problem}"
        section, shown = self._section.of(guild_id), None if problem is not None else market
        return preview(draft, shown, section, told, *notes, zone_note or "")

    async def _missing(self, use: Use) -> Reply:
        raise DRAFT_GONE

    def _market(self, interaction: discord.Interaction, draft: MarketDraft) -> MemberMarket:
        """
        Return the market that a draft becomes.

        Raises:
            BetsError: it can't be so, or not by this member.

        """
        from steward.bots.bets.markets.making import drafted_market

        guild_id = guild_of(interaction)
        section = self._section.of(guild_id)
        require_house(section)
        takeout_bps = section.market_takeout * A_PERCENT
        market = drafted_market(draft, guild_id, interaction.user.id, self._clock.now(), takeout_bps)
        if market.has_odds and not manages_bets(interaction, section):
            raise BetsError(
                "Only bet managers make markets with fixed odds, for the house pays them.",
                remedy="Leave the odds out: it becomes a pool.",
            )
        if market.has_odds and not section.market_exposure:
            raise BetsError("There are no markets with fixed odds in this server.", remedy="Leave the odds out.")
        return market


def _form(draft: MarketDraft) -> ModalForm:
    from steward.bots.bets.views.market_forms import market_form

    return market_form(draft)
