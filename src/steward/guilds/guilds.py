"""What is known of guilds beside what each bot keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steward.guilds.personal import kept_by_guilds
from steward.guilds.privacy.kept import Kept
from steward.guilds.privacy.opt_outs import OptOuts
from steward.guilds.settings_book import SettingsBook
from steward.guilds.suspicions import SuspicionLog
from steward.guilds.zones.member_zones import MemberZones
from steward.guilds.zones.zones import Zones
from steward.runtime.clock import Clock
from steward.store import Store
from steward.store.queries.cache import QueryCache


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
