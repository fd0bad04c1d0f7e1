"""The settings of every guild: remembered, changed, taken back, and told to whoever acts on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from steward.bots.stats.guild_settings import GuildSettings, decoded
from steward.errors import NeedsOperator
from steward.guilds.zones import GuildZone
from steward.runtime.isolation import Isolation
from steward.store import Row, Store, Transaction, from_millis

Watcher = Callable[[int, GuildSettings], None]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a guild's settings: who made it and when."""

    changed_by: int
    at: datetime
    settings: GuildSettings


class SettingsBook:
    """
    Holds what each guild has set up.

    What the environment says of a guild (the old single-guild set-up) stands above what was set up in Discord.

    Args:
        store: remembers each change, so that it can be taken back.
        defaults: the settings of a guild that has set up nothing.
        fixed: what the environment says, by guild: counters to add, other fields to replace.

    """

    def __init__(self, store: Store, *, defaults: GuildSettings, fixed: Mapping[int, GuildSettings]) -> None:
        self._store = store
        self._defaults = defaults
        self._fixed = fixed
        self._own: dict[int, GuildSettings] = {}
        self._watchers: list[Watcher] = []
        self._isolation = Isolation("follow settings")

    def watch(self, watcher: Watcher) -> None:
        """Have `watcher` called with each guild's settings as they are loaded, and after every change."""
        self._watchers.append(watcher)

    async def load(self) -> None:
        """Read all guilds' settings and tell the watchers."""
        for guild_id, settings in await self._store.read(_latest):
            try:
                self._own[guild_id] = decoded(settings)
            except (ValueError, TypeError, LookupError) as error:  # the others are known all the same
                self._store.set_aside.note("settings", error, guild_id)
        for guild_id in sorted(self._own.keys() | self._fixed.keys()):
            with self._isolation.of(guild_id):
                self._tell(guild_id)

    def of(self, guild_id: int) -> GuildSettings:
        """Return the settings that hold in a guild."""
        return self.overlaid(guild_id, self.own(guild_id))

    def overlaid(self, guild_id: int, own: GuildSettings) -> GuildSettings:
        """Return settings of a guild with what the environment says above them."""
        fixed = self._fixed.get(guild_id)
        if fixed is None:
            return own
        for counter in fixed.counters:
            own = own.with_counter(counter)
        return replace(
            own,
            report_channel_id=fixed.report_channel_id or own.report_channel_id,
            heartbeat_channel_id=fixed.heartbeat_channel_id or own.heartbeat_channel_id,
        )

    def own(self, guild_id: int) -> GuildSettings:
        """Return what was set up in Discord alone, without the environment."""
        return self._own.get(guild_id, self._defaults)

    def zone_of(self, guild_id: int) -> GuildZone:
        """Return a guild's zone, and whether somebody has chosen it."""
        settings = self.of(guild_id)
        return GuildZone(settings.zone_info, settings.zone_chosen)

    def is_fixed(self, guild_id: int, channel_id: int) -> bool:
        """Tell whether the environment sets what that channel shows: then only the environment changes it."""
        fixed = self._fixed.get(guild_id)
        if fixed is None:
            return False
        channels = {counter.channel_id for counter in fixed.counters}
        return channel_id in channels | {fixed.report_channel_id, fixed.heartbeat_channel_id}

    def fixed(self, guild_id: int) -> GuildSettings:
        """Return what the environment sets in a guild: only it changes that."""
        return self._fixed.get(guild_id, GuildSettings())

    def is_set_up(self, guild_id: int) -> bool:
        """Tell whether somebody has set anything up for a guild."""
        return guild_id in self._own or guild_id in self._fixed

    async def change(
        self, guild_id: int, changed_by: int, edit: Callable[[GuildSettings], GuildSettings]
    ) -> GuildSettings:
        """
        Change a guild's settings, durably, and return what holds from now on.

        Args:
            guild_id: the guild.
            changed_by: the user who does it.
            edit: makes the new settings of the present ones; one that changes nothing is not recorded.

        """
        defaults = self._defaults

        def work(tx: Transaction) -> GuildSettings:
            before = _changes(tx, guild_id, limit=1)
            own = before[0].settings if before else defaults
            edited = edit(own)
            if edited != own or not before:
                _keep(tx, guild_id, changed_by, edited)
            return edited

        self._own[guild_id] = await self._store.write(work)
        self._tell(guild_id)
        return self.of(guild_id)

    async def undo(self, guild_id: int, changed_by: int) -> GuildSettings:
        """
        Put a guild's settings back as they were before the last change; again, and the change is back.

        Raises:
            NeedsOperator: there is nothing to take back.

        """
        defaults = self._defaults

        def work(tx: Transaction) -> GuildSettings:
            changes = _changes(tx, guild_id, limit=2)
            if not changes:
                raise NeedsOperator("Nothing has been set up here yet.", remedy="Start with /setup.")
            before = changes[1].settings if len(changes) > 1 else defaults
            _keep(tx, guild_id, changed_by, before)
            return before

        self._own[guild_id] = await self._store.write(work)
        self._tell(guild_id)
        return self.of(guild_id)

    async def history(self, guild_id: int, *, limit: int = 10) -> list[Change]:
        """Return who changed what, the newest first."""
        return await self._store.read(lambda tx: _changes(tx, guild_id, limit=limit))

    def _tell(self, guild_id: int) -> None:
        settings = self.of(guild_id)
        for watcher in self._watchers:
            watcher(guild_id, settings)


def _keep(tx: Transaction, guild_id: int, changed_by: int, settings: GuildSettings) -> None:
    tx.execute(
        "INSERT INTO stats_settings (guild_id, at, changed_by, settings) VALUES (?, ?, ?, ?)",
        (guild_id, tx.now_ms, changed_by, settings.encoded()),
    )


def _changes(tx: Transaction, guild_id: int, *, limit: int) -> list[Change]:
    rows = tx.all(
        "SELECT changed_by, at, settings FROM stats_settings WHERE guild_id = ? ORDER BY id DESC LIMIT ?",
        (guild_id, limit),
    )
    return [Change(changed_by, from_millis(at), decoded(settings)) for changed_by, at, settings in rows]


def _latest(tx: Transaction) -> list[Row]:
    return tx.all(
        "SELECT guild_id, settings FROM stats_settings"
        " WHERE id IN (SELECT MAX(id) FROM stats_settings GROUP BY guild_id)"
    )
