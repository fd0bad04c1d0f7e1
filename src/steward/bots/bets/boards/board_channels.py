"""Keeps where each guild has its boards, and how it writes odds, where a bet that is placed finds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice

from steward.bots.bets.kinds import BOARD
from steward.bots.bets.odds.prices import OddsFormat
from steward.bots.bets.section import BetsSection
from steward.client.posts.desired_state import DesiredState
from steward.client.posts.messages import DesiredMessage, Messages
from steward.errors import NeedsOperator, NotReady
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.runtime.tasks import Work
from steward.store import Transaction, to_millis
from steward.store.desired import desired

FEEDS_EVERY = 300.0
AT_ONCE = 100
"""Guilds in one unit of work: at the start all of them are written down."""


class DayBoards:
    """Puts the boards of days up and keeps them as they should be."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        self._store = host.store
        self._clock = host.clock
        messages = Messages(host.store, host.client.rest, BOARD, _board, failed="A board of bets can't be shown")
        self._shown = DesiredState(host.store, host.clock, messages)
        self._changed: dict[int, tuple[int | None, OddsFormat]] = {}
        self._wake = asyncio.Event()
        section.watch(self._note)

    @property
    def problems(self) -> list[str]:
        return self._shown.problems

    def work(self) -> Iterator[tuple[str, Work]]:
        """Yield the background work."""
        yield "edit boards of bets", self._shown.run
        yield "follow channels of bets", self._follow
        yield "bring boards of bets up to date", self._follow_feeds

    async def _follow_feeds(self) -> None:
        """Have boards show what feeds tell, some minutes later: each edit of a board is one of Discord's requests."""
        since_ms = to_millis(self._clock.now() - timedelta(days=1))  # nobody knows for how long the bot was away
        while True:
            with suppress(NotReady, NeedsOperator):  # the database; next time it's looked at all that has changed since
                since_ms = await self._brought_up_to_date(since_ms)
            await asyncio.sleep(FEEDS_EVERY)

    async def _brought_up_to_date(self, since_ms: int) -> int:
        """Have boards show what has changed since then, and return until when that is."""
        now_ms = to_millis(self._clock.now())
        if not await self._store.read(_has_boards):
            return now_ms
        from steward.bots.bets.boards.board_changes import changed_boards, follow_feeds
        from steward.bots.bets.fixtures.changed_days import any_changed

        days, told = await self._store.read(lambda tx: (changed_boards(tx, since_ms), any_changed(tx)))
        if days or told:
            await self._store.write(partial(follow_feeds, days=days))
        return now_ms

    def _note(self, guild_id: int, settings: BetsSection) -> None:
        self._changed[guild_id] = settings.bets_channel_id, settings.odds_format
        self._wake.set()

    async def _follow(self) -> None:
        """Write down which channels were chosen, until cancelled."""
        while True:
            await self._wake.wait()
            changed = dict(islice(self._changed.items(), AT_ONCE))

            def work(tx: Transaction, changed: dict[int, tuple[int | None, OddsFormat]] = changed) -> None:
                for guild_id, chosen in changed.items():
                    keep_channel(tx, guild_id, *chosen)

            await self._store.write(work)
            for guild_id, chosen in changed.items():
                if self._changed.get(guild_id) == chosen:
                    del self._changed[guild_id]
            if not self._changed:
                self._wake.clear()  # only now: where the write fails, it is tried again


def keep_channel(
    tx: Transaction, guild_id: int, channel_id: int | None, odds_format: OddsFormat = OddsFormat.DECIMAL
) -> None:
    """Have a guild's boards put up in a channel from now on, None for nowhere, and odds written so on those to come."""
    if channel_id is None:
        tx.execute("DELETE FROM bet_board_channels WHERE guild_id = ?", (guild_id,))
        return
    before = tx.value("SELECT odds_format FROM bet_board_channels WHERE guild_id = ?", (guild_id,))
    values = {"channel_id": channel_id, "odds_format": odds_format.value}
    tx.upsert("bet_board_channels", key={"guild_id": guild_id}, values=values)
    if before not in {None, odds_format.value}:
        sql = "SELECT id FROM bet_boards WHERE guild_id = ? AND day >= ? ORDER BY id"
        rows = tx.all(sql, (guild_id, (tx.now - timedelta(days=1)).toordinal()))  # the zone of a league may be behind
        desired.mark_some(tx, BOARD, [number for (number,) in rows])


def _has_boards(tx: Transaction) -> bool:
    return tx.value("SELECT 1 FROM bet_boards LIMIT 1") is not None


def _board(tx: Transaction, number: int) -> DesiredMessage:
    from steward.bots.bets.boards.day_board import board_message  # once there is a board

    return board_message(tx, number)
