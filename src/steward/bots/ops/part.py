"""The operator's bot, put together."""

from __future__ import annotations

import ipaddress
import platform
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord import app_commands

import steward
from steward.bots.bot import Part
from steward.bots.ops.alert_channel import AlertChannel
from steward.bots.ops.commands import OpsCommand, OpsCommands
from steward.bots.ops.facts import Fact, Grade, suspicion_facts
from steward.bots.ops.pages import OpsPage, OpsPages
from steward.bots.ops.runtime_facts import CacheFacts, RuntimeFacts
from steward.client.components import Reply
from steward.client.gateway.identify_ledger import LOGINS_A_DAY
from steward.client.interactions import answered
from steward.client.interactions.rights import MAY_USE
from steward.guilds.host import Host
from steward.guilds.operators import Operators
from steward.runtime.quarantine import Owner
from steward.runtime.tasks import Work
from steward.store.jobs.status import JobStatus
from steward.store.outbox import outbox
from steward.text.measures import seconds, size

MANY_LOGINS = 300
MANY_WAITING = 20
CHANGES_SHOWN = 5


class OpsPart(Part):
    """
    Adds the commands, and tells what the runtime alone does not know.

    Attributes:
        pages: take more facts.

    """

    def __init__(self, host: Host) -> None:
        self._host = host
        measuring = host.machine.measuring
        self._alerts = measuring.alerts
        self._alert_channel: AlertChannel | None = None
        if host.settings.alert_channel_id is not None:
            self._alert_channel = AlertChannel(host.store, host.settings.alert_channel_id)
            self._alerts.add_listener("alert channel", self._alert_channel.tell)
        self._caches = CacheFacts(host.cache, host.queries, host.machine.redis, host.clock)
        self.pages = OpsPages()
        facts = RuntimeFacts(measuring, host.clock)
        for page, provider in (
            (OpsPage.HEALTH, self._discord),
            (OpsPage.HEALTH, self._problems),
            (OpsPage.HEALTH, facts.health),
            (OpsPage.HEALTH, self._caches.health),
            (OpsPage.PERFORMANCE, facts.performance),
            (OpsPage.PERFORMANCE, self._caches.performance),
            (OpsPage.MEMORY, facts.memory),
            (OpsPage.SECURITY, self._exposure),
            (OpsPage.SECURITY, self._audit),
            (OpsPage.SECURITY, lambda _: suspicion_facts(host.guilds.suspicions)),
            (OpsPage.STATUS, self._status),
        ):
            self.pages.add(page, provider)
        operators = Operators(host.client, host.settings.guild_id, host.guilds.suspicions)
        for command in OpsCommands(operators, self.pages, facts.clean_up, host.clock):
            host.interactions.add(_declared(command, operators))

    def offline_work(self) -> Iterator[tuple[str, Work]]:
        if self._alert_channel is not None:
            yield "tell of alerts", self._alert_channel.run

    def _discord(self, _: int | None) -> Sequence[Fact]:
        health, client = self._host.client.health, self._host.client
        if not health.ready:
            return [Fact("Discord", health.sentence, Grade.BAD)]
        return [Fact("Discord", f"connected, answers within {seconds(client.latency)}")]

    async def _problems(self, _: int | None) -> Sequence[Fact]:
        alerts = {alert.sentence for alert in self._alerts.active}  # told beside these, with how long they last
        problems = await self._host.problems()
        return [Fact("Needs attention", problem, Grade.WATCH) for problem in problems if problem not in alerts]

    async def _status(self, _: int | None) -> Sequence[Fact]:
        store, jobs = self._host.store, await self._host.machine.jobs.status()
        waiting, parked = await store.read(lambda tx: (outbox.waiting(tx), len(outbox.parked(tx))))
        failed = [job for job in jobs if job.last_error is not None]
        return [
            Fact("Servers", f"{len(self._host.client.guilds):,}"),
            *map(self._bot, self._host.machine.quarantine.owners),
            Fact("Jobs", _jobs(jobs), Grade.WATCH if failed else Grade.FINE),
            Fact(
                "Messages",
                f"{waiting:,} waiting, {parked:,} given up",
                Grade.WATCH if parked or waiting > MANY_WAITING else Grade.FINE,
                "`/system_health` lists the messages I gave up on, and why." if parked else "",
            ),
            Fact("Database", f"{size(store.size_bytes)} in {store.location}"),
            Fact(
                "Steward",
                f"{steward.__version__}, discord.py {discord.__version__}, Python {platform.python_version()}",
            ),
        ]

    def _bot(self, bot: Owner) -> Fact:
        name, since, strikes = bot.name, bot.off_since, self._host.machine.quarantine.strikes(bot)
        if since is not None:
            advice = f"Restart Steward to switch {name} on again; see `loop_blocked` in the log."
            value = f"switched off <t:{int(since.timestamp())}:R>: it kept blocking the others"
            return Fact(f"Bot {name}", value, Grade.BAD, advice)
        if strikes:
            return Fact(f"Bot {name}", f"on, but blocked the others {strikes} times within an hour", Grade.WATCH)
        return Fact(f"Bot {name}", "on")

    async def _exposure(self, _: int | None) -> Sequence[Fact]:
        settings, logins = self._host.settings, await self._host.machine.ledger.spent()
        open_to_others = bool(settings.health_port) and not _is_loopback(settings.health_host)
        intents = [name for name, asked in (("members", settings.members_intent),) if asked]
        return [
            Fact(
                "Health pages",
                f"at {settings.health_host}:{settings.health_port}" if settings.health_port else "off",
                Grade.WATCH if open_to_others else Grade.FINE,
                "The health pages can be read from other machines: set STEWARD_HEALTH_HOST=127.0.0.1."
                if open_to_others
                else "",
            ),
            Fact("Privileged intents", ", ".join(intents) or "none"),
            Fact(
                "Logins",
                f"{logins} of {LOGINS_A_DAY:,} in the last 24 hours",
                Grade.WATCH if logins >= MANY_LOGINS else Grade.FINE,
                "The bot keeps restarting; see its log." if logins >= MANY_LOGINS else "",
            ),
        ]

    async def _audit(self, guild_id: int | None) -> Sequence[Fact]:
        if guild_id is None:
            return []
        changes = await self._host.guilds.settings.history(guild_id, limit=CHANGES_SHOWN)
        return [
            Fact("Settings changed", f"<t:{int(change.at.timestamp())}:R>{_by(change.changed_by)}")
            for change in changes
        ]


def _declared(command: OpsCommand, operators: Operators) -> app_commands.Command[Any, ..., Any]:
    @answered(private=True)
    async def callback(interaction: discord.Interaction) -> Reply:
        return await command.handle(interaction)

    declared: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name, description=command.description, callback=callback
    )
    declared.default_permissions = discord.Permissions(administrator=True)
    declared.extras[MAY_USE] = operators.include
    return declared


def _by(user_id: int) -> str:
    """Say who it was; of one who was forgotten, and of the bot itself, nothing."""
    return f" by <@{user_id}>" if user_id else ""


def _jobs(jobs: Sequence[JobStatus]) -> str:
    failed = sum(job.last_error is not None for job in jobs)
    upcoming = min((job.next_due for job in jobs if job.next_due is not None), default=None)
    following = f", the next <t:{int(upcoming.timestamp())}:R>" if upcoming is not None else ""
    return f"{len(jobs):,}{following}" + (f", {failed:,} failing" if failed else "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
