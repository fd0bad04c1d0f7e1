"""
How long what is kept is kept: a daily job of a bot that deletes what is older.

    self.retention = Retention(host.store, host.clock, lambda _: [OldRows(Rows("thanks WHERE 1 = 1"), A_YEAR)])

As a durable job it runs once a day however often the bot is restarted. A transaction deletes some hundred rows, so that
whoever else writes never waits long, and one run never more than a portion (`steward.store.retention`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from steward.client.panels.drafts import Drafts
from steward.guilds.owned import OwnedJobs
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.store import DailyAt, JobOccurrence, Store, Transaction, to_millis
from steward.store.retention import Rows, deletion_limit_of

WHEN = DailyAt(time(4, 30), ZoneInfo("UTC"))
ROWS = 500

Drop = Callable[[Transaction, Rows, int], int]
"""Deletes the oldest of some rows, about as many as the last argument says; returns how many."""


@dataclass(frozen=True, slots=True)
class OldRows:
    """
    Rows of a table that are deleted once they are old.

    Attributes:
        kept: all of them, with WHERE; what is old of them is found by more conditions.
        keep: how long they are kept.
        at: the column that says how old one is, in milliseconds.
        too_old: what else must be true, given the instant since which rows are kept.
        drop: deletes some; None for no more than these rows, by their age.
        guild_id: whose they are: a fault costs only this guild; None for all.

    """

    kept: Rows
    keep: timedelta
    at: str = "at"
    too_old: Callable[[Transaction, datetime], Rows] = lambda *_: Rows("1 = 1")
    drop: Drop | None = None
    guild_id: int | None = None

    async def prune(self, store: Store, now: datetime) -> None:
        """Delete some, each time in a transaction of its own, until nothing is left of this run's portion."""
        before = now - self.keep

        def limit(tx: Transaction) -> int:
            old = self._old(tx, before, to_millis(before))
            return deletion_limit_of(tx, self.at, self.kept, to_millis(before), now=to_millis(now), old=old)

        until = await store.read(limit)
        drop = self.drop or self._drop
        while await store.write(lambda tx: drop(tx, self._old(tx, before, until), ROWS)):
            pass

    def _old(self, tx: Transaction, before: datetime, until: int) -> Rows:
        more = self.too_old(tx, before)
        return Rows(f"{self.kept.sql} AND {more.sql} AND {self.at} < ?", (*self.kept.args, *more.args, until))

    def _drop(self, tx: Transaction, old: Rows, most: int) -> int:
        ages = tx.all(f"SELECT {self.at} FROM {old.sql} ORDER BY {self.at} LIMIT {most}", old.args)  # noqa: S608 - ours
        if not ages:
            return 0
        return tx.execute(f"DELETE FROM {old.sql} AND {self.at} <= ?", (*old.args, ages[-1][0]))  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class OldDrafts:
    """Drafts that are deleted so long after they were begun."""

    drafts: Drafts[Any]
    keep: timedelta
    guild_id: ClassVar[None] = None

    async def prune(self, store: Store, now: datetime) -> None:
        """Delete this run's portion."""
        await store.write(partial(self.drafts.prune, before=to_millis(now - self.keep), now=to_millis(now)))


class Retention:
    """
    Deletes what is too old, in every guild.

    Args:
        old: says what is deleted, those of a guild one after the other; asked in each run.
        flush: writes what must be written before anything is deleted.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        old: Callable[[Transaction], Iterable[OldRows | OldDrafts]],
        *,
        flush: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._old = old
        self._flush = flush
        self._isolation = Isolation("delete what is old")

    def register(self, jobs: OwnedJobs, name: str) -> None:
        """Have it run daily, as a job of this name."""
        jobs.register(name, WHEN, self._job, coalesce=True, deletes=True)

    async def prune(self, now: datetime) -> None:
        """Delete a portion of what is too old at `now`; cut short anywhere, the next call goes on."""
        if self._flush is not None:
            await self._flush()
        for guild_id, olds in groupby(await self._store.read(lambda tx: list(self._old(tx))), lambda old: old.guild_id):
            with nullcontext() if guild_id is None else self._isolation.item(guild_id):
                for old in olds:
                    await old.prune(self._store, now)

    async def _job(self, _: JobOccurrence) -> None:
        await self.prune(self._clock.now())
