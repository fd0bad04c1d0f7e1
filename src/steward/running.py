"""The running bot: its parts, login and shutdown."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import discord

from steward.bots.running_bots import RunningBots
from steward.caching import Caches
from steward.client.gateway.health import GatewayHealth
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Privacy
from steward.monitoring import Monitoring
from steward.problems import Problems
from steward.runtime.tasks import Supervisor, Work
from steward.settings import Settings
from steward.store import JobRunner, Store
from steward.web.server import PageServer

FAREWELL_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Steward:
    """The running bot and its parts."""

    host: Host
    interactions: Interactions
    jobs: JobRunner
    tasks: Supervisor
    bots: RunningBots
    problems: Problems
    privacy: Privacy
    monitoring: Monitoring
    caches: Caches
    pages: PageServer | None

    @property
    def settings(self) -> Settings:
        return self.host.settings

    @property
    def store(self) -> Store:
        return self.host.store

    @property
    def client(self) -> LeanClient:
        return self.host.client

    @property
    def health(self) -> GatewayHealth:
        return self.client.health

    async def run(self) -> None:
        """
        Log in and stay connected until closed.

        Raises:
            NeedsOperator: Discord refuses the bot until a person acts.

        """
        await self.client.login(self.settings.token.reveal())
        await self.client.connect()

    def once_logged_in(self, work: Work) -> Work:
        """Return work that waits for the first gateway connection."""

        async def waiting() -> None:
            await self.health.first_connection.wait()
            await work()

        return waiting

    async def say_farewell(self) -> None:
        """Show in the presence that the bot is restarting, and disconnect; takes at most `FAREWELL_WITHIN` seconds."""
        if self.health.ready:
            with suppress(TimeoutError, OSError, discord.DiscordException):
                async with asyncio.timeout(FAREWELL_WITHIN):
                    await self.client.change_presence(
                        status=discord.Status.idle, activity=discord.CustomActivity("Restarting, back in a moment")
                    )
                    await self.client.leave()
