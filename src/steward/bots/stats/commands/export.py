"""`/export`: what is kept of the server, as a file for its administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from steward.bots.stats.export import TABLES, Kept
from steward.client.interactions import Interactions, Reply, answered
from steward.client.interactions.guild_of import guild_of
from steward.store.export import Exporter, Format
from steward.text.plurals import counted

_KEPT = [app_commands.Choice(name=kept.value, value=kept.value) for kept in Kept]
_FORMATS = [app_commands.Choice(name=form.value.upper(), value=form.value) for form in Format]


def register(interactions: Interactions, exporter: Exporter, flush: Callable[[], Awaitable[None]]) -> None:
    """Have `/export` answered; `flush` returns once all that has happened until now can be read."""

    @app_commands.command(name="export", description="What I've stored about this server, as a file only you see")
    @app_commands.describe(what="What to export", form="How it is written; default: CSV")
    @app_commands.choices(what=_KEPT, form=_FORMATS)
    @app_commands.rename(form="format")
    @app_commands.default_permissions(manage_guild=True)
    @answered(private=True)
    async def export(interaction: discord.Interaction, what: str, form: str = Format.CSV.value) -> Reply:
        await flush()
        done = await exporter.export(guild_of(interaction), TABLES[Kept(what)], Format(form))
        return Reply(
            {"content": f"{what.capitalize()}: {counted(done.rows, 'row')}, times in UTC."}, [(done.name, done.content)]
        )

    interactions.add(export)
