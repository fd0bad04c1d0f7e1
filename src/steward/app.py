"""
The composition root: settings -> store -> runtime -> client -> bots -> web, one `async with`.

Everything is made here and handed its parts; nothing below reaches up.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import structlog
from discord.http import Route

from steward.bots.host import Host
from steward.bots.ops.bot import OpsBot
from steward.bots.stats.bot import StatsBot
from steward.bots.stats.counters import Counted, Counter
from steward.bots.stats.guild_settings import GuildSettings
from steward.caching import Caches, command_limiter, open_caches
from steward.charts.render import ChartRenderer
from steward.client.channel_access import ChannelAccess
from steward.client.channel_name import RenameLimit
from steward.client.channel_names import ChannelNames
from steward.client.delivery import Delivery
from steward.client.health import GatewayHealth
from steward.client.identify_ledger import IdentifyLedger
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.client.webhook import Webhooks
from steward.errors import Broken, StewardError
from steward.feeds import FeedLogs, feed_nothing, feed_webhooks
from steward.monitoring import INTERACTION, Monitoring
from steward.runtime.clock import Clock, SystemClock
from steward.runtime.monitor import LoopWatch
from steward.runtime.quarantine import Quarantine
from steward.runtime.tasks import Supervisor, Work
from steward.settings import Settings
from steward.store import ServerOptions, Store, open_store, outbox
from steward.store.runner import JobRunner
from steward.store.sender import OutboxSender
from steward.web.health import serve_health
from steward.web.metrics import MetricsPage

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
BOTS = {"stats": "steward.bots.stats", "ops": "steward.bots.ops"}
MIGRATIONS = (("client", HERE / "client/migrations"), ("stats", HERE / "bots/stats/migrations"))
FAREWELL_WITHIN = 2.0
READERS = 1  # reads are short and few; each further one takes a thread and 0.2 MB
FLUSH_WITHIN = 3.0
LIMITS_WAITED_FOR = 5.0  # seconds that Discord's answers may take longer because of rate limits
FAILS_AGAIN_AND_AGAIN = 3
STOP_WITHIN = 8  # Docker kills after 10 s


@dataclass(frozen=True, slots=True)
class Steward:
    """The running bot, part by part."""

    settings: Settings
    store: Store
    tasks: Supervisor
    health: GatewayHealth
    client: LeanClient
    names: ChannelNames
    jobs: JobRunner
    interactions: Interactions
    stats: StatsBot
    ops: OpsBot
    monitoring: Monitoring
    quarantine: Quarantine
    caches: Caches

    async def run(self) -> None:
        """
        Log in and stay connected until closed.

        Raises:
            NeedsOperator: Discord refuses the bot for a reason that only a person can remove.

        """
        await self.client.login(self.settings.token.reveal())
        await self.client.connect()

    def once_logged_in(self, work: Work) -> Work:
        """Return work that begins when the gateway has first been up: before that there is nobody to ask."""

        async def waiting() -> None:
            await self.health.first_connection.wait()
            await work()

        return waiting

    async def say_farewell(self) -> None:
        """Show in the presence that the bot will be back."""
        if self.health.ready:
            with suppress(TimeoutError, OSError, discord.DiscordException):
                async with asyncio.timeout(FAREWELL_WITHIN):
                    await self.client.change_presence(
                        status=discord.Status.idle, activity=discord.CustomActivity("Restarting, back in a moment")
                    )

    async def problems(self) -> list[str]:
        """Return what needs the operator's attention, a sentence each."""
        found = [] if self.health.degraded is None else [self.health.degraded]
        if self.client.gate.problem is not None:
            found.append(self.client.gate.problem)
        found += self.monitoring.problems
        found += self.stats.problems
        found += [channel.problem for channel in self.names.channels if channel.problem is not None]
        found += [
            f"{state.name.capitalize()}: fails again and again ({state.last_error})."
            for state in self.tasks.states
            if state.failing and state.failures >= FAILS_AGAIN_AND_AGAIN
        ]
        if self.interactions.problem is not None:
            found.append(self.interactions.problem)
        try:
            found += [f"{job.job}: {job.last_error}" for job in await self.jobs.status() if job.last_error is not None]
            found += [f"Not sent: {message.reason}" for message in await self.store.read(outbox.parked)]
        except StewardError as error:
            found.append(str(error))
        return found

    async def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Return whether Discord's events arrive, and the facts behind it."""
        health = self.health
        return health.ready, {
            "gateway": health.sentence,
            "last_dispatch_age_seconds": health.last_dispatch_age,
            "unreadable_dispatches": health.unreadable,
            "degraded": health.degraded,
            "problems": await self.problems(),
            "tasks": {
                state.name: {"running": state.running, "failures": state.failures, "last_error": state.last_error}
                for state in self.tasks.states
            },
        }


@asynccontextmanager
async def open_steward(
    settings: Settings,
    clock: Clock,
    *,
    log_lines: Callable[[], Sequence[str]] = list,
    loop_watch: LoopWatch | None = None,
    feed_logs: FeedLogs = feed_nothing,
) -> AsyncIterator[Steward]:
    """
    Build the bot, start its background work, and take it all down again in reverse order.

    Args:
        settings: as loaded and checked.
        clock: the time.
        log_lines: the newest lines of the log, for the heartbeat.
        loop_watch: what watches the event loop, where that is on the wall clock.
        feed_logs: has chosen lines of the log added to the feed of a webhook.

    """
    Route.BASE = settings.api_url  # discord.py's own switch for where REST is; the gateway's address follows from it
    async with AsyncExitStack() as stack:
        health = GatewayHealth(clock)
        monitoring = Monitoring(settings, clock, health, data=settings.data_dir, loop_watch=loop_watch)
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
        monitoring.watch_queries(store.watch)
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
            )
        )

        async def problems() -> list[str]:
            return await steward.problems()

        host = Host(
            settings=settings,
            clock=clock,
            store=store,
            queries=caches.queries,
            cache=caches.cache,
            client=client,
            names=names,
            access=ChannelAccess(client.rest, lambda: client.user.id if client.user is not None else 0),
            jobs=jobs,
            interactions=interactions,
            charts=ChartRenderer(spare=lambda: monitoring.guard.spare),
            problems=problems,
            log_lines=log_lines,
        )
        stats = StatsBot(host, defaults=_defaults(settings), fixed=_fixed(settings))
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
        steward = Steward(
            settings,
            store,
            tasks,
            health,
            client,
            names,
            jobs,
            interactions,
            stats,
            ops,
            monitoring,
            quarantine,
            caches,
        )
        await stats.load()
        if settings.health_port:
            await stack.enter_async_context(
                serve_health(
                    steward.readiness,
                    MetricsPage(monitoring.monitor, monitoring.alerts),
                    host=settings.health_host,
                    port=settings.health_port,
                )
            )
        stack.push_async_callback(_flush, steward)
        _start(steward, clock)
        yield steward


def _defaults(settings: Settings) -> GuildSettings:
    """Return what holds in a guild where nobody has set up anything."""
    return GuildSettings(zone=settings.timezone.key, report_time=settings.report_time)


def _fixed(settings: Settings) -> dict[int, GuildSettings]:
    """Return what the environment says of the one guild it names: the set-up without `/setup`."""
    configured = (
        (settings.member_channel_id, Counted.MEMBERS),
        (settings.online_channel_id, Counted.ONLINE),
        (settings.ban_channel_id, Counted.BANS),
    )
    fixed = GuildSettings(
        counters=tuple(Counter(channel_id, counted) for channel_id, counted in configured if channel_id is not None),
        report_channel_id=settings.stats_channel_id,
        heartbeat_channel_id=settings.heartbeat_channel_id,
    )
    return {} if settings.guild_id is None else {settings.guild_id: fixed}


async def _flush(steward: Steward) -> None:
    """Keep what has happened, if that is possible soon; if not, Discord tells it again from the bookmark on."""
    if "stats" in steward.quarantine.off:
        return  # the bookmark stands where it last listened
    with suppress(TimeoutError):
        async with asyncio.timeout(FLUSH_WITHIN):
            await steward.stats.finish()


def _start(steward: Steward, clock: Clock) -> None:
    """Begin the background work; what needs Discord waits until the bot is logged in."""
    delivery = Delivery(steward.client.rest, clock, gone=steward.stats.channel_gone)
    sender = OutboxSender(steward.store, clock, delivery)
    own, connected, ops = [*steward.stats.own_work()], [*steward.stats.work()], [*steward.ops.work()]
    of_bots = {"stats": (*own, *connected), "ops": ops}

    def switched_off(bot: str) -> None:
        steward.jobs.keep(steward.quarantine.allows)
        for name, _ in of_bots[bot]:
            steward.tasks.stop(name)

    steward.quarantine.tell(switched_off)
    for name, work in (*steward.monitoring.work(), *steward.caches.work(), *own, *ops):
        steward.tasks.start(name, work)
    for name, work in (
        *connected,
        ("watch for silence", steward.client.quiet_watch.run),
        ("rename counters", steward.names.run),
        ("run jobs", steward.jobs.run),
        ("send messages", sender.run),
        ("register commands", steward.interactions.sync),
    ):
        steward.tasks.start(name, steward.once_logged_in(work))


def run_bot(
    settings: Settings, *, log_lines: Callable[[], Sequence[str]] = list, feed_logs: FeedLogs = feed_nothing
) -> int:
    """
    Run the bot until it is told to stop (SIGTERM, SIGINT) and return the exit code.

    Raises:
        StewardError: what ended it, with its own exit code.

    """
    asyncio.run(_run_until_told(settings, SystemClock(), log_lines, feed_logs))
    return 0


async def _run_until_told(
    settings: Settings, clock: Clock, log_lines: Callable[[], Sequence[str]], feed_logs: FeedLogs
) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    try:
        async with AsyncExitStack() as stack:
            watch = stack.enter_context(LoopWatch(loop)) if settings.performance_monitoring else None
            steward = await stack.enter_async_context(
                open_steward(settings, clock, log_lines=log_lines, loop_watch=watch, feed_logs=feed_logs)
            )
            # What the start has made stays for ever: collections that pass it over hold nobody up (13 ms each without).
            gc.collect()
            gc.freeze()
            running = asyncio.create_task(steward.run(), name="gateway")
            waiting = asyncio.create_task(told.wait(), name="wait for a signal")
            try:
                ends: set[asyncio.Future[Any]] = {running, waiting, steward.tasks.doomed}
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                fatal = next((ended.exception() for ended in (running, steward.tasks.doomed) if ended.done()), None)
                _be_gone_within(STOP_WITHIN, fatal)
                if fatal is not None:
                    raise fatal
                log.info("stopping")
                await steward.say_farewell()
            finally:
                running.cancel()
                waiting.cancel()
                await asyncio.gather(running, waiting, return_exceptions=True)
        log.info("stopped")
    finally:
        signal.alarm(0)


def _be_gone_within(seconds: int, fatal: BaseException | None) -> None:
    """Whatever hangs, end the process in time: all that was promised is in the database."""
    code = fatal.exit_code if isinstance(fatal, StewardError) else Broken.exit_code if fatal else 0
    signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
    signal.alarm(seconds)
