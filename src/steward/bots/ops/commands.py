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
from steward.errors import NeedsOperator
from steward.guilds.suspicions import Suspicion, SuspicionLog
from steward.runtime.clock import Clock


class Operators:
    """
    Knows who may use the operator's commands.

    The application's owner or team may, anywhere. Administrators may in the bot's home server, and in its only one: of
    a bot in many servers, administrators of one are guests.

    Args:
        home: the operator's own server; None where it is not named.

    """

    def __init__(self, client: discord.Client, home: int | None) -> None:
        self._client = client
        self._home = home

    def include(self, interaction: discord.Interaction) -> bool:
        """Tell whether whoever gives this command runs the bot."""
        if interaction.user.id in self._owners():
            return True
        if not interaction.permissions.administrator:
            return False
        return interaction.guild_id == self._home if self._home is not None else len(self._client.guilds) == 1

    def _owners(self) -> set[int]:
        application = self._client.application
        if application is None:
            return set()
        team = application.team
        return {application.owner.id} if team is None else {member.id for member in team.members}


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
        suspicions: told of whoever tries without being allowed to.

    """

    def __init__(
        self,
        operators: Operators,
        pages: OpsPages,
        clean_up: Callable[[], Awaitable[Sequence[Fact]]],
        suspicions: SuspicionLog,
        clock: Clock,
    ) -> None:
        self._operators = operators
        self._pages = pages
        self._clean_up = clean_up
        self._suspicions = suspicions
        self._clock = clock

    def __iter__(self) -> Iterator[OpsCommand]:
        for page in OpsPage:
            yield OpsCommand(page.value, _DESCRIPTIONS[page], self._opens(page))
        yield OpsCommand(CLEANUP, "Free memory now, and say what each part freed", self._cleans_up)

    def _opens(self, page: OpsPage) -> Callable[[discord.Interaction], Coroutine[Any, Any, Reply]]:
        async def handle(interaction: discord.Interaction) -> Reply:
            self._require_operator(interaction, page.value)
            facts = await self._pages.facts(page, interaction.guild_id)
            return Reply(page_view(page.heading, facts, self._clock.now()), private=True)

        return handle

    async def _cleans_up(self, interaction: discord.Interaction) -> Reply:
        self._require_operator(interaction, CLEANUP)
        return Reply(page_view("Cleaned up", await self._clean_up(), self._clock.now()), private=True)

    def _require_operator(self, interaction: discord.Interaction, name: str) -> None:
        if self._operators.include(interaction):
            return
        self._suspicions.note(
            Suspicion.NOT_ALLOWED, f"tried `/{name}`", guild_id=interaction.guild_id, user_id=interaction.user.id
        )
        raise NeedsOperator(
            f"`/{name}` is for whoever runs the bot.",
            remedy="That is its owner, and the administrators of its home server (GUILD_ID) or of its only one.",
        )
