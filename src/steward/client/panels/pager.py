"""
A list shown page by page. The buttons carry the page number, so they work after a restart.

    TOP = Action("bets", "top", args=(number, page))
    turn_pages(host.interactions, TOP, self._top)  # async def _top(interaction, season, page) -> the message
    {"embeds": [...], "components": turns(page, more, lambda to: TOP.id(season, to))}
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steward.client.components import Action, Reply
from steward.client.interactions import Use
from steward.client.panels.panel import Handlers
from steward.client.payloads import Payload


def turn_pages(interactions: Handlers, action: Action, draw: Callable[..., Awaitable[Payload]]) -> None:
    """
    Register the buttons that turn pages; `draw` gets the interaction and the numbers that are the action's arguments.

    A page replaces the one before it if the message is private; else the member gets a private one.
    """

    async def turned(use: Use) -> Reply:
        shown = use.interaction.message
        own = shown is not None and shown.flags.ephemeral
        return Reply(await draw(use.interaction, *map(int, use.args)), update=own)

    interactions.on(action, turned, private=True)
