"""The work of settling, done when it is due: its steps are loaded once a game is over, or may be."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from steward.bots.bets.kinds import REVIEW, SETTLE, SWEEP, VOID
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settlement.rules import Rows
from steward.guilds.settings_book import Section
from steward.store import Store, Transaction, Work
from steward.store.due import due
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind

SWEEP_EVERY = timedelta(minutes=10)


class Settling:
    """Settles the bets of all guilds."""

    def __init__(self, store: Store, section: Section[BetsSection]) -> None:
        self._store = store
        self._section = section

    @property
    def kinds(self) -> dict[str, DueKind]:
        """What is done when it is due."""
        return {
            SETTLE: DueKind(self._settle, lambda item: f"The bets on game {item.number} can't be settled"),
            VOID: DueKind(self._void, lambda item: f"The bets on game {item.number} can't be refunded"),
            REVIEW: DueKind(self._review, lambda item: f"What waits of game {item.number} can't be told or ended"),
            SWEEP: DueKind(self._sweep, lambda _: "What waits for a result can't be looked through"),
        }

    async def begin(self) -> None:
        """Have it looked now what waits no longer, and from then on regularly."""
        await self._store.write(lambda tx: due.put(tx, SWEEP, 0, tx.now, guild_id=0))

    def rows_of(self, guild_id: int) -> Rows:
        """Return the rules of a guild of its own."""
        return self._section.of(guild_id).settlement_rows

    async def _settle(self, item: DueItem) -> Work[object]:
        from steward.bots.bets.settling.steps import settle

        return partial(settle, item=item, section=self._section.of(item.guild_id))

    async def _void(self, item: DueItem) -> Work[object]:
        from steward.bots.bets.settling.steps import void

        return partial(void, item=item, section=self._section.of(item.guild_id))

    async def _review(self, item: DueItem) -> Work[object]:
        from steward.bots.bets.settling.steps import review

        return partial(review, item=item, section=self._section.of(item.guild_id))

    async def _sweep(self, _: DueItem) -> Work[object]:
        if not await self._store.read(_has_begun):
            return _look_again
        from steward.bots.bets.settling.finals import expired
        from steward.bots.bets.settling.steps import sweep

        found = await self._store.read(partial(expired, rows_of=self.rows_of))

        def work(tx: Transaction) -> None:
            sweep(tx, sorted(found))
            _look_again(tx)

        return work


def _has_begun(tx: Transaction) -> bool:
    """Whether a leg is open whose game was to have begun: as long as none is, there is nothing to look through."""
    return tx.value("SELECT 1 FROM bet_legs WHERE version = 0 AND listed_at <= ? LIMIT 1", (tx.now_ms,)) is not None


def _look_again(tx: Transaction) -> None:
    due.put(tx, SWEEP, 0, tx.now + SWEEP_EVERY, guild_id=0)
