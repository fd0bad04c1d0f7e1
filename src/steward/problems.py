"""Problems for the operator, and readiness of the bot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from steward.client.interactions import Interactions
from steward.client.lean import LeanClient
from steward.errors import StewardError
from steward.guilds.host import NOT_SENT
from steward.monitoring import Monitoring
from steward.runtime.tasks import Supervisor
from steward.store import JobRunner, Store
from steward.store.outbox import outbox

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
