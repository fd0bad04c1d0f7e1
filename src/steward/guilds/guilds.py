"""What is known of guilds, and kept about members, beside what each bot keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steward.guilds.privacy.kept import Kept, OptOuts
from steward.guilds.settings_book import SettingsBook
from steward.guilds.setup.draft import SETUP_DATA, forget_drafts
from steward.guilds.suspicions import SuspicionLog
from steward.guilds.zones.zones import ZONE_DATA, MemberZones, Zones
from steward.runtime.clock import Clock
from steward.store import Store, Transaction
from steward.store.export.personal import PersonalData, selected
from steward.store.queries.cache import QueryCache
from steward.text.plurals import counted

GUILD_DATA = (
    PersonalData(
        "changes_of_settings",
        frozenset({"guild_settings.changed_by"}),
        selected("SELECT at, settings FROM guild_settings WHERE guild_id = ? AND changed_by = ? ORDER BY id"),
        lambda records: f"{counted(len(records), 'change')} of this server's settings that you made",
    ),
    PersonalData(
        "opted_out",
        frozenset({"opt_outs.user_id"}),
        selected("SELECT at FROM opt_outs WHERE guild_id = ? AND user_id = ?"),
        lambda _: "",  # `/privacy` says it anyway
        stays=True,
    ),
    SETUP_DATA,
)


def kept_by_guilds(store: Store, zones: MemberZones) -> list[Kept]:
    """Return what is kept about members beside the bots."""

    async def forget(guild_id: int, user_id: int) -> None:
        def work(tx: Transaction) -> None:
            sql = "UPDATE guild_settings SET changed_by = 0 WHERE guild_id = ? AND changed_by = ?"
            tx.execute(sql, (guild_id, user_id))
            forget_drafts(tx, guild_id, user_id)

        await store.write(work)

    return [
        Kept(
            "In every server",
            lambda: ZONE_DATA,
            _nothing,
            lambda _, user_id: zones.clear(user_id),
            loss="your own time zone",
        ),
        Kept("Settings", lambda: GUILD_DATA, _nothing, forget),
    ]


async def _nothing() -> None:
    """Flush nothing: what is kept here is written at once."""


@dataclass(frozen=True, slots=True)
class Guilds:
    """
    See the module.

    Attributes:
        settings: what is set up in each, in a section a bot.
        zones: of guilds and members.
        opt_outs: who doesn't want to be counted.
        suspicions: told of what looks like an attempt at something that is not allowed.
        personal_data: what is kept here about members.

    """

    settings: SettingsBook
    zones: Zones
    opt_outs: OptOuts
    suspicions: SuspicionLog
    personal_data: Sequence[Kept]

    @classmethod
    def of(cls, store: Store, queries: QueryCache, clock: Clock, *, zone: str) -> Guilds:
        """
        Put it together.

        Args:
            zone: the time zone of a guild that has chosen none, an IANA name.

        """
        settings, members = SettingsBook(store, zone=zone), MemberZones(store, queries)
        return cls(
            settings,
            Zones(members, settings.zone_of),
            OptOuts(store),
            SuspicionLog(clock),
            kept_by_guilds(store, members),
        )

    async def load(self) -> None:
        """Read what earlier processes have kept, and tell whoever watches the settings."""
        await self.opt_outs.load()
        await self.settings.load()
