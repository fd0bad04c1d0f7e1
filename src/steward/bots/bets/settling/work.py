"""The work of settling, done when it is due: its steps are loaded once a game is over, or may be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from steward.bots.bets.grading.rules import Rows
from steward.bots.bets.kinds import REVIEW, SETTLE, SWEEP, VOID_BETS, WAITS
from steward.bots.bets.section import BetsSection
from steward.guilds.settings_book import Section
from steward.store import Store, Transaction, Work
from steward.store.due import due
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind

SWEEP_EVERY = timedelta(minutes=10)


class Settling:
    """
    Settles the bets of all guilds.

    Args:
        mentioned: returns the role of a guild that is mentioned where bet managers are to decide; None for none.

    """

    def __init__(
        self, store: Store, section: Section[BetsSection], mentioned: Callable[[int], Awaitable[int | None]]
    ) -> None:
        self._store = store
        self._section = section
        self._mentioned = mentioned

    @property
    def kinds(self) -> dict[str, DueKind]:
        """What is done when it is due."""
        return {
            SETTLE: DueKind(self._settle, lambda item: f"The bets on game {item.number} can't be settled"),
            VOID_BETS: DueKind(self._void, lambda item: f"The bets on game {item.number} can't be refunded"),
            REVIEW: DueKind(self._review, lambda item: f"What waits of game {item.number} can't be told or ended"),
            WAITS: DueKind(self._waits, lambda item: f"That game {item.number} waits for somebody can't be told"),
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
        from steward.bots.bets.settling.reviews import open_review
        from steward.bots.bets.settling.steps import review

        found = await self._store.read(partial(open_review, guild_id=item.guild_id, game=item.number))
        ends = found is None or found.until_ms == item.due_at  # then nobody is called, and Discord isn't waited for
        role_id = None if ends else await self._mentioned(item.guild_id)
        return partial(review, item=item, section=self._section.of(item.guild_id), role_id=role_id)

    async def _waits(self, item: DueItem) -> Work[object]:
        from steward.bots.bets.settling.steps import waits

        role_id = await self._mentioned(item.guild_id)
        return partial(waits, item=item, section=self._section.of(item.guild_id), role_id=role_id)

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
