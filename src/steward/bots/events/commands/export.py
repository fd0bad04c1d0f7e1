"""`/events export`: all that is kept of a server's events, as a file for those who manage it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from steward.bots.events.attendance.export import TABLES, EventExport
from steward.bots.events.model.details import BadEvent
from steward.client.interactions import Reply, answered
from steward.client.interactions.guild_of import guild_of
from steward.store.export.export import Exporter, Format
from steward.text.plurals import counted

_KEPT = [app_commands.Choice(name=kept.value, value=kept.value) for kept in EventExport]
_FORMATS = [app_commands.Choice(name=form.value.upper(), value=form.value) for form in Format]


class ExportCommands(app_commands.Group):
    """
    The command about exports; it stands under `/events`.

    Args:
        exporter: writes them.
        flush: returns once all that has happened until now can be read.

    """

    def __init__(self, exporter: Exporter, flush: Callable[[], Awaitable[None]]) -> None:
        super().__init__(name="files", description="Events as files")
        self._exporter = exporter
        self._flush = flush

    @app_commands.command(description="What I've stored about this server's events, as a file only you see")
    @app_commands.describe(what="What to export", form="How it is written; default: CSV")
    @app_commands.choices(what=_KEPT, form=_FORMATS)
    @app_commands.rename(form="format")
    @answered(private=True)
    async def export(self, interaction: discord.Interaction, what: str, form: str = Format.CSV.value) -> Reply:
        guild_id = guild_of(interaction)
        if not interaction.permissions.manage_guild:
            raise BadEvent("You need Manage Server to export.", remedy="Ask an administrator.")
        await self._flush()
        done = await self._exporter.export(guild_id, TABLES[EventExport(what)], Format(form))
        return Reply(
            {"content": f"{what.capitalize()}: {counted(done.rows, 'row')}, times in UTC."}, [(done.name, done.content)]
        )
