"""`/help`: what a member can do here, by what it is about, each command ready to click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.embeds import BLUE, Message
from steward.client.interactions import Interactions, answered
from steward.client.interactions.offered import Family
from steward.text.cutting import cut_list

LONGEST = 4096  # of an embed's description
SHARED, OWN = "This server", "For you"  # what belongs to no bot
NOTE = "You see the commands that you may use. Click one to use it."


def offer_help(interactions: Interactions, titles: Mapping[str, str]) -> None:
    """Have `/help` answered; `titles` of the bots, by name."""

    @app_commands.command(name="help", description="What you can do with this bot here")
    @answered(private=True)
    async def show(interaction: discord.Interaction) -> Reply:
        return Reply(help_view(interactions.offered_to(interaction), titles))

    interactions.add(show)


def help_view(families: Sequence[Family], titles: Mapping[str, str]) -> Message:
    """Show commands under what they are about: those of each bot, then those of all."""
    texts: list[str] = []
    by_title: dict[str, list[Family]] = {title: [] for title in (*titles.values(), SHARED, OWN)}
    for family in families:
        title = titles.get(family.owner) if family.owner is not None else SHARED if family.is_restricted else OWN
        by_title[title or OWN].append(family)
    for title, mine in by_title.items():
        if mine:
            texts += [f"**{title}**", *(f"{family.description}: {' '.join(family.mentions)}" for family in mine)]
    embed = {
        "title": "What you can do here",
        "description": cut_list(texts, LONGEST),
        "color": BLUE,
        "footer": {"text": NOTE},
    }
    return {"embeds": [embed]}
