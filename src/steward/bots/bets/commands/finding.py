"""What a command bets on: offered while a member types, found by what was chosen or typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from steward.bots.bets.commands.games import GameChooser
from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import Game
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey, prices_of
from steward.bots.bets.odds.prices import show_odds
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.settlement.markets import BetPick
from steward.bots.bets.slips.slip import QuotedLeg
from steward.bots.bets.views.games import place, rank, versus
from steward.bots.bets.views.picks import pick_name
from steward.client.embeds import quoted
from steward.client.interactions import guild_of
from steward.client.panels.chooser import Named, Offered, the_one
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.store import Transaction
from steward.text.cutting import cut_label
from steward.text.matching import best_matches

if TYPE_CHECKING:
    from steward.bots.bets.commands.bet import BetCommands

LONGEST_TEAM = 32  # the name of a pick and its odds fit in a choice
Prices = Mapping[PriceKey, GamePrice]


class PickFinder:
    """Offers and finds what can be bet on in a game."""

    def __init__(self, host: Host, games: GameChooser) -> None:
        self._store = host.store
        self._games = games

    async def offered(self, interaction: discord.Interaction) -> Named:
        """Return the picks of the game that is chosen already, with the odds as the member reads them."""
        named = getattr(interaction.namespace, "game", None) or ""
        guild_id, user_id = guild_of(interaction), interaction.user.id

        def read(tx: Transaction) -> list[tuple[str, str]]:
            try:
                game = self._games.found(tx, named)
            except StewardError:
                return []
            odds_format = preferences_of(tx, guild_id, user_id).odds_format
            prices = _open_prices(tx, game)
            return [
                (f"{_named(key, game)}, {show_odds(price.odds, odds_format)}", _code(key))
                for key, price in prices.items()
            ]

        return await self._store.read(read) if named else []

    async def leg(self, named: str, typed: str) -> QuotedLeg:
        """
        Return a leg at the price of now.

        Args:
            named, typed: the game and the pick that were chosen, or a part of what they are called.

        Raises:
            BetsError: there is no such game or pick.
            Ambiguous: there are several.

        """

        def read(tx: Transaction) -> QuotedLeg:
            game = self._games.found(tx, named)
            key, price = _found(game, _open_prices(tx, game), typed)
            return QuotedLeg(game.id, key.market, key.selection, key.line, key.period, price.odds)

        return await self._store.read(read)


async def _offered_picks(binding: BetCommands, interaction: discord.Interaction, _: str) -> Named:
    return await binding.picks.offered(interaction)


PickOption = app_commands.Transform[str, Offered(_offered_picks)]
"""What to bet on, for commands with a `game` whose binding has `picks`, a `PickFinder`."""


def _found(game: Game, prices: Prices, typed: str) -> tuple[PriceKey, GamePrice]:
    if not prices:
        raise BetsError(f"There are no odds for {versus(game)} now.", remedy="Try again later.")
    names = {key: _named(key, game) for key in prices}
    chosen = [key for key in prices if _code(key) == typed]
    chosen = chosen or best_matches(typed, [(name, key) for key, name in names.items()])
    key = the_one(typed, chosen, "picks", option="pick", offer=lambda one: (names[one], _code(one)))
    if key is None:
        raise BetsError(
            f"I know no bet “{quoted(typed)}” on {versus(game)}.",
            remedy="Pick one from the list that shows while you type, or see `/odds`.",
        )
    return key, prices[key]


def _open_prices(tx: Transaction, game: Game) -> Prices:
    prices = {key: price for key, price in prices_of(tx, game.id).items() if price.is_open}
    return dict(sorted(prices.items(), key=lambda item: _place(item[0])))


def _place(key: PriceKey) -> tuple[object, ...]:
    """Return by what picks are sorted: the main markets of the whole game first, then by line and side."""
    return rank(key.market, key.period, abs(key.line or 0)), place(key)


def _named(key: PriceKey, game: Game) -> str:
    home, away = (cut_label(name, LONGEST_TEAM) for name in (game.home_name, game.away_name))
    return pick_name(BetPick(*key), home, away)


def _code(key: PriceKey) -> str:
    """Return what stands for a pick of a game in a choice."""
    return "|".join((key.market, key.selection, "" if key.line is None else str(key.line), key.period))
