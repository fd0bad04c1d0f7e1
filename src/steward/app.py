"""
The composition root: settings -> store -> runtime -> client -> bots -> web, one `async with`.

Everything is made here and handed its parts; nothing below reaches up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from discord.http import Route

from steward.bots.events.bot import EventsBot
from steward.bots.host import Host, Kept
from steward.bots.ops.bot import OpsBot
from steward.bots.stats.bot import StatsBot
from steward.bots.stats.from_settings import defaults, fixed
from steward.caching import command_limiter, open_caches
from steward.charts.render import ChartRenderer
from steward.client.channel_access import ChannelAccess
from steward.client.channel_name import RenameLimit
from steward.client.channel_names import ChannelNames
from steward.client.delivery import Delivery
from steward.client.discord_clock import DiscordClock
from steward.client.health import GatewayHealth
from steward.client.identify_ledger import IdentifyLedger
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.client.voice_checks import VoiceChecks
from steward.client.voice_states import VoiceStates
from steward.client.voice_time import VoiceTime
from steward.client.webhook import Webhooks
from steward.feeds import FeedLogs, feed_nothing, feed_webhooks
from steward.guilds.commands import offer_commands
from steward.guilds.member_zones import ZONE_DATA, MemberZones
from steward.guilds.zones import GuildZone, Zones
from steward.loading import loaded
from steward.migrations import MIGRATIONS
from steward.monitoring import INTERACTION, Monitoring
from steward.running import Steward
from steward.runtime.clock import Clock
from steward.runtime.monitor import LoopWatch
from steward.runtime.pages import Pages
from steward.runtime.quarantine import Quarantine
from steward.runtime.tasks import Supervisor
from steward.settings import Settings
from steward.store import ServerOptions, open_store
from steward.store.opening import sqlite_path
from steward.store.runner import JobRunner
from steward.store.sender import OutboxSender
from steward.store.server.address import server_address
from steward.web.health import health_pages
from steward.web.metrics import MetricsPage
from steward.web.server import PageServer

BOTS = {"stats": "steward.bots.stats", "events": "steward.bots.events", "ops": "steward.bots.ops"}
READERS = 1  # reads are short and few; each further one takes a thread and 0.2 MB
FLUSH_WITHIN = 3.0
LIMITS_WAITED_FOR = 5.0  # seconds that Discord's answers may take longer because of rate limits


@asynccontextmanager
async def open_steward(
    settings: Settings,
    machine_clock: Clock,
    *,
    log_lines: Callable[[], Sequence[str]] = list,
    loop_watch: LoopWatch | None = None,
    feed_logs: FeedLogs = feed_nothing,
) -> AsyncIterator[Steward]:
    """
    Build the bot, start its background work, and take it all down again in reverse order.

    Args:
        settings: as loaded and checked.
        machine_clock: what the machine takes the time to be; the bot goes by Discord's as soon as that is known.
        log_lines: the newest lines of the log, for the heartbeat.
        loop_watch: what watches the event loop, where that is on the wall clock.
        feed_logs: has chosen lines of the log added to the feed of a webhook.

    """
    Route.BASE = settings.api_url  # discord.py's own switch for where REST is; the gateway's address follows from it
    async with AsyncExitStack() as stack:
        clock = DiscordClock(machine_clock)
        health = GatewayHealth(clock)
        monitoring = Monitoring(settings, clock, health, data=_data(settings), loop_watch=loop_watch)
        store = await stack.enter_async_context(
            open_store(
                settings.database,
                clock,
                migrations=MIGRATIONS,
                readers=READERS,
                server=ServerOptions(
                    connections=settings.db_connections,
                    idle=settings.db_idle_timeout,
                    backups=settings.data_dir / "backups",
                ),
                around=monitoring.around_store,
                slow_query=settings.slow_operation,
            )
        )
        monitoring.watch_clock(clock)
        monitoring.watch_store(store)
        caches = await stack.enter_async_context(open_caches(settings, clock, store))
        quarantine = Quarantine(BOTS, clock)
        monitoring.switches_off(quarantine)
        ledger = IdentifyLedger(store, clock)
        client = await stack.enter_async_context(
            LeanClient(
                store=store,
                ledger=ledger,
                health=health,
                members_intent=settings.members_intent,
                activity_intents=settings.activity,
                request_times=monitoring.request_times(),
                guard=quarantine.guard,
                discord_clock=clock,
                answer_within=settings.api_timeout + LIMITS_WAITED_FOR,
                guilds_a_page=settings.api_batch_size,
            )
        )
        webhooks = await stack.enter_async_context(Webhooks(within=settings.api_timeout))
        tasks = await stack.enter_async_context(Supervisor())
        monitoring.watch(client, tasks)
        feed_webhooks(settings, clock, client, tasks, webhooks, feed_logs)
        names = ChannelNames(
            client.rest,
            store,
            clock,
            limit=RenameLimit(settings.rename_count, timedelta(seconds=settings.rename_window)),
        )
        jobs = JobRunner(
            store,
            clock,
            limit=timedelta(seconds=settings.task_timeout),
            concurrency=settings.task_concurrency,
            spread=timedelta(seconds=settings.task_spread),
            may_delete=clock.is_sure,
        )
        limiter = command_limiter(settings, clock, caches.redis)
        monitoring.watch_limiter(limiter)
        interactions = await stack.enter_async_context(
            Interactions(
                client,
                store,
                clock,
                limiter=limiter,
                slow_after=settings.slow_operation,
                observe=monitoring.monitor.timer(INTERACTION).observe,
                require=quarantine.require,
                taken=client.second.answer_taken,
            )
        )

        voice = VoiceTime(clock, hears=lambda: client.health.ready)
        voice_checks = VoiceChecks(client.rest, voice, VoiceStates(client, voice)) if settings.activity else None

        async def problems() -> list[str]:
            return await steward.problems()

        async def readiness() -> tuple[bool, dict[str, Any]]:
            return await steward.readiness()

        def zone_of(guild_id: int) -> GuildZone:
            return stats.settings.zone_of(guild_id)

        zones = Zones(MemberZones(store, caches.queries), zone_of)
        offer_commands(interactions, zones, clock)
        host = Host(
            settings=settings,
            clock=clock,
            store=store,
            queries=caches.queries,
            cache=caches.cache,
            client=client,
            names=names,
            access=ChannelAccess(client.rest, lambda: client.user.id if client.user is not None else 0),
            voice=voice,
            jobs=jobs,
            interactions=interactions,
            charts=ChartRenderer(spare=lambda: monitoring.guard.spare),
            pages=Pages(),
            zones=zones,
            kept=[Kept("In every server", ZONE_DATA, _nothing, lambda _, user_id: zones.members.clear(user_id))],
            problems=problems,
            log_lines=log_lines,
        )
        stats = StatsBot(host, defaults=defaults(settings), fixed=fixed(settings))
        events = EventsBot(
            host,
            counts=lambda guild_id, user_id: (guild_id, user_id) not in stats.timeline.opt_outs,
        )
        stats.settings.watch(lambda guild_id, _: events.zone_changed(guild_id))
        ops = OpsBot(
            host,
            monitoring.parts(),
            ledger,
            quarantine,
            changes=stats.changes,
            usual_joins=stats.usual_joins,
            redis=caches.redis,
        )
        caches.measure(monitoring.monitor, monitoring.alerts, clock)
        if settings.memory_optimization:
            caches.relieve(monitoring.guard)
        pages = None
        if settings.health_port:
            pages = PageServer(
                health_pages(readiness, MetricsPage(monitoring.monitor, monitoring.alerts), host.pages),
                host=settings.health_host,
                port=settings.health_port,
            )
        steward = Steward(
            settings,
            store,
            tasks,
            health,
            client,
            names,
            voice,
            jobs,
            interactions,
            stats,
            events,
            ops,
            monitoring,
            quarantine,
            caches,
            pages,
        )
        await loaded("stats", stats.load())
        await loaded("events", events.load())
        if pages is not None:
            await stack.enter_async_context(pages.serving())
            tasks.start("serve health pages", pages.keep_trying)
        stack.push_async_callback(_flush, steward)
        _start(steward, clock, voice_checks)
        yield steward


def _data(settings: Settings) -> Path:
    """Return the folder whose disk must not run full: that of the database, where it is a file."""
    is_file = server_address(settings.database) is None
    return sqlite_path(settings.database).parent if is_file else settings.data_dir


async def _nothing() -> None:
    """Flush nothing: what is kept by this is written at once."""


async def _flush(steward: Steward) -> None:
    """Keep what has happened, if that is possible soon; if not, Discord tells it again from the bookmark on."""
    if "stats" in steward.quarantine.off:
        return  # the bookmark stands where it last listened
    with suppress(TimeoutError):
        async with asyncio.timeout(FLUSH_WITHIN):
            await steward.stats.finish()


def _start(steward: Steward, clock: DiscordClock, voice_checks: VoiceChecks | None) -> None:
    """Begin the background work; what needs Discord waits until the bot is logged in."""
    steward.stats.measure(steward.monitoring.monitor)
    delivery = Delivery(steward.client.rest, clock, gone=steward.stats.channel_gone)
    sender = OutboxSender(steward.store, clock, delivery, may_delete=clock.is_sure)
    of_bots = {
        "stats": ([*steward.stats.own_work()], [*steward.stats.work()]),
        "events": ([], [*steward.events.work()]),
        "ops": ([*steward.ops.work()], []),
    }
    own = [work for works, _ in of_bots.values() for work in works]
    connected = [work for _, works in of_bots.values() for work in works]
    if voice_checks is not None:
        connected.append(("check who is in voice", voice_checks.run))

    def switched_off(bot: str) -> None:
        steward.jobs.keep(steward.quarantine.allows)
        for name, _ in (*of_bots[bot][0], *of_bots[bot][1]):
            steward.tasks.stop(name)

    steward.quarantine.tell(switched_off)
    watch_token = ("watch the token", steward.client.token_watch.run)
    for name, work in (*steward.monitoring.work(), *steward.caches.work(), watch_token, *own):
        steward.tasks.start(name, work)
    for name, work in (
        *connected,
        ("count time in voice", steward.voice.run),
        ("watch for silence", steward.client.quiet_watch.run),
        ("rename counters", steward.names.run),
        ("run jobs", steward.jobs.run),
        ("send messages", sender.run),
        ("register commands", steward.interactions.sync),
    ):
        steward.tasks.start(name, steward.once_logged_in(work))
