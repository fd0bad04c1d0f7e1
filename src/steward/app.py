"""
The composition root: settings -> store -> runtime -> client -> bots -> web, in one `async with`.

All parts are created here and passed down; nothing below imports this, and no bot is named.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from discord.http import Route

from steward.bots.installed import Chosen, choose, migrations
from steward.bots.running_bots import RunningBots
from steward.caching import Caches, command_limiter, open_caches
from steward.charts.render import ChartRenderer
from steward.client.access.channel_access import ChannelAccess
from steward.client.discord_clock import DiscordClock
from steward.client.gateway.health import GatewayHealth
from steward.client.gateway.identify_ledger import IdentifyLedger
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.client.members.voice_states import VoiceChecks, VoiceStates
from steward.client.members.voice_time import VoiceTime
from steward.client.posts.channel_name import RenameLimit
from steward.client.posts.channel_names import ChannelNames
from steward.client.posts.delivery import Delivery
from steward.client.rest.webhook import Webhooks
from steward.feeds import FeedLogs, feed_nothing, feed_webhooks
from steward.guilds.commands import offer_commands
from steward.guilds.guilds import Guilds
from steward.guilds.host import Host, Machine
from steward.guilds.owned import OwnedGateway, OwnedInteractions, OwnedJobs
from steward.guilds.privacy.kept import Privacy
from steward.monitoring import INTERACTION, Monitoring
from steward.running import Problems, Steward
from steward.runtime.clock import Clock
from steward.runtime.monitor import LoopWatch
from steward.runtime.pages import Pages
from steward.runtime.quarantine import Quarantine
from steward.runtime.tasks import Supervisor
from steward.settings import Settings
from steward.store import JobRunner, OutboxSender, ServerOptions, Store, open_store
from steward.store.opening import sqlite_path
from steward.store.server.address import server_address
from steward.web.dashboard.access import DashboardAccess
from steward.web.dashboard.dashboard import Dashboard
from steward.web.dashboard.now import BotState, DashboardNow
from steward.web.dashboard.points import MetricPoints
from steward.web.health import health_pages
from steward.web.metrics import MetricsPage
from steward.web.server import PageServer

READERS = 1  # reads are short and rare; each reader takes a thread and 0.2 MB
LIMITS_WAITED_FOR = 5.0  # extra seconds for rate limits


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
    Build the bot, start its background work, and tear everything down in reverse order.

    Args:
        machine_clock: the local clock; the bot follows Discord's as soon as it is known.
        log_lines: returns the newest log lines, for the heartbeat.
        loop_watch: watches the event loop; only on wall time.
        feed_logs: adds selected log lines to the feed of a webhook.

    """
    Route.BASE = settings.api_url  # discord.py's switch for the REST URL, which also gives the gateway's URL
    chosen = choose(settings.bots)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        clock = DiscordClock(machine_clock)
        health = GatewayHealth(clock)
        monitoring = Monitoring(settings, clock, health, data=_data(settings), loop_watch=loop_watch)
        store = await enter(_store(settings, clock, monitoring, chosen))
        caches = await enter(open_caches(settings, clock, store))
        ledger = IdentifyLedger(store, clock)
        client = await enter(_client(settings, clock, monitoring, health, store, ledger))
        webhooks = await enter(Webhooks(within=settings.api_timeout))
        tasks = await enter(Supervisor())
        feed_webhooks(settings, clock, client, tasks, webhooks, feed_logs)
        jobs = _jobs(settings, clock, store)
        interactions = await enter(_interactions(settings, clock, monitoring, caches, store, client))
        problems = Problems(client, store, tasks, jobs, interactions, monitoring)
        quarantine = Quarantine(clock)
        host = Host(
            settings=settings,
            clock=clock,
            store=store,
            queries=caches.queries,
            cache=caches.cache,
            client=client,
            gateway=OwnedGateway(client),
            names=ChannelNames(
                client.rest,
                store,
                clock,
                limit=RenameLimit(settings.rename_count, timedelta(seconds=settings.rename_window)),
            ),
            access=ChannelAccess(client.rest, lambda: client.user.id if client.user is not None else 0),
            voice=VoiceTime(clock, hears=lambda: health.ready),
            jobs=OwnedJobs(jobs),
            interactions=OwnedInteractions(interactions),
            charts=ChartRenderer(has_headroom=lambda: monitoring.guard.has_headroom),
            pages=Pages(),
            guilds=Guilds.of(store, caches.queries, clock, zone=settings.timezone.key),
            machine=Machine(monitoring.measuring, ledger, quarantine, jobs, caches.redis),
            problems=problems.now,
            log_lines=log_lines,
        )
        voice_checks = (
            VoiceChecks(client.rest, host.voice, VoiceStates(client, host.voice)) if settings.activity else None
        )
        bots = RunningBots(host, interactions, tasks)
        await bots.build(chosen.bots)
        problems.watch(lambda: (*chosen.left_out, *bots.problems))
        privacy = Privacy(store, [*host.guilds.personal_data, *bots.kept])
        offer_commands(
            interactions,
            host,
            privacy,
            titles=bots.titles,
            setups=lambda: bots.setups,
            exports=bots.exports,
            flush=bots.flush,
        )
        monitoring.watch(clock, store, client, tasks, quarantine)
        caches.measure(monitoring.monitor, monitoring.alerts, clock)
        if settings.memory_optimization:
            caches.relieve(monitoring.guard)
        await host.guilds.load()
        await bots.load()
        dashboard = _dashboard(settings, monitoring, problems, host, tasks)
        pages = _pages(settings, monitoring, problems, host.pages, dashboard)
        if pages is not None:
            await enter(pages.serving())
            tasks.start("serve health pages", pages.keep_trying)
        steward = Steward(host, interactions, jobs, tasks, bots, problems, privacy, monitoring, caches, pages)
        stack.push_async_callback(bots.finish)
        _start(steward, clock, voice_checks)
        yield steward


def _store(
    settings: Settings, clock: Clock, monitoring: Monitoring, chosen: Chosen
) -> AbstractAsyncContextManager[Store]:
    return open_store(
        settings.database,
        clock,
        migrations=migrations(chosen.bots),
        readers=READERS,
        server=ServerOptions(
            connections=settings.db_connections,
            idle=settings.db_idle_timeout,
            backups=settings.data_dir / "backups",
        ),
        around=monitoring.around_store,
        slow_query=settings.slow_operation,
    )


def _client(
    settings: Settings,
    clock: DiscordClock,
    monitoring: Monitoring,
    health: GatewayHealth,
    store: Store,
    ledger: IdentifyLedger,
) -> LeanClient:
    return LeanClient(
        store=store,
        ledger=ledger,
        health=health,
        members_intent=settings.members_intent,
        activity_intents=settings.activity,
        request_times=monitoring.request_times(),
        discord_clock=clock,
        answer_within=settings.api_timeout + LIMITS_WAITED_FOR,
        guilds_a_page=settings.api_batch_size,
    )


def _jobs(settings: Settings, clock: DiscordClock, store: Store) -> JobRunner:
    return JobRunner(
        store,
        clock,
        limit=timedelta(seconds=settings.task_timeout),
        concurrency=settings.task_concurrency,
        spread=timedelta(seconds=settings.task_spread),
        may_delete=clock.is_sure,
    )


def _interactions(
    settings: Settings, clock: Clock, monitoring: Monitoring, caches: Caches, store: Store, client: LeanClient
) -> Interactions:
    limiter = command_limiter(settings, clock, caches.redis)
    monitoring.watch_limiter(limiter)
    return Interactions(
        client,
        store,
        clock,
        limiter=limiter,
        slow_after=settings.slow_operation,
        observe=monitoring.monitor.timer(INTERACTION).observe,
        taken=client.second.answer_taken,
    )


def _dashboard(
    settings: Settings, monitoring: Monitoring, problems: Problems, host: Host, tasks: Supervisor
) -> Dashboard | None:
    if not settings.dashboard or not settings.health_port:
        return None
    client = host.client

    def state() -> BotState:
        name = "" if client.user is None else client.user.name
        return BotState(name, len(client.guilds), client.health.ready, client.health.sentence, monitoring.uptime)

    points = MetricPoints(monitoring.monitor, host.store, host.clock)
    tasks.start("keep numbers for the dashboard", points.run)
    now = DashboardNow(
        points,
        host.store,
        host.clock,
        monitoring.alerts,
        monitoring.guard,
        state=state,
        problems=problems.now,
        tasks=lambda: tasks.states,
        logins_spent=host.machine.ledger.spent,
    )
    access = DashboardAccess(settings.dashboard_password, settings.dashboard_hosts, host.clock.monotonic)
    return Dashboard(access, now)


def _pages(
    settings: Settings, monitoring: Monitoring, problems: Problems, of_bots: Pages, dashboard: Dashboard | None
) -> PageServer | None:
    if not settings.health_port:
        return None
    pages = PageServer(
        health_pages(problems.readiness, MetricsPage(monitoring.monitor, monitoring.alerts), of_bots, dashboard),
        host=settings.health_host,
        port=settings.health_port,
    )
    problems.watch(lambda: [] if pages.problem is None else [pages.problem])
    return pages


def _data(settings: Settings) -> Path:
    """Return the folder whose disk must not fill up: the database's, if it is a file."""
    is_file = server_address(settings.database) is None
    return sqlite_path(settings.database).parent if is_file else settings.data_dir


def _start(steward: Steward, clock: DiscordClock, voice_checks: VoiceChecks | None) -> None:
    """Start the background work; what needs Discord waits for the login."""
    host, client, tasks = steward.host, steward.client, steward.tasks
    delivery = Delivery(client.rest, clock, gone=steward.bots.channel_gone)
    sender = OutboxSender(host.store, clock, delivery, may_delete=clock.is_sure)
    for name, work in (
        *steward.monitoring.work(),
        *steward.caches.work(),
        ("watch the token", client.token_watch.run),
    ):
        tasks.start(name, work)
    steward.bots.start(steward.once_logged_in)
    if voice_checks is not None:
        tasks.start("check who is in voice", steward.once_logged_in(voice_checks.run))
    for name, work in (
        ("count time in voice", host.voice.run),
        ("watch for silence", client.quiet_watch.run),
        ("rename counters", host.names.run),
        ("run jobs", steward.jobs.run),
        ("send messages", sender.run),
        ("register commands", steward.interactions.sync),
    ):
        tasks.start(name, steward.once_logged_in(work))
