"""`/event template`: details of events that organisers begin further ones with."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import AnyEvent, Chooser
from steward.bots.events.commands.template_names import Name, named_template
from steward.bots.events.model.pictures import warning
from steward.bots.events.model.templates import Templates
from steward.bots.events.views.lists import templates_list
from steward.client.components import Reply
from steward.client.embeds import plain
from steward.client.interactions import answered
from steward.client.interactions.guild_of import guild_of


class TemplateCommands(app_commands.Group):
    """The commands under `/event template`."""

    def __init__(self, templates: Templates, chooser: Chooser) -> None:
        super().__init__(name="template", description="Details to begin events with")
        self.templates = templates
        self.chooser = chooser

    @app_commands.command(description="Keep an event as a template for /event create")
    @app_commands.describe(name="The name; one that is there is replaced", event="Like which event")
    @answered(private=True)
    async def save(self, interaction: discord.Interaction, name: Name, event: AnyEvent) -> Reply:
        found = await self.chooser.own(interaction, event)
        replaced = await self.templates.save(guild_of(interaction), name, found.details)
        done = "replaced" if replaced else "kept"
        said = f"I {done} the template **{plain(name)}**. `/event create` can start from it."
        if ends := warning(found.details.image_url):
            said += f"\n⚠️ {ends}"
        return Reply.say(said)

    @app_commands.command(name="list", description="The templates of this server")
    @answered(private=True)
    async def all(self, interaction: discord.Interaction) -> Reply:
        return Reply(templates_list(await self.templates.all(guild_of(interaction))))

    @app_commands.command(description="Delete a template; events made with it stay")
    @app_commands.describe(name="Which")
    @answered(private=True)
    async def delete(self, interaction: discord.Interaction, name: Name) -> Reply:
        name, _ = await named_template(self.templates, guild_of(interaction), name, option="name")
        await self.templates.delete(guild_of(interaction), name)
        return Reply.say(f"The template **{plain(name)}** is gone.")
