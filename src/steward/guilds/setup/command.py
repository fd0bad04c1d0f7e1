"""`/setup`: one private panel in which an administrator chooses, previews, saves and takes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.interactions import Interactions, answered
from steward.errors import NotReady
from steward.guilds.setup.section import SetupPanel

Setups = Mapping[str, SetupPanel[Any, Any]]


def offer_setup(interactions: Interactions, setups: Callable[[], Setups]) -> None:
    """
    Have `/setup` answered.

    Args:
        setups: the sections of the bots that are on now, by their names; the first is opened unless said.

    """
    there = setups()
    offered = [app_commands.Choice(name=section.title, value=name) for name, section in there.items()]
    for section in there.values():
        section.others = lambda: setups().values()

    @app_commands.command(name="setup", description="Set up this server: time zone, channels, reports and more")
    @app_commands.describe(what=f"What to set up; default: {offered[0].name}")
    @app_commands.choices(what=offered)
    @app_commands.default_permissions(manage_guild=True)
    @answered(private=True)
    async def setup(interaction: discord.Interaction, what: str | None = None) -> Reply:
        now = setups()
        section = now.get(what or next(iter(now), ""))
        if section is None:
            raise NotReady("That part of me is switched off.", remedy="Ask whoever runs the bot.")
        return await section.open(interaction)

    interactions.add(setup)
