"""Offers choices while a member types: in time, and none rather than an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from steward.errors import StewardError
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

WITHIN = 2.0  # it cannot be deferred


async def complete(interaction: discord.Interaction, run: Callable[[discord.Interaction], Awaitable[Any]]) -> None:
    """Have `run` complete the option; offer nothing where it fails or takes too long. It raises nothing."""
    reason = "it failed"  # discord.py has logged why
    try:
        async with asyncio.timeout(WITHIN):
            await run(interaction)
    except TimeoutError:
        reason = f"it took longer than {WITHIN:.0f} s"
    except (app_commands.AppCommandError, StewardError) as error:
        reason = str(error)
    if interaction.response.is_done():
        return
    log.warning("autocomplete_failed", reason=reason)
    try:
        async with asyncio.timeout(WITHIN):
            await interaction.response.autocomplete([])
    except (TimeoutError, OSError, discord.DiscordException) as error:
        log.debug("autocomplete_unanswered", reason=f"{type(error).__name__}: {error}")
