"""The commands that belong to no bot, `/setup` and `/help` among them, and what is noted of those that are refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from steward.client.components import Reply
from steward.client.embeds import BLUE, Message
from steward.client.interactions import Interactions, Refusal, TooFast, answered, guild_of
from steward.client.interactions.desk import name_of
from steward.client.interactions.offered import Family
from steward.errors import NeedsOperator, NotReady
from steward.guilds.host import Host
from steward.guilds.privacy.commands import PrivacyCommands
from steward.guilds.privacy.kept import Privacy
from steward.guilds.settings_book import GuildSection
from steward.guilds.setup.section import SetupPanel, SetupSection
from steward.guilds.suspicions import Suspicion
from steward.guilds.zones.commands import TimezoneCommands
from steward.store.export.export import Exporter, Format, Table
from steward.text.cutting import cut_list
from steward.text.plurals import counted

Setups = Mapping[str, SetupPanel[Any, Any]]
LONGEST_DESCRIPTION = 4096  # of an embed
SHARED, OWN = "This server", "For you"  # what belongs to no bot
COMMANDS_NOTE = "You see the commands that you may use. Click one to use it."
MAX_CHOICES = 25  # that Discord takes
_FORMATS = [app_commands.Choice(name=form.value.upper(), value=form.value) for form in Format]


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


def offer_commands(
    interactions: Interactions,
    host: Host,
    privacy: Privacy,
    *,
    titles: Mapping[str, str],
    setups: Callable[[], Setups],
    exports: Mapping[str, Table],
    flush: Callable[[], Awaitable[None]],
) -> None:
    """Have `/setup`, `/help`, `/timezone`, `/privacy` and `/export` answered, with what the bots add to them."""

    def refused(interaction: discord.Interaction, error: Refusal) -> None:
        """Note who is too fast, and who uses what no bot here has made."""
        name = name_of(interaction)
        too_fast = isinstance(error, TooFast)
        guilds.suspicions.note(
            Suspicion.TOO_FAST if too_fast else Suspicion.FORGED,
            f"gave `{name}` too early" if too_fast else f"used {name}",
            guild_id=interaction.guild_id,
            user_id=interaction.user.id,
        )

    guilds = host.guilds
    interactions.on_refused(refused)
    alone: Setups = {}
    if not setups():  # where no bot has a section, the time zone
        alone = {"guilds": SetupSection(host, guilds.settings.section("guilds", GuildSection()), "Settings")}
    offer_setup(interactions, lambda: setups() or alone)
    offer_help(interactions, titles)
    interactions.add(TimezoneCommands(guilds.zones, guilds.settings, host.clock))
    PrivacyCommands(interactions, guilds.opt_outs, privacy, host.clock)
    if exports:
        interactions.add(export_command(Exporter(host.store), exports, flush))


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
        "description": cut_list(texts, LONGEST_DESCRIPTION),
        "color": BLUE,
        "footer": {"text": COMMANDS_NOTE},
    }
    return {"embeds": [embed]}


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
