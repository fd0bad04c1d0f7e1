"""`/event template`: details of events that organisers begin further ones with, and how options name them."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import AnyEvent, Chooser
from steward.bots.events.model.details import BadEvent, Details
from steward.bots.events.model.pictures import warning
from steward.bots.events.model.templates import LONGEST_NAME, Templates
from steward.bots.events.views.lists import templates_list
from steward.client.components import Reply
from steward.client.embeds import plain, quoted
from steward.client.interactions import answered, guild_of
from steward.client.panels.chooser import Named, Offered, the_one
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


TemplateName = app_commands.Transform[str, Offered(_offer, longest=LONGEST_NAME)]


class TemplateCommands(app_commands.Group):
    """The commands under `/event template`."""

    def __init__(self, templates: Templates, chooser: Chooser) -> None:
        super().__init__(name="template", description="Details to begin events with")
        self.templates = templates
        self.chooser = chooser

    @app_commands.command(description="Keep an event as a template for /event create")
    @app_commands.describe(name="The name; one that is there is replaced", event="Like which event")
    @answered(private=True)
    async def save(self, interaction: discord.Interaction, name: TemplateName, event: AnyEvent) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        replaced = await self.templates.save(guild_of(interaction), name, occurrence.details)
        done = "replaced" if replaced else "kept"
        said = f"I {done} the template **{plain(name)}**. `/event create` can start from it."
        if ends := warning(occurrence.details.image_url):
            said += f"\n⚠️ {ends}"
        return Reply.say(said)

    @app_commands.command(name="list", description="The templates of this server")
    @answered(private=True)
    async def all(self, interaction: discord.Interaction) -> Reply:
        return Reply(templates_list(await self.templates.all(guild_of(interaction))))

    @app_commands.command(description="Delete a template; events made with it stay")
    @app_commands.describe(name="Which")
    @answered(private=True)
    async def delete(self, interaction: discord.Interaction, name: TemplateName) -> Reply:
        name, _ = await named_template(self.templates, guild_of(interaction), name, option="name")
        await self.templates.delete(guild_of(interaction), name)
        return Reply.say(f"The template **{plain(name)}** is gone.")
