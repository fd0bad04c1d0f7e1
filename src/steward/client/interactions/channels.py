"""Channels as options of commands: as Discord resolves them, since the client keeps none."""

from __future__ import annotations

from typing import Any

import discord
from discord import ChannelType, app_commands


class ChannelOption(app_commands.Transformer):
    """
    An option that takes channels of some types, for `app_commands.Transform[AppCommandChannel, NAMED]`.

    discord.py's own annotations, such as `discord.TextChannel`, look the channel up among those it keeps; here it
    keeps none.
    """

    def __init__(self, *types: ChannelType) -> None:
        self._types = types

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[ChannelType]:
        return list(self._types)

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> app_commands.AppCommandChannel:
        """Return the channel as Discord resolved it."""
        del interaction
        channel: app_commands.AppCommandChannel = value
        return channel


NAMED = ChannelOption(ChannelType.voice, ChannelType.stage_voice, ChannelType.text, ChannelType.news)
TextChannel = app_commands.Transform[app_commands.AppCommandChannel, ChannelOption(ChannelType.text, ChannelType.news)]
"""An option that takes a text or announcement channel."""
