"""`/export`: what is kept of the server, as a file for its administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.interactions import answered
from steward.client.interactions.guild_of import guild_of
from steward.errors import NeedsOperator
from steward.store.export.export import Exporter, Format, Table
from steward.text.plurals import counted

MAX_CHOICES = 25  # that Discord takes
_FORMATS = [app_commands.Choice(name=form.value.upper(), value=form.value) for form in Format]


def export_command(
    exporter: Exporter,
    tables: Mapping[str, Table],
    flush: Callable[[], Awaitable[None]],
    *,
    what_of: str = "this server",
) -> app_commands.Command[Any, ..., Any]:
    """
    Return `/export`, for who may manage the server; as a part of a group it asks for that itself.

    Args:
        tables: what can be exported, by what members read.
        what_of: whose tables they are, as members read it.

    """
    offered = [app_commands.Choice(name=name, value=name) for name in list(tables)[:MAX_CHOICES]]

    @app_commands.command(name="export", description=f"What I've stored about {what_of}, as a file only you see")
    @app_commands.describe(what="What to export", form="How it is written; default: CSV")
    @app_commands.choices(what=offered, form=_FORMATS)
    @app_commands.rename(form="format")
    @app_commands.default_permissions(manage_guild=True)
    @answered(private=True)
    async def export(interaction: discord.Interaction, what: str, form: str = Format.CSV.value) -> Reply:
        if export.parent is not None and not interaction.permissions.manage_guild:
            raise NeedsOperator("You need Manage Server to export.", remedy="Ask an administrator.")
        await flush()
        done = await exporter.export(guild_of(interaction), tables[what], Format(form))
        return Reply(
            {"content": f"{what.capitalize()}: {counted(done.rows, 'row')}, times in UTC."}, [(done.name, done.content)]
        )

    return export
