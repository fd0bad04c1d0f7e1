"""
Steward's runtime for a bot on discord.py 2, in two lines; docs/ops.md covers others, such as Red-DiscordBot.

    await bot.load_extension("steward.ops")
    await bot.tree.sync()

Adds `/system_health` and five more commands for administrators, measures the process, logs what blocks the event loop,
and frees memory before the container's limit ends the process. It sends no requests to Discord and changes nothing in
the bot; unloading removes everything. To change its defaults: `await bot.add_cog(Ops(bot, memory_mb=512))`.
"""

from __future__ import annotations

import asyncio
import importlib
import platform
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from steward.discord_py import missing

try:
    import discord
    from discord import app_commands
    from discord.ext import commands
except ImportError as error:  # before the imports below, which need it, too
    raise ImportError(missing()) from error

import steward
from steward.bots.ops.commands import OpsCommand, OpsCommands
from steward.bots.ops.facts import Fact, Grade, suspicion_facts
from steward.bots.ops.pages import OpsPage, OpsPages
from steward.bots.ops.runtime_facts import RESIDENT, RuntimeFacts
from steward.client.interactions.answering.load import Load
from steward.client.interactions.answering.turn import Turn
from steward.guilds.operators import Operators
from steward.guilds.suspicions import SuspicionLog
from steward.runtime.clock import SYSTEM_CLOCK, Clock
from steward.runtime.memory import MemoryGuard, Pressure, collect_garbage, memory_limit, resident_reader, trim_heap
from steward.runtime.memory.tracked import TrackedObjects
from steward.runtime.monitor import AlertRule, Alerts, LoopWatch, Monitor, ResourceMeter, Severity, log_alert
from steward.runtime.process.measuring import Measuring
from steward.runtime.tasks import Supervisor
from steward.text.measures import seconds

BUDGET_MB = 800
MANY_MEMBERS = 50_000
SLOW_LATENCY = 1.0  # seconds
LOOK_EVERY = 15.0

COMMANDS = "interactions.commands"
DISPATCHES = "gateway.dispatches"


class Ops(commands.Cog):
    """
    See the module.

    Args:
        bot: a bot on discord.py 2. For Red-DiscordBot, use `setup`.
        memory_mb: memory budget; a lower container limit takes precedence.
        home: the server whose administrators may use the commands. Without it: the owner and, if the bot is in one
            server only, its administrators.

    Attributes:
        monitor: for your own metrics: `@ops.monitor.timed("draw")`.
        guard: for what your bot can free: `ops.guard.on(Pressure.HIGH, "shrink my cache", shrink)`.
        alerts: for listeners: `ops.alerts.add_listener("me", notify_me)`.
        tracked: for objects that must not leak: `ops.tracked.add("session", session)`.
        pages: for your own facts: `ops.pages.add(OpsPage.STATUS, facts)`.

    """

    def __init__(
        self,
        bot: commands.Bot,
        *,
        memory_mb: int = BUDGET_MB,
        home: int | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._bot = bot
        self._clock = clock
        self._stack = AsyncExitStack()
        self.monitor = Monitor(self._clock)
        self.guard = MemoryGuard(resident_reader(), memory_limit(memory_mb), self._clock)
        self.guard.on(Pressure.HIGH, "collect garbage", collect_garbage)
        self.guard.on(Pressure.HIGH, "give free memory back", trim_heap, last=True)
        self.alerts = Alerts(_rules(self.guard), self._clock)
        self.alerts.add_listener("log", log_alert)
        self.pages = OpsPages()
        self.security = SuspicionLog(self._clock)
        self._operators = Operators(bot, home, self.security)
        self.tracked = TrackedObjects()
        self._commands: list[str] = []

    async def cog_load(self) -> None:
        """Start measuring, and add the commands."""
        loop = self._stack.enter_context(LoopWatch(asyncio.get_running_loop()))
        measuring = Measuring(
            self.monitor, self.guard, self.alerts, ResourceMeter(Path.cwd()), self._clock, loop, tracked=self.tracked
        )
        facts = RuntimeFacts(measuring, self._clock)
        self.monitor.gauge(RESIDENT, "Resident memory of the process in bytes.", lambda: self.guard.used)
        for page, provider in (
            (OpsPage.HEALTH, self._gateway),
            (OpsPage.HEALTH, facts.health),
            (OpsPage.PERFORMANCE, facts.performance),
            (OpsPage.MEMORY, facts.memory),
            (OpsPage.MEMORY, self._caches),
            (OpsPage.SECURITY, self._permissions),
            (OpsPage.SECURITY, lambda _: suspicion_facts(self.security)),
            (OpsPage.STATUS, self._status),
        ):
            self.pages.add(page, provider)
        tasks = await self._stack.enter_async_context(Supervisor())
        tasks.start("measure", partial(measuring.run, LOOK_EVERY))
        for command in OpsCommands(self._operators, self.pages, facts.clean_up, self._clock):
            self._bot.tree.add_command(_as_app_command(command))
            self._commands.append(command.name)

    async def cog_unload(self) -> None:
        """Remove the commands, and stop measuring."""
        for name in self._commands:
            self._bot.tree.remove_command(name)
        await self._stack.aclose()

    @commands.Cog.listener()
    async def on_socket_event_type(self, event: str) -> None:
        self.monitor.counter(f"{DISPATCHES}.{event.lower()}").add()

    @commands.Cog.listener()
    async def on_app_command_completion(self, _: discord.Interaction, command: Any) -> None:
        self.monitor.counter(f"{COMMANDS}.{command.qualified_name}").add()

    def _gateway(self, _: int | None) -> Sequence[Fact]:
        latency = self._bot.latency
        slow = not latency < SLOW_LATENCY  # NaN before the first heartbeat
        known = latency == latency and latency != float("inf")  # noqa: PLR0124 - false for NaN
        return [
            Fact(
                "Gateway",
                f"responds within {seconds(latency)}" if known else "hasn't responded yet",
                Grade.WATCH if slow else Grade.FINE,
                "Discord responds slowly, or something blocks the event loop." if slow and known else "",
            )
        ]

    def _caches(self, _: int | None) -> Sequence[Fact]:
        members = sum(len(guild.members) for guild in self._bot.guilds)
        many = members > MANY_MEMBERS
        advice = "Each member takes about 1.2 KB: MemberCacheFlags.none() and chunk_guilds_at_startup=False free that."
        return [
            Fact(
                "Members in memory",
                f"{members:,}",
                Grade.WATCH if many else Grade.FINE,
                advice if many else "",
            ),
            Fact("Messages in memory", f"{len(self._bot.cached_messages):,}"),
        ]

    def _permissions(self, _: int | None) -> Sequence[Fact]:
        own_id = self._bot.user.id if self._bot.user is not None else 0
        found = [guild.get_member(own_id) for guild in self._bot.guilds]  # the cache always contains the bot
        as_admin = [me for me in found if me is not None and me.guild_permissions.administrator]
        intents = [name for name, on in self._bot.intents if on and name in ("members", "presences", "message_content")]
        return [
            Fact(
                "Administrator",
                f"in {len(as_admin)} of {len(self._bot.guilds)} servers",
                Grade.WATCH if as_admin else Grade.FINE,
                "Remove Administrator from the bot's role and grant only what it needs: a stolen token then does less."
                if as_admin
                else "",
            ),
            Fact("Privileged intents", ", ".join(intents) or "none"),
        ]

    def _status(self, _: int | None) -> Sequence[Fact]:
        return [
            Fact("Servers", f"{len(self._bot.guilds):,}"),
            Fact("Shards", str(self._bot.shard_count or 1)),
            Fact("Commands", str(len(self._bot.tree.get_commands()))),
            Fact("discord.py", discord.__version__),
            Fact("Python", platform.python_version()),
            Fact("Steward", steward.__version__),
        ]


def _rules(guard: MemoryGuard) -> list[AlertRule]:
    return [
        AlertRule(
            "memory",
            lambda: guard.share if guard.used else None,
            {Severity.WARNING: 0.70, Severity.SERIOUS: 0.85, Severity.CRITICAL: 0.95},
            "Memory: {:.0%} of the limit is in use.",
        )
    ]


def _as_app_command(command: OpsCommand) -> app_commands.Command[Any, ..., Any]:
    """Return a discord.py command that defers by itself and shows errors as sentences."""
    load = Load(SYSTEM_CLOCK)

    async def callback(interaction: discord.Interaction) -> None:
        await Turn(interaction, command.handle(interaction), load, command.name, private=True).run()

    callback.__annotations__["interaction"] = discord.Interaction
    app_command: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name, description=command.description, callback=callback
    )
    app_command.default_permissions = discord.Permissions(administrator=True)
    app_command.guild_only = True
    return app_command


def setup(bot: commands.Bot) -> Awaitable[None]:
    """
    Load the extension; called by discord.py.

    Raises:
        TypeError: the bot belongs to another library installed beside discord.py.

    """
    if not isinstance(bot, commands.Bot | commands.AutoShardedBot):
        raise TypeError(missing())
    return bot.add_cog(_kind_for(bot)(bot))


async def teardown(bot: commands.Bot) -> None:
    """Remove the cog even if it was loaded under another module name, as in Red."""
    await bot.remove_cog(Ops.__cog_name__)


def _kind_for(bot: commands.Bot) -> type[Ops]:
    """Return the cog class for a bot: Red-DiscordBot accepts only its own kind."""
    if not any(kind.__module__ == "redbot.core.bot" for kind in type(bot).__mro__):
        return Ops
    red = importlib.import_module("redbot.core.commands")
    return type(Ops.__name__, (Ops, red.Cog), {"__module__": __name__})
