"""The settings of every guild: remembered, changed, taken back, and told to whoever acts on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Self, TypeVar
from zoneinfo import ZoneInfo

import orjson

from steward.errors import NeedsOperator, StewardError
from steward.guilds.zones.zones import GuildZone
from steward.runtime.isolation import Isolation
from steward.runtime.logs.loggers import get_logger
from steward.store import Row, Store, Transaction, from_millis
from steward.store.json_values import from_json, to_json

log = get_logger(__name__)

UNSET = "UTC"
MAX_CHANGES = 1000  # are read to find who made one
FIRST_BOT = "stats"  # before there were sections, all that was kept beside the zone was its

Kept = dict[str, Any]
"""What is kept of a guild: `zone`, `zone_chosen`, and `sections` by the name of their bot."""


@dataclass(frozen=True, slots=True)
class GuildSection:
    """
    What one guild has set up for one bot, with the zone of the guild, which belongs to all of them.

    A bot adds its own fields, each with a default and of a type that `steward.store.json_values` reads.

    Attributes:
        zone: the guild's time zone, an IANA name.
        zone_chosen: whether somebody has chosen it; else it is the default.

    """

    zone: str = UNSET
    zone_chosen: bool = False

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def encoded(self) -> Kept:
        """Return the bot's own fields as JSON has them; `decoded` reads it."""
        own: Kept = orjson.loads(to_json(self))
        return {name: value for name, value in own.items() if name not in GuildSection.__slots__}

    @classmethod
    def decoded(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `encoded` wrote, and the zone; now or in an earlier version: what is missing has its default."""
        return from_json(cls, kept)


T = TypeVar("T", bound=GuildSection)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a guild's settings: who made it, when, and what held from then on."""

    changed_by: int
    at: datetime
    settings: Kept


class SettingsBook:
    """
    Holds what each guild has set up, in a section a bot.

    Args:
        store: remembers each change, so that it can be taken back.
        zone: the time zone of a guild that has chosen none, an IANA name.

    """

    def __init__(self, store: Store, *, zone: str) -> None:
        self._store = store
        self._zone = zone
        self._zones: dict[int, GuildZone] = {}
        self._sections: list[Section[Any]] = []
        self._watchers: list[tuple[Callable[[int], None], Isolation]] = []
        self._undone: list[Callable[[int], Awaitable[None]]] = []

    def section(
        self,
        name: str,
        defaults: T,
        *,
        fixed: Mapping[int, T] | None = None,
        overlay: Callable[[T, T], T] = lambda own, fixed: fixed,
    ) -> Section[T]:
        """
        Return the section of a bot; before `load`.

        Args:
            name: the bot's.
            defaults: the settings of a guild that has set up nothing.
            fixed: what the environment says, by guild.
            overlay: returns settings of a guild with what the environment says above them.

        """
        section = Section(self, name, replace(defaults, zone=self._zone), fixed or {}, overlay)
        self._sections.append(section)
        return section

    def watch(self, watcher: Callable[[int], None]) -> None:
        """Have `watcher` called with each guild as its settings are loaded, and after every change."""
        self._watchers.append((watcher, Isolation("follow settings")))

    def watch_undo(self, watcher: Callable[[int], Awaitable[None]]) -> None:
        """Have `watcher` called with each guild of which a change was taken back, before whoever did it is told."""
        self._undone.append(watcher)

    async def load(self) -> None:
        """Read all guilds' settings and tell the watchers."""
        known: set[int] = set()
        for guild_id, text in await self._store.read(_latest):
            try:
                self._take(guild_id, _parsed(text))
                known.add(guild_id)
            except (ValueError, TypeError, LookupError) as error:  # the others are known all the same
                self._store.skipper.note("settings", error, guild_id)
        for guild_id in sorted(known.union(*(section.of_environment.keys() for section in self._sections))):
            self._tell(guild_id)

    def zone_of(self, guild_id: int) -> GuildZone:
        """Return a guild's zone, and whether somebody has chosen it."""
        return self._zones.get(guild_id) or GuildZone(ZoneInfo(self._zone), chosen=False)

    async def change(self, guild_id: int, changed_by: int, edit: Callable[[Kept], Kept]) -> None:
        """
        Change what is kept of a guild, durably.

        Args:
            edit: makes the new settings of the present ones; one that changes nothing is not recorded.

        """

        def work(tx: Transaction) -> Kept:
            before = _newest(tx, guild_id, limit=1)
            kept = before[0].settings if before else self._nothing()
            edited: Kept = orjson.loads(orjson.dumps(edit(kept)))  # as it will be read
            if edited != kept or not before:
                _keep(tx, guild_id, changed_by, edited)
            return edited

        self._take(guild_id, await self._store.write(work))
        self._tell(guild_id)

    async def set_zone(self, guild_id: int, changed_by: int, zone: str) -> None:
        """Choose a guild's time zone, an IANA name; see `change`."""
        await self.change(guild_id, changed_by, lambda kept: {**kept, "zone": zone, "zone_chosen": True})

    async def undo(self, guild_id: int, changed_by: int) -> set[str]:
        """
        Put a guild's settings back as they were before the last change, and return of which bots; again, and it's back.

        Raises:
            NeedsOperator: there is nothing to take back.

        """

        def work(tx: Transaction) -> tuple[Kept, Kept]:
            changes = _newest(tx, guild_id, limit=2)
            if not changes:
                raise NeedsOperator("Nothing has been set up here yet.", remedy="Start with /setup.")
            before = changes[1].settings if len(changes) > 1 else self._nothing()
            _keep(tx, guild_id, changed_by, before)
            return changes[0].settings, before

        undone, kept = await self._store.write(work)
        self._take(guild_id, kept)
        self._tell(guild_id)
        for watcher in self._undone:
            await watcher(guild_id)
        was, now = undone["sections"], kept["sections"]
        return {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}

    async def history(self, guild_id: int, *, limit: int = 10) -> list[Change]:
        """Return who changed a guild's settings, the newest first."""
        return await self._store.read(lambda tx: _newest(tx, guild_id, limit=limit))

    def _nothing(self) -> Kept:
        """Return what is kept of a guild in which nobody has set up anything."""
        return {"zone": self._zone, "zone_chosen": False, "sections": {}}

    def _take(self, guild_id: int, kept: Kept) -> None:
        self._zones[guild_id] = GuildZone(ZoneInfo(kept["zone"]), chosen=kept["zone_chosen"])
        for section in self._sections:
            try:
                section.take(guild_id, kept)
            except Exception as error:  # noqa: BLE001 - what one bot can't read costs the others nothing
                self._store.skipper.note("settings", error, guild_id)

    def _tell(self, guild_id: int) -> None:
        for watcher, isolation in self._watchers:
            try:
                with isolation.item(guild_id):
                    watcher(guild_id)
            except StewardError as error:
                log.error("settings_not_followed", guild=guild_id, reason=str(error))


class Section(Generic[T]):
    """
    What each guild has set up for one bot; `SettingsBook.section` makes it.

    What the environment says of a guild (the old single-guild set-up) stands above what was set up in Discord.
    """

    def __init__(
        self,
        book: SettingsBook,
        name: str,
        defaults: T,
        fixed: Mapping[int, T],
        overlay: Callable[[T, T], T],
    ) -> None:
        self.book = book
        self.of_environment = fixed
        self.name = name
        self._defaults = defaults
        self._overlay = overlay
        self._own: dict[int, T] = {}

    def take(self, guild_id: int, kept: Kept) -> None:
        """Take up what is kept of a guild."""
        self._own[guild_id] = self._read(kept)

    def watch(self, watcher: Callable[[int, T], None]) -> None:
        """Have `watcher` called with each guild's settings as they are loaded, and after every change."""
        self.book.watch(lambda guild_id: watcher(guild_id, self.of(guild_id)))

    def of(self, guild_id: int) -> T:
        """Return the settings that hold in a guild."""
        return self.overlaid(guild_id, self.own(guild_id))

    def overlaid(self, guild_id: int, own: T) -> T:
        """Return settings of a guild with what the environment says above them."""
        fixed = self.of_environment.get(guild_id)
        return own if fixed is None else self._overlay(own, fixed)

    def own(self, guild_id: int) -> T:
        """Return what was set up in Discord alone, without the environment."""
        return self._own.get(guild_id, self._defaults)

    def fixed(self, guild_id: int) -> T:
        """Return what the environment sets in a guild, defaults elsewhere: only it changes that."""
        return self.of_environment.get(guild_id, type(self._defaults)())

    def is_set_up(self, guild_id: int) -> bool:
        """Tell whether somebody has set anything up for a guild."""
        return guild_id in self._own or guild_id in self.of_environment

    async def change(self, guild_id: int, changed_by: int, edit: Callable[[T], T]) -> T:
        """Change a guild's settings, durably, and return what holds from now on; see `SettingsBook.change`."""

        def edited(kept: Kept) -> Kept:
            now = edit(self._read(kept))
            sections = {**kept["sections"], self.name: now.encoded()}
            return {"zone": now.zone, "zone_chosen": now.zone_chosen, "sections": sections}

        await self.book.change(guild_id, changed_by, edited)
        return self.of(guild_id)

    async def set_by(self, guild_id: int, what: Callable[[T], object]) -> int | None:
        """Return who gave a part of a guild's settings the value it has; None where that is not known."""
        now, setter = what(self.own(guild_id)), 0
        for change in await self.book.history(guild_id, limit=MAX_CHANGES):
            if what(self._read(change.settings)) != now:
                break
            setter = change.changed_by
        return setter or None

    async def undo(self, guild_id: int, changed_by: int) -> T:
        """Take the last change of a guild's settings back, and return what holds; see `SettingsBook.undo`."""
        await self.book.undo(guild_id, changed_by)
        return self.of(guild_id)

    def _read(self, kept: Kept) -> T:
        zone = {name: kept[name] for name in GuildSection.__slots__}
        own = kept["sections"].get(self.name)
        return replace(self._defaults, **zone) if own is None else type(self._defaults).decoded({**own, **zone})


def _parsed(text: str) -> Kept:
    """Read what is kept of a guild, as it is written now or was in an earlier version."""
    kept: Kept = orjson.loads(text)
    kept.setdefault("zone", UNSET)
    kept.setdefault("zone_chosen", kept["zone"] != UNSET)
    if "sections" not in kept:
        zone = {name: kept.pop(name) for name in GuildSection.__slots__}
        return {**zone, "sections": {FIRST_BOT: kept}}
    return kept


def _keep(tx: Transaction, guild_id: int, changed_by: int, kept: Kept) -> None:
    tx.execute(
        "INSERT INTO guild_settings (guild_id, at, changed_by, settings) VALUES (?, ?, ?, ?)",
        (guild_id, tx.now_ms, changed_by, orjson.dumps(kept).decode()),
    )


def _newest(tx: Transaction, guild_id: int, *, limit: int) -> list[Change]:
    rows = tx.all(
        "SELECT changed_by, at, settings FROM guild_settings WHERE guild_id = ? ORDER BY id DESC LIMIT ?",
        (guild_id, limit),
    )
    return [Change(changed_by, from_millis(at), _parsed(text)) for changed_by, at, text in rows]


def _latest(tx: Transaction) -> list[Row]:
    return tx.all(
        "SELECT guild_id, settings FROM guild_settings"
        " WHERE id IN (SELECT MAX(id) FROM guild_settings GROUP BY guild_id)"
    )
