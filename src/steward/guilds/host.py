"""What every bot is given: the parts of the house it stands on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from steward.charts.render import ChartRenderer
from steward.guilds.guilds import Guilds
from steward.guilds.owned import OwnedGateway, OwnedInteractions, OwnedJobs
from steward.runtime.cache import Cache
from steward.runtime.clock import Clock
from steward.runtime.pages import Pages
from steward.runtime.process.measuring import Measuring
from steward.runtime.quarantine import Owner, Quarantine
from steward.settings import Settings
from steward.store import JobRunner, Store
from steward.store.queries.cache import QueryCache

if TYPE_CHECKING:
    from steward.client.access.channel_access import ChannelAccess
    from steward.client.gateway.identify_ledger import IdentifyLedger
    from steward.client.lean import LeanClient
    from steward.client.members.voice_time import VoiceTime
    from steward.client.posts.channel_names import ChannelNames
    from steward.runtime.cache import RedisTier

NOT_SENT = "Not sent: {reason}"
"""What needs attention where a message was given up."""


@dataclass(frozen=True, slots=True)
class Machine:
    """
    How the program itself is doing, for the operator's bot.

    Attributes:
        redis: what is shared there; None where there is none.

    """

    measuring: Measuring
    ledger: IdentifyLedger
    quarantine: Quarantine
    jobs: JobRunner
    redis: RedisTier | None


@dataclass(frozen=True, slots=True)
class Host:
    """
    The parts of the house.

    Attributes:
        settings: as loaded and checked; `settings.of(Section)` returns the bot's own.
        queries: keeps answers of the database until what they were read from is written.
        cache: keeps everything else; in Redis, too, where there is one. Ask for categories in the constructor.
        client: Discord: `client.rest` asks, `client.health` tells how it is.
        gateway: tells of Discord's events.
        names: keeps channels named as wished.
        voice: tells who sat in which voice channel, and how long; silent where activity is not to be heard of.
        interactions: answers commands and components.
        pages: what is served on the web beside the health pages.
        guilds: what is set up in each guild, time zones, and who doesn't want to be counted.
        problems: sentences about what needs the operator's attention, in all bots.
        log_lines: the newest lines of the log.

    """

    settings: Settings
    clock: Clock
    store: Store
    queries: QueryCache
    cache: Cache
    client: LeanClient
    gateway: OwnedGateway
    names: ChannelNames
    access: ChannelAccess
    voice: VoiceTime
    jobs: OwnedJobs
    interactions: OwnedInteractions
    charts: ChartRenderer
    pages: Pages
    guilds: Guilds
    machine: Machine
    problems: Callable[[], Awaitable[Sequence[str]]]
    log_lines: Callable[[], Sequence[str]]

    def owned_by(self, owner: Owner) -> Host:
        """Return the same for a bot: whatever it registers carries its name."""
        return replace(
            self,
            gateway=self.gateway.owned_by(owner),
            jobs=self.jobs.owned_by(owner),
            interactions=self.interactions.owned_by(owner),
        )
