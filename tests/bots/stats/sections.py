"""The settings of guilds for statistics, on a store of a test."""

from __future__ import annotations

from steward.bots.stats.setup.guild_settings import GuildSettings, StatsSection
from steward.guilds.settings_book import SettingsBook
from steward.store import Store


def stats_section(
    store: Store, defaults: GuildSettings | None = None, fixed: dict[int, GuildSettings] | None = None
) -> StatsSection:
    defaults = defaults or GuildSettings()
    return SettingsBook(store, zone=defaults.zone).section(
        "stats", defaults, fixed=fixed, overlay=GuildSettings.overlaid
    )
