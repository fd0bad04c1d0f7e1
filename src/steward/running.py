"""The running bot: its parts, login and shutdown; and problems for the operator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from steward.bots.running_bots import RunningBots
from steward.caching import Caches
from steward.client.gateway.health import GatewayHealth
from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.errors import StewardError
from steward.guilds.host import NOT_SENT, Host
from steward.guilds.privacy.kept import Privacy
from steward.monitoring import Monitoring
from steward.runtime.tasks import Supervisor, Work
from steward.settings import Settings
from steward.store import JobRunner, Store
from steward.store.outbox import outbox
from steward.web.server import PageServer

FAILS_AGAIN_AND_AGAIN = 3


class Problems:
    """
    Collects problems that need the operator.

    Args:
        interactions: reports problems with registering commands.

    """

    def __init__(
        self,
        client: LeanClient,
        store: Store,
        tasks: Supervisor,
        jobs: JobRunner,
        interactions: Interactions,
        monitoring: Monitoring,
    ) -> None:
        self._client = client
        self._store = store
        self._tasks = tasks
        self._jobs = jobs
        self._interactions = interactions
        self._monitoring = monitoring
        self._sources: list[Callable[[], Iterable[str]]] = []

    def watch(self, source: Callable[[], Iterable[str]]) -> None:
        """Add a source of problem sentences."""
        self._sources.append(source)

    async def now(self) -> list[str]:
        """Return the current problems, one sentence each."""
        client, store = self._client, self._store
        found = list(self._set(client.health.degraded, client.token_watch.problem, client.gate.problem))
        found += self._set(store.trouble, store.notice)
        found += self._monitoring.problems
        for source in self._sources:
            found += source()
        found += [
            f"{state.name.capitalize()}: keeps failing ({state.last_error})."
            for state in self._tasks.states
            if state.failing and state.failures >= FAILS_AGAIN_AND_AGAIN
        ]
        found += self._set(self._interactions.problem)
        try:
            found += [f"{job.job}: {job.last_error}" for job in await self._jobs.status() if job.last_error is not None]
            found += [NOT_SENT.format(reason=message.reason) for message in await store.read(outbox.parked)]
        except StewardError as error:
            found.append(str(error))
        return found

    async def readiness(self) -> tuple[bool, dict[str, Any]]:
        """Return whether Discord's events arrive and can be stored, with details."""
        health, trouble = self._client.health, self._store.trouble
        return health.ready and trouble is None, {
            "gateway": health.sentence,
            "last_dispatch_age_seconds": health.last_dispatch_age,
            "unreadable_dispatches": health.unreadable,
            "degraded": health.degraded,
            "storage": None if trouble is None else str(trouble),
            "problems": await self.now(),
            "tasks": {
                state.name: {"running": state.running, "failures": state.failures, "last_error": state.last_error}
                for state in self._tasks.states
            },
        }

    @staticmethod
    def _set(*sentences: object) -> Iterable[str]:
        return (str(sentence) for sentence in sentences if sentence)


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
