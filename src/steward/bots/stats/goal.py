"""A guild's goal: how far it is, and its milestones, each announced once."""

from __future__ import annotations

import asyncio
from functools import partial

from steward.bots.stats.counts.facts import GuildCounts
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.setup.guild_settings import Goal
from steward.bots.stats.views.goal import milestone
from steward.runtime.isolation import Isolation
from steward.store import Store, Transaction, kv
from steward.store.outbox import outbox

LOOK_EVERY = 60.0
QUARTERS = 4


def milestones(goal: Goal) -> list[int]:
    """Return the numbers of members on the way to a goal that are announced: each quarter of the way, and the goal."""
    way = goal.members - goal.since
    steps = (goal.since + way * quarter // QUARTERS for quarter in range(1, QUARTERS + 1))
    return sorted({step for step in steps if step > goal.since})


class GoalWatch:
    """
    Announces milestones for as long as it runs.

    Args:
        store: remembers what was announced, in the transaction that promises the message.

    """

    def __init__(self, service: StatsService, store: Store) -> None:
        self._service = service
        self._store = store
        self._announced: dict[str, int] = {}
        self._isolation = Isolation("announce goals")

    async def run(self) -> None:
        """Look at every goal, over and over."""
        while True:
            for guild_id, stats in list(self._service.guilds.items()):
                with self._isolation.item(guild_id):
                    await self._look(stats.settings.goal, stats.counts)
            await asyncio.sleep(LOOK_EVERY)

    async def _look(self, goal: Goal | None, counts: GuildCounts) -> None:
        """Promise the message of the newest milestone passed; those passed at once with it are part of it."""
        if goal is None or goal.channel_id is None or counts.members is None:
            return
        step = max((step for step in milestones(goal) if step <= counts.members), default=0)
        key = f"stats.goal.{counts.guild_id}.{goal.since}.{goal.members}"
        if self._announced.get(key, 0) < step:
            await self._store.write(partial(_promise, key=key, step=step, goal=goal, counts=counts))
            self._announced[key] = step


def _promise(tx: Transaction, key: str, step: int, goal: Goal, counts: GuildCounts) -> None:
    if int(kv.get(tx, key) or 0) >= step or goal.channel_id is None:
        return
    kv.put(tx, key, str(step))
    outbox.put(tx, key=f"{key}.{step}", channel_id=goal.channel_id, payload=milestone(counts.name, step, goal.members))
