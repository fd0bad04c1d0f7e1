"""What every bot is given: the parts of the house it stands on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from steward.charts.render import ChartRenderer
from steward.client.channel_access import ChannelAccess
from steward.client.channel_names import ChannelNames
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.client.voice_time import VoiceTime
from steward.guilds.zones import Zones
from steward.runtime.cache import Cache
from steward.runtime.clock import Clock
from steward.runtime.pages import Pages
from steward.settings import Settings
from steward.store import JobRunner, Store
from steward.store.personal import PersonalData
from steward.store.query_cache import QueryCache

NOT_SENT = "Not sent: {reason}"
"""What needs attention where a message was given up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What a bot keeps about members: shown and exported by `/privacy`, dropped by `/privacy forget-me`.

    Attributes:
        bot: whose it is, as members read it.
        data: each kind of it.
        flush: returns once all that has happened until now can be read.
        forget: called with a guild and a user: deletes it, or keeps it of nobody in particular.
        until: when it is deleted by itself, such as "deleted after 400 days"; empty for never.

    """

    bot: str
    data: Sequence[PersonalData]
    flush: Callable[[], Awaitable[None]]
    forget: Callable[[int, int], Awaitable[None]]
    until: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """
    The parts of the house.

    Attributes:
        settings: as loaded and checked.
        clock: the time.
        store: the database.
        queries: keeps answers of the database until what they were read from is written.
        cache: keeps everything else; in Redis, too, where there is one. Ask for categories in the constructor.
        client: Discord: `client.rest` asks, `client.on_gateway` listens, `client.health` tells how it is.
        names: keeps channels named as wished.
        access: tests permissions.
        voice: tells who sat in which voice channel, and how long; silent where activity is not to be heard of.
        jobs: runs durable jobs.
        interactions: answers commands and components.
        charts: draws.
        pages: what is served on the web beside the health pages.
        zones: of servers and members.
        kept: what each bot keeps about members; each adds its own.
        problems: sentences about what needs the operator's attention, in all bots.
        log_lines: the newest lines of the log.

    """

    settings: Settings
    clock: Clock
    store: Store
    queries: QueryCache
    cache: Cache
    client: LeanClient
    names: ChannelNames
    access: ChannelAccess
    voice: VoiceTime
    jobs: JobRunner
    interactions: Interactions
    charts: ChartRenderer
    pages: Pages
    zones: Zones
    kept: list[Kept]
    problems: Callable[[], Awaitable[Sequence[str]]]
    log_lines: Callable[[], Sequence[str]]
