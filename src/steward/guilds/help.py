"""`/help`: what a member can do here, by what it is about, each command ready to click."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from steward.client.embeds import BLUE, Message
from steward.client.interactions import Interactions, Reply, answered
from steward.client.interactions.offered import Family
from steward.text.cutting import cut_list

LONGEST = 4096  # of an embed's description
# By the package that answers a command; what stands in none of them is the member's own.
SECTIONS = (
    ("steward.bots.events", "Events"),
    ("steward.bots.stats", "Statistics"),
    ("steward.bots.ops", "Running the bot"),
    ("", "For you"),
)
NOTE = "You see the commands that you may use. Click one to use it."


def offer_help(interactions: Interactions) -> None:
    """Have `/help` answered."""

    @app_commands.command(name="help", description="What you can do with this bot here")
    @answered(private=True)
    async def show(interaction: discord.Interaction) -> Reply:
        return Reply(help_view(interactions.offered_to(interaction)))

    interactions.add(show)


def help_view(families: Sequence[Family]) -> Message:
    """Show commands under what they are about."""
    texts: list[str] = []
    left = list(families)
    for package, title in SECTIONS:
        mine = [family for family in left if family.module.startswith(package)]
        left = [family for family in left if family not in mine]
        if mine:
            texts += [f"**{title}**", *(f"{family.description}: {' '.join(family.mentions)}" for family in mine)]
    embed = {
        "title": "What you can do here",
        "description": cut_list(texts, LONGEST),
        "color": BLUE,
        "footer": {"text": NOTE},
    }
    return {"embeds": [embed]}
