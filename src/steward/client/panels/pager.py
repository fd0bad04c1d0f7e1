"""
A list that is shown a page at a time: its buttons carry the page, so that they work after any restart.

    TOP = Action("bets", "top", args=(number, page))
    turn_pages(host.interactions, TOP, self._top)  # async def _top(interaction, season, page) -> the message
    {"embeds": [...], "components": turns(page, more, lambda to: TOP.id(season, to))}
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steward.client.interactions import Action, Reply, Use, button, row
from steward.client.interactions.actions import up_to
from steward.client.panels.panel import Handlers
from steward.client.payloads import Payload


def page(text: str) -> object:
    """Read a page of a button's custom id; -1 is that of the one before the first, which is switched off."""
    return -1 if text == "-1" else up_to(10_000)(text)


def turn_pages(interactions: Handlers, action: Action, draw: Callable[..., Awaitable[Payload]]) -> None:
    """Have pages drawn, by the interaction and the action's numbers; a member's own takes the place of the last."""

    async def turned(use: Use) -> Reply:
        shown = use.interaction.message
        own = shown is not None and shown.flags.ephemeral
        return Reply(await draw(use.interaction, *map(int, use.args)), update=own)

    interactions.on(action, turned, private=True)


def turns(number: int, more: bool, turn: Callable[[int], str]) -> list[Payload]:
    """Return the buttons that turn pages, by their custom ids; nothing where there is but one, of number 0."""
    earlier = button("Earlier", turn(number - 1), disabled=number == 0)
    later = button("Later", turn(number + 1), disabled=not more)
    return [row(earlier, later)] if more or number else []
