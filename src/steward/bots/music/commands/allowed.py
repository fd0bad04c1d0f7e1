"""Where music is answered for all to see."""

from __future__ import annotations

import discord

from steward.bots.music.errors import MusicError
from steward.bots.music.section import MusicSection
from steward.client.interactions import guild_of
from steward.guilds.settings_book import Section
from steward.text.plurals import listed


def music_guild(interaction: discord.Interaction, section: Section[MusicSection]) -> int:
    """
    Return the guild's id; threads count as their channel.

    Raises:
        MusicError: the server answers about music in other channels.

    """
    guild_id = guild_of(interaction)
    allowed = section.of(guild_id).channel_ids
    here = {interaction.channel_id, getattr(interaction.channel, "parent_id", None)}
    if allowed and not here & {*allowed}:
        raise MusicError(f"Here I answer about music in {listed([f'<#{one}>' for one in allowed])} only.")
    return guild_id
