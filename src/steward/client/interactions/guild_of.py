"""The guild in which a command is used."""

from __future__ import annotations

import discord

from steward.errors import NeedsOperator


def guild_of(interaction: discord.Interaction) -> int:
    """
    Return the guild's id.

    Raises:
        NeedsOperator: it is used outside of guilds; Discord offers it in guilds only.

    """
    if interaction.guild_id is None:
        raise NeedsOperator("This only works in a server.", remedy="Use it in one of your server's channels.")
    return interaction.guild_id
