"""`/bets format`: how a member reads odds, whether better prices are taken unasked, and whether wins mention them."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.bets.odds.prices import Odds, OddsFormat, show_odds
from steward.bots.bets.placing.preferences import BetPreferences, prefer
from steward.bots.bets.section import BetsSection
from steward.client.components import Reply
from steward.client.interactions import answered, guild_of
from steward.guilds.host import Host
from steward.guilds.settings_book import Section

TAKE, ASK = "take", "ask"
_EXAMPLE = Odds(5, 2)
SERVERS = "server"
_FORMATS = [
    app_commands.Choice(name="As this server writes them", value=SERVERS),
    *(
        app_commands.Choice(name=f"{one.value.capitalize()}, such as {show_odds(_EXAMPLE, one)}", value=one.value)
        for one in OddsFormat
    ),
]
MENTION, QUIETLY = "mention", "quietly"
_WINS = [
    app_commands.Choice(name="Mention me", value=MENTION),
    app_commands.Choice(name="Don't mention me", value=QUIETLY),
]
_BETTER = [
    app_commands.Choice(name="Take them", value=TAKE),
    app_commands.Choice(name="Ask me first", value=ASK),
]


class PreferenceCommands(app_commands.Group):
    """The commands with which members choose how they bet; they stand under `/bets`."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        super().__init__(name="bets", description="Your bets")
        self._store = host.store
        self._section = section

    @app_commands.command(
        name="format", description="How you read odds, and what happens if a price gets better or you win"
    )
    @app_commands.describe(
        odds="How odds are written for you",
        better_prices="When one comes up",
        wins="When the channel for bets is told that you won",
    )
    @app_commands.choices(odds=_FORMATS, better_prices=_BETTER, wins=_WINS)
    @answered(private=True)
    async def choose(
        self,
        interaction: discord.Interaction,
        odds: str | None = None,
        better_prices: str | None = None,
        wins: str | None = None,
    ) -> Reply:
        work = partial(
            prefer,
            guild_id=guild_of(interaction),
            user_id=interaction.user.id,
            odds_format=None if odds is None else "" if odds == SERVERS else OddsFormat(odds),
            takes_better=None if better_prices is None else better_prices == TAKE,
            mentioned=None if wins is None else wins == MENTION,
        )
        return Reply.say(_said(await self._store.write(work), self._section.of(guild_of(interaction))))


def _said(now: BetPreferences, section: BetsSection) -> str:
    read = now.reads(section)
    example = f"{read.value} odds, such as {show_odds(_EXAMPLE, read)}"
    if now.odds_format is None:
        example += ", as this server writes them"
    better = "is taken" if now.takes_better else "is shown to you first"
    mentioned = "are" if now.mentioned else "aren't"
    return (
        f"You read {example}."
        f" A price that gets better while you look at your slip {better}."
        f" When you win you {mentioned} mentioned."
    )
