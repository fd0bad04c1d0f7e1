"""The six commands for whoever runs the bot: nobody else sees how the machine is doing, or cleans up its memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from steward.bots.ops.facts import Fact
from steward.bots.ops.pages import OpsPage, OpsPages
from steward.bots.ops.views import page_view
from steward.client.components import Reply
from steward.guilds.operators import Operators
from steward.runtime.clock import Clock

CLEANUP = "force_cleanup"

_DESCRIPTIONS = {
    OpsPage.HEALTH: "How the bot is doing, and what to do about it",
    OpsPage.PERFORMANCE: "What takes the time: operations, event loop, caches",
    OpsPage.MEMORY: "Where memory goes, whether it leaks, what can free some",
    OpsPage.SECURITY: "Permissions, suspicious activity, who changed settings",
    OpsPage.STATUS: "Version, servers, background work, what's queued",
}


@dataclass(frozen=True, slots=True)
class OpsCommand:
    """One command: how it is called, what Discord shows of it, and what answers it."""

    name: str
    description: str
    handle: Callable[[discord.Interaction], Coroutine[Any, Any, Reply]]


class OpsCommands:
    """
    Makes the commands.

    Args:
        clean_up: frees what can be freed, and tells it.

    """

    def __init__(
        self,
        operators: Operators,
        pages: OpsPages,
        clean_up: Callable[[], Awaitable[Sequence[Fact]]],
        clock: Clock,
    ) -> None:
        self._operators = operators
        self._pages = pages
        self._clean_up = clean_up
        self._clock = clock

    def __iter__(self) -> Iterator[OpsCommand]:
        for page in OpsPage:
            yield OpsCommand(page.value, _DESCRIPTIONS[page], self._opens(page))
        yield OpsCommand(CLEANUP, "Free memory now, and say what each part freed", self._cleans_up)

    def _opens(self, page: OpsPage) -> Callable[[discord.Interaction], Coroutine[Any, Any, Reply]]:
        async def handle(interaction: discord.Interaction) -> Reply:
            self._operators.require(interaction, page.value)
            facts = await self._pages.facts(page, interaction.guild_id)
            return Reply(page_view(page.heading, facts, self._clock.now()), private=True)

        return handle

    async def _cleans_up(self, interaction: discord.Interaction) -> Reply:
        self._operators.require(interaction, CLEANUP)
        return Reply(page_view("Cleaned up", await self._clean_up(), self._clock.now()), private=True)
