"""`/feeds`: how feeds are, and what they leave open, decided by whoever runs the bot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from steward.bots.bets.feeds.installed import BetFeeds
from steward.bots.bets.views import actions
from steward.client.components import Action, Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, answered
from steward.client.interactions.rights import MAY_USE
from steward.client.panels.pager import turn_pages
from steward.guilds.host import Host
from steward.guilds.operators import Operators

if TYPE_CHECKING:
    from steward.bots.bets.commands.feeds.feed_queue import FeedQueue

NAME = "feeds"


class FeedsCommand:
    """The command, and what is pressed below its answer."""

    def __init__(self, host: Host, feeds: BetFeeds) -> None:
        self._host = host
        self._feeds = feeds
        self._operators = Operators(host.client, host.settings.guild_id, host.guilds.suspicions)
        command: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name=NAME, description="How feeds of games are, and what waits for you to decide", callback=self.feeds
        )
        command.default_permissions = discord.Permissions(administrator=True)
        command.extras[MAY_USE] = self._operators.include
        host.interactions.add(command)
        turn_pages(host.interactions, actions.FEEDS_PAGE, self._page)
        for action in actions.FEEDS_PRESSES:
            opens = action in actions.FEEDS_FORMS
            host.interactions.on(action, partial(self._pressed, action), private=True, opens_form=opens)

    @answered(private=True)
    async def feeds(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._page(interaction, 0))

    async def _page(self, interaction: discord.Interaction, page: int) -> Message:
        self._operators.require(interaction, NAME)
        return await self._queue.page(page)

    async def _pressed(self, action: Action, use: Use) -> Reply:
        self._operators.require(use.interaction, NAME)
        return await self._queue.pressed(action, use)

    @property
    def _queue(self) -> FeedQueue:
        """What answers; its code is loaded once somebody asks."""
        from steward.bots.bets.commands.feeds.feed_queue import FeedQueue

        return FeedQueue(self._host, self._feeds)
