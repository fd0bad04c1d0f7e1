"""The pages that an operator can open, each made of what its providers tell at that moment."""

from __future__ import annotations

import inspect
from collections import defaultdict
from enum import StrEnum

from steward.bots.ops.facts import Fact, Grade, Provider
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)


class OpsPage(StrEnum):
    """A page, by the name of its command."""

    HEALTH = "system_health"
    PERFORMANCE = "performance_metrics"
    MEMORY = "memory_optimization"
    SECURITY = "security_status"
    STATUS = "bot_status"

    @property
    def heading(self) -> str:
        """What stands above it."""
        return _HEADINGS[self]


_HEADINGS = {
    OpsPage.HEALTH: "System health",
    OpsPage.PERFORMANCE: "Performance",
    OpsPage.MEMORY: "Memory",
    OpsPage.SECURITY: "Security",
    OpsPage.STATUS: "Bot status",
}


class OpsPages:
    """Collects providers and asks them; one that fails costs its own lines only."""

    def __init__(self) -> None:
        self._providers: defaultdict[OpsPage, list[Provider]] = defaultdict(list)

    def add(self, page: OpsPage, provider: Provider) -> None:
        """Have `provider` asked, after those that were added before, whenever the page is opened."""
        self._providers[page].append(provider)

    async def facts(self, page: OpsPage, guild_id: int | None) -> list[Fact]:
        """Return everything there is to tell on a page, to somebody in that server."""
        told: list[Fact] = []
        for provider in self._providers[page]:
            try:
                answer = provider(guild_id)
                told += await answer if inspect.isawaitable(answer) else answer
            except Exception as error:
                log.error("ops_facts_unreadable", page=page.value, exc_info=error)
                told.append(Fact("Some of it couldn't be read", f"{type(error).__name__}", Grade.WATCH, "See the log."))
        return told
