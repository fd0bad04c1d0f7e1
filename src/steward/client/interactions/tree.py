"""discord.py's command tree, with its own way of running handlers taken out; completion in time, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import AppCommandType, InteractionType, app_commands

from steward.client.components.reply import Reply
from steward.client.interactions.answered import reply_to
from steward.errors import StewardError
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

_SLASH, _USER, _MESSAGE = AppCommandType.chat_input, AppCommandType.user, AppCommandType.message
COMPLETED_WITHIN = 2.0  # seconds for the options of a field: they cannot be deferred


class CommandTree(app_commands.CommandTree[Any]):
    """
    Finds the command, reads its options and calls it; `Interactions` decides when, and what becomes of errors.

    discord.py itself would start each handler as a task that nobody holds (`CommandTree._from_interaction`), and log
    what it raises. Commands are for servers: they are offered nowhere else.
    """

    def __init__(self, client: discord.Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )

    def _from_interaction(self, interaction: discord.Interaction) -> None:
        """Leave it alone: the client's `on_interaction` comes next."""

    def payload(self) -> list[dict[str, Any]]:
        """Return all commands as Discord's API takes them."""
        commands = (*self.get_commands(type=_SLASH), *self.get_commands(type=_USER), *self.get_commands(type=_MESSAGE))
        return [command.to_dict(self) for command in commands]

    async def run(self, interaction: discord.Interaction) -> Reply | None:
        """
        Run the interaction's command, or complete its option, and return what it returned.

        Raises:
            AppCommandError: it cannot be run.
            Exception: what the command raised.

        """
        await self._call(interaction)
        reply = reply_to(interaction)
        if reply is None and interaction.type is InteractionType.application_command:
            _need_answer(interaction)
        return reply

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Let it out, as it was raised."""
        del interaction
        wrapped = isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError)
        raise error.__cause__ if wrapped and error.__cause__ is not None else error


def _need_answer(interaction: discord.Interaction) -> None:
    if not interaction.response.is_done():
        name = interaction.command.qualified_name if interaction.command is not None else "?"
        raise TypeError(f"/{name} returned no Reply: is it declared with @answered()?")


async def complete(interaction: discord.Interaction, run: Callable[[discord.Interaction], Awaitable[Any]]) -> None:
    """Have `run` complete the option; offer nothing where it fails or takes too long. It raises nothing."""
    reason = "it failed"  # discord.py has logged why
    try:
        async with asyncio.timeout(COMPLETED_WITHIN):
            await run(interaction)
    except TimeoutError:
        reason = f"it took longer than {COMPLETED_WITHIN:.0f} s"
    except (app_commands.AppCommandError, StewardError) as error:
        reason = str(error)
    if interaction.response.is_done():
        return
    log.warning("autocomplete_failed", reason=reason)
    try:
        async with asyncio.timeout(COMPLETED_WITHIN):
            await interaction.response.autocomplete([])
    except (TimeoutError, OSError, discord.DiscordException) as error:
        log.debug("autocomplete_unanswered", reason=f"{type(error).__name__}: {error}")
