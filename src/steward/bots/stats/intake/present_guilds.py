"""The guilds that the bot is in: only there reports are made and the heartbeat beats."""

from __future__ import annotations

from collections.abc import Iterable

from steward.bots.stats.setup.guild_settings import GuildSettings, StatsSection, Watcher
from steward.runtime.isolation import Isolation

NOTHING = GuildSettings()  # no channel of any kind


class PresentGuilds:
    """
    Tells watchers the settings of the guilds that the bot is in; of one that it has left, that nothing is set up.

    The settings themselves stay, and are told again when the bot is back. Before the first session nobody has said
    which guilds those are, and none is taken for one. A guild with an outage is one still.
    """

    def __init__(self, settings: StatsSection) -> None:
        self._settings = settings
        self._ids: set[int] = set()
        self._watchers: list[Watcher] = []
        self._isolation = Isolation("follow servers")
        settings.watch(self._configured)

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called as guilds come and go, and after every change of a present one's settings."""
        self._watchers.append(watcher)

    def listed(self, guild_ids: Iterable[int]) -> None:
        """Take over all guilds that the bot is in, as a session lists them."""
        present = set(guild_ids)
        for guild_id in self._ids - present:
            with self._isolation.item(guild_id):
                self.left(guild_id)
        for guild_id in present:
            with self._isolation.item(guild_id):
                self.came(guild_id)

    def came(self, guild_id: int) -> None:
        """Note that the bot is in a guild."""
        if guild_id not in self._ids:
            self._ids.add(guild_id)
            if self._settings.is_set_up(guild_id):
                self._tell(guild_id, self._settings.of(guild_id))

    def left(self, guild_id: int) -> None:
        """Note that the bot is in a guild no more."""
        if guild_id in self._ids:
            self._ids.discard(guild_id)
            self._tell(guild_id, NOTHING)

    def _configured(self, guild_id: int, settings: GuildSettings) -> None:
        if guild_id in self._ids:
            self._tell(guild_id, settings)

    def _tell(self, guild_id: int, settings: GuildSettings) -> None:
        for watcher in self._watchers:
            watcher(guild_id, settings)
