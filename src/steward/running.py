"""The running bot: its parts by name, how it is doing, and what a person must see to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from steward.bots.events.bot import EventsBot
from steward.bots.host import NOT_SENT
from steward.bots.ops.bot import OpsBot
from steward.bots.stats.bot import StatsBot
from steward.caching import Caches
from steward.client.channel_names import ChannelNames
from steward.client.health import GatewayHealth
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.client.voice_time import VoiceTime
from steward.errors import StewardError
from steward.monitoring import Monitoring
from steward.runtime.quarantine import Quarantine
from steward.runtime.tasks import Supervisor, Work
from steward.settings import Settings
from steward.store import JobRunner, Store, outbox
from steward.web.server import PageServer

FAREWELL_WITHIN = 2.0
FAILS_AGAIN_AND_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Steward:
    """The running bot, part by part."""

    settings: Settings
    store: Store
    tasks: Supervisor
    health: GatewayHealth
    client: LeanClient
    names: ChannelNames
    voice: VoiceTime
    jobs: JobRunner
    interactions: Interactions
    stats: StatsBot
    events: EventsBot
    ops: OpsBot
    monitoring: Monitoring
    quarantine: Quarantine
    caches: Caches
    pages: PageServer | None

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
        """Show in the presence that the bot will be back, and disconnect; takes `FAREWELL_WITHIN` s at most."""
        if self.health.ready:
            with suppress(TimeoutError, OSError, discord.DiscordException):
                async with asyncio.timeout(FAREWELL_WITHIN):
                    await self.client.change_presence(
                        status=discord.Status.idle, activity=discord.CustomActivity("Restarting, back in a moment")
                    )
                    await self.client.leave()

    async def problems(self) -> list[str]:
        """Return what needs the operator's attention, a sentence each."""
        found = [] if self.health.degraded is None else [self.health.degraded]
        if self.client.token_watch.problem is not None:
            found.append(self.client.token_watch.problem)
        if self.client.gate.problem is not None:
            found.append(self.client.gate.problem)
        if self.store.trouble is not None:
            found.append(str(self.store.trouble))
        if self.store.notice is not None:
            found.append(self.store.notice)
        if self.pages is not None and self.pages.problem is not None:
            found.append(self.pages.problem)
        found += self.monitoring.problems
        found += self.stats.problems
        found += self.events.problems
        found += [
            f"{state.name.capitalize()}: keeps failing ({state.last_error})."
            for state in self.tasks.states
            if state.failing and state.failures >= FAILS_AGAIN_AND_AGAIN
        ]
        if self.interactions.problem is not None:
            found.append(self.interactions.problem)
        try:
            found += [f"{job.job}: {job.last_error}" for job in await self.jobs.status() if job.last_error is not None]
            found += [NOT_SENT.format(reason=message.reason) for message in await self.store.read(outbox.parked)]
        except StewardError as error:
            found.append(str(error))
        return found

    async def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Return whether Discord's events arrive and can be kept, and the facts behind it."""
        health, trouble = self.health, self.store.trouble
        return health.ready and trouble is None, {
            "gateway": health.sentence,
            "last_dispatch_age_seconds": health.last_dispatch_age,
            "unreadable_dispatches": health.unreadable,
            "degraded": health.degraded,
            "storage": None if trouble is None else str(trouble),
            "problems": await self.problems(),
            "tasks": {
                state.name: {"running": state.running, "failures": state.failures, "last_error": state.last_error}
                for state in self.tasks.states
            },
        }
