"""The commands that belong to no bot, and what is noted of commands that are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import discord

from steward.client.interactions import Interactions, Refusal, TooFast
from steward.client.interactions.desk import name_of
from steward.guilds.export import export_command
from steward.guilds.help import offer_help
from steward.guilds.host import Host
from steward.guilds.privacy.commands import PrivacyCommands
from steward.guilds.privacy.kept import Privacy
from steward.guilds.settings_book import GuildSection
from steward.guilds.setup.command import Setups, offer_setup
from steward.guilds.setup.section import SetupSection
from steward.guilds.suspicions import Suspicion
from steward.guilds.zones.commands import TimezoneCommands
from steward.store.export.export import Exporter, Table


class OfBots(Protocol):
    """What the bots add to the commands."""

    @property
    def titles(self) -> Mapping[str, str]:
        """What each is called, as members read it, by its name."""

    @property
    def setups(self) -> Setups:
        """The sections of `/setup` of those that are on now."""

    @property
    def exports(self) -> Mapping[str, Table]:
        """The tables that can be exported, by what members read."""

    async def flush(self) -> None:
        """Return once all that has happened until now can be read."""


def offer_commands(interactions: Interactions, host: Host, privacy: Privacy, bots: OfBots) -> None:
    """Have `/setup`, `/help`, `/timezone`, `/privacy` and `/export` answered."""

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
    alone = {} if bots.setups else _zone_alone(host)
    offer_setup(interactions, lambda: bots.setups or alone)
    offer_help(interactions, bots.titles)
    interactions.add(TimezoneCommands(guilds.zones, guilds.settings, host.clock))
    PrivacyCommands(interactions, guilds.opt_outs, privacy, host.clock)
    if bots.exports:
        interactions.add(export_command(Exporter(host.store), bots.exports, bots.flush))


def _zone_alone(host: Host) -> Setups:
    """Return what `/setup` has where no bot has a section: the time zone."""
    return {"guilds": SetupSection(host, host.guilds.settings.section("guilds", GuildSection()), "Settings")}
