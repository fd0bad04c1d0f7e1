"""Which template a command is about: offered while a member types, or found by what was typed."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.templates import LONGEST_NAME, Templates
from steward.client.interactions.guild_of import guild_of
from steward.client.panels.chooser import Named, Offered, quoted, the_one
from steward.text.matching import best_matches


async def named_template(
    templates: Templates, guild_id: int, written: str, *, option: str = "template"
) -> tuple[str, Details]:
    """
    Return the template of that name, or the only one whose name fits what was typed, with its whole name.

    Raises:
        BadEvent: none fits.
        Ambiguous: several fit.
    """
    kept = await templates.all(guild_id)
    fitting = best_matches(written, [(name, name) for name in kept])
    name = the_one(written, fitting, "templates", option=option, offer=lambda name: (name, name))
    if name is None:
        raise BadEvent(f"There's no template “{quoted(written)}”.", remedy="`/event template list` shows them all.")
    return name, kept[name]


async def _offer(group: Any, interaction: discord.Interaction, _: str) -> Named:
    return [(name, name) for name in await group.templates.all(guild_of(interaction))]


Name = app_commands.Transform[str, Offered(_offer, longest=LONGEST_NAME)]
