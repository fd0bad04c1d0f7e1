"""`/result`: bettors dispute how a game was settled, bet managers rule on it, and everybody sees who decided what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from steward.bots.bets.commands.managing import manages_bets, require_bet_manager
from steward.bots.bets.commands.rulings.ruling import RulingPanel
from steward.bots.bets.errors import BetsError
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settling.draft import LONGEST_REASON
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.store import Transaction
from steward.text.matching import best_matches

if TYPE_CHECKING:
    from steward.bots.bets.fixtures.games import Game

Disputable = app_commands.Transform[str, Offered(lambda group, *asked: group.disputable(*asked))]
Logged = app_commands.Transform[str, Offered(lambda group, *asked: group.logged(*asked))]
Rulable = app_commands.Transform[str, Offered(lambda group, *asked: group.rulable(*asked))]
NONE_BEGUN = "No such game has begun with bets of this server on it, in the last 30 days."
NONE_OF_YOURS = "You have no bet on such a game that was settled in the last 24 hours."
NONE_SETTLED = "No bets on such a game were settled here."


class ResultCommands(app_commands.Group):
    """The commands under `/result`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="result", description="How games were settled, and who decided it")
        self._store = host.store
        self._section = section
        host.interactions.add(self)
        self._panel = RulingPanel(host, section)

    @app_commands.command(description="Dispute how a game that you bet on was settled, within 24 hours")
    @app_commands.describe(game="Which one", reason="What is wrong, for all to see")
    @answered(private=True)
    async def dispute(
        self, interaction: discord.Interaction, game: Disputable, reason: app_commands.Range[str, 1, LONGEST_REASON]
    ) -> Reply:
        from steward.bots.bets.settling.rulings import dispute, may_dispute
        from steward.bots.bets.views.games import versus
        from steward.bots.bets.views.rulings import read_reason

        guild_id, user_id = guild_of(interaction), interaction.user.id
        why = read_reason(reason)

        def work(tx: Transaction) -> str:
            found = _found(game, may_dispute(tx, guild_id, user_id), NONE_OF_YOURS)
            dispute(tx, guild_id, user_id, found.id, why)
            return versus(found)

        named = await self._store.write(work)
        return Reply.say(
            f"You dispute {named}. A bet manager without a bet on it has 48 hours to decide."
            " Until then the bets stay as they are."
        )

    @app_commands.command(description="For bet managers: decide what waits for you, or how another game ended")
    @app_commands.describe(game="Any game with bets that has begun; default: what waits for you")
    @answered(private=True)
    async def rule(self, interaction: discord.Interaction, game: Rulable | None = None) -> Reply:
        from steward.bots.bets.settling.rulings import games_to_rule, pending_games
        from steward.bots.bets.views.rulings import waiting_view

        guild_id = guild_of(interaction)
        require_bet_manager(interaction, self._section.of(guild_id))
        if game is not None:
            found = await self._store.read(lambda tx: _found(game, games_to_rule(tx, guild_id), NONE_BEGUN))
            return await self._panel.begin(interaction, found.id)
        return Reply(await self._store.read(lambda tx: waiting_view(pending_games(tx, guild_id))))

    @app_commands.command(description="By what the bets on a game were settled, and who decided it")
    @app_commands.describe(game="Which one")
    @answered(private=True)
    async def log(self, interaction: discord.Interaction, game: Logged) -> Reply:
        from steward.bots.bets.settling.gradings import all_gradings
        from steward.bots.bets.settling.rulings import log_of, logged_games
        from steward.bots.bets.views.rulings import log_view

        guild_id = guild_of(interaction)

        def read(tx: Transaction) -> Message:
            found = _found(game, logged_games(tx, guild_id), NONE_SETTLED)
            return log_view(found, all_gradings(tx, guild_id, found.id), log_of(tx, guild_id, found.id))

        return Reply(await self._store.read(read))

    async def disputable(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer the games that the member can dispute."""
        from steward.bots.bets.settling.rulings import may_dispute

        return await self._offered(partial(may_dispute, guild_id=guild_of(interaction), user_id=interaction.user.id))

    async def rulable(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer bet managers the games on which they can rule."""
        guild_id = guild_of(interaction)
        if not manages_bets(interaction, self._section.of(guild_id)):
            return []
        from steward.bots.bets.settling.rulings import games_to_rule

        return await self._offered(partial(games_to_rule, guild_id=guild_id))

    async def logged(self, interaction: discord.Interaction, _: str) -> Named:
        """Offer the games that have something in the log."""
        from steward.bots.bets.settling.rulings import logged_games

        return await self._offered(partial(logged_games, guild_id=guild_of(interaction)))

    async def _offered(self, read: Callable[[Transaction], list[Game]]) -> Named:
        from steward.bots.bets.views.games import label

        return [(label(game), str(game.id)) for game in await self._store.read(read)]


def _found(typed: str, games: Sequence[Game], none: str) -> Game:
    """
    Return the game that was picked, or the only one that fits what was typed.

    Raises:
        BetsError: there is none.
        Ambiguous: several fit.

    """
    from steward.bots.bets.views.games import label

    fitting = [game for game in games if str(game.id) == typed.strip()]
    fitting = fitting or best_matches(typed, [(label(game), game) for game in games])
    found = the_one(typed, fitting, "games", option="game", offer=lambda game: (label(game), str(game.id)))
    if found is None:
        raise BetsError(none, remedy="Pick one from the list that shows while you type.")
    return found
