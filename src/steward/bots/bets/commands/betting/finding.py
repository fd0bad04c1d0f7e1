"""The games and picks that commands are about: offered while a member types, found by what was chosen or typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import discord

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.fixtures.market_prices import GamePrice, PriceKey, prices_of
from steward.bots.bets.fixtures.search import open_games
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.odds.prices import show_odds
from steward.bots.bets.placing.preferences import preferences_of
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settings import BetsSettings
from steward.bots.bets.slips.slip import QuotedLeg
from steward.bots.bets.views.games import label, place, rank, versus
from steward.bots.bets.views.picks import pick_name
from steward.client.embeds import quoted
from steward.client.interactions import guild_of
from steward.client.panels.chooser import LONGEST_CHOICE, Named, the_one, typed_id
from steward.errors import StewardError
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.runtime.wall_time import wall_of
from steward.store import Transaction, from_millis
from steward.text.clock_times import wall_label
from steward.text.cutting import cut_label
from steward.text.matching import best_matches

PICKED = "game:"
NO_FEED = BetsError(
    "No feed is set up, so there are no games to bet on.",
    remedy="Whoever runs the bot sets one up. Members bet on questions of their own with `/market create`.",
)
LONGEST_TEAM = 32  # the name of a pick and its odds fit in a choice
Prices = Mapping[PriceKey, GamePrice]


def require_games(tx: Transaction, host: Host) -> None:
    """
    Refuse to look for a game where nothing brings any, and none is left of what brought some.

    Raises:
        BetsError: nothing does.

    """
    if not host.settings.of(BetsSettings).has_feed and tx.value("SELECT 1 FROM bet_games LIMIT 1") is None:
        raise NO_FEED


def picked(game: Game) -> str:
    """Return what stands for a game in a choice; no team is called so, while some are called by a number."""
    return f"{PICKED}{game.id}"


class GameChooser:
    """
    Offers games that take bets while a member types, and finds the one that was meant.

    Args:
        priced: offer those alone that have odds now.

    """

    def __init__(self, host: Host, *, priced: bool = False) -> None:
        self._priced = priced
        self._host = host
        self._store = host.store
        self._zones = host.guilds.zones

    async def offered(self, interaction: discord.Interaction, typed: str) -> Named:
        """Return games by name, with their start on the member's own clock."""
        found = await self._store.read(partial(open_games, typed=typed, priced=self._priced))
        zone = await self._zones.typed_by(guild_of(interaction), interaction.user.id)
        return [
            (_with_start(game, wall_label(wall_of(from_millis(game.starts_ms), zone))), picked(game)) for game in found
        ]

    def found(self, tx: Transaction, typed: str) -> Game:
        """
        Return the game that was picked, or the only one that takes bets and whose teams begin so.

        Raises:
            BetsError: there is none.
            Ambiguous: several do.

        """
        typed = typed.strip()
        number = typed_id(typed.removeprefix(PICKED)) if typed.startswith(PICKED) else None
        if number is not None and (game := find_games(tx, [number]).get(number)) is not None:
            return game
        fitting = open_games(tx, typed, priced=True) if self._priced else []
        fitting = fitting or open_games(tx, typed)  # else it's said that there are no odds
        found = the_one(typed, fitting, "games", option="game", offer=lambda one: (label(one), picked(one)))
        if found is None:
            require_games(tx, self._host)
            raise BetsError(
                f"I know no game “{quoted(typed)}” that's still to come.",
                remedy="Pick one from the list that shows while you type, or see `/schedule`.",
            )
        return found


class PickFinder:
    """Offers and finds what can be bet on in a game."""

    def __init__(self, host: Host, games: GameChooser, section: Section[BetsSection]) -> None:
        self._store = host.store
        self._games = games
        self._section = section

    async def offered(self, interaction: discord.Interaction) -> Named:
        """Return the picks of the game that is chosen already, with the odds as the member reads them."""
        named = getattr(interaction.namespace, "game", None) or ""
        guild_id, user_id = guild_of(interaction), interaction.user.id
        section = self._section.of(guild_id)

        def read(tx: Transaction) -> list[tuple[str, str]]:
            try:
                game = self._games.found(tx, named)
            except StewardError:
                return []
            odds_format = preferences_of(tx, guild_id, user_id).reads(section)
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


def _with_start(game: Game, start: str) -> str:
    return f"{cut_label(label(game), LONGEST_CHOICE - len(start) - 2)}, {start}"
