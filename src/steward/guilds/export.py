"""`/export`: what is kept of the server, as a file for its administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import discord
from discord import app_commands

from steward.client.interactions import Interactions, Reply, answered
from steward.client.interactions.guild_of import guild_of
from steward.store.export.export import Exporter, Format, Table
from steward.text.plurals import counted

MOST_CHOICES = 25  # that Discord takes
_FORMATS = [app_commands.Choice(name=form.value.upper(), value=form.value) for form in Format]


def offer_export(
    interactions: Interactions,
    exporter: Exporter,
    tables: Mapping[str, Table],
    flush: Callable[[], Awaitable[None]],
) -> None:
    """
    Have `/export` answered.

    Args:
        interactions: answers it.
        exporter: writes the file.
        tables: what can be exported, by what members read.
        flush: returns once all that has happened until now can be read.

    """
    offered = [app_commands.Choice(name=name, value=name) for name in list(tables)[:MOST_CHOICES]]

    @app_commands.command(name="export", description="What I've stored about this server, as a file only you see")
    @app_commands.describe(what="What to export", form="How it is written; default: CSV")
    @app_commands.choices(what=offered, form=_FORMATS)
    @app_commands.rename(form="format")
    @app_commands.default_permissions(manage_guild=True)
    @answered(private=True)
    async def export(interaction: discord.Interaction, what: str, form: str = Format.CSV.value) -> Reply:
        await flush()
        done = await exporter.export(guild_of(interaction), tables[what], Format(form))
        return Reply(
            {"content": f"{what.capitalize()}: {counted(done.rows, 'row')}, times in UTC."}, [(done.name, done.content)]
        )

    interactions.add(export)
