"""The work of settling, done when it is due: bets are settled, and refunded where they wait no longer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.section import BetsSection
from steward.bots.bets.settlement.rules import Rows
from steward.bots.bets.settling.finals import expired, refunded, settle_missed, void_some
from steward.bots.bets.settling.gradings import SETTLE, Grading
from steward.bots.bets.settling.settle import AT_ONCE, settle_some
from steward.bots.bets.settling.summary import summary_of
from steward.bots.bets.views.settlements import refunded_post, settled_post
from steward.guilds.settings_book import Section
from steward.store import Store, Transaction, Work
from steward.store.due import due
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind
from steward.store.outbox import outbox

VOID = "bet_void"
"""The kind of due work that refunds the bets of a guild on a game which wait no longer."""
SWEEP = "bet_sweep"
"""The kind of due work that looks for those, and for what was missed, every ten minutes."""
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
            SWEEP: DueKind(self._sweep, lambda _: "What waits for a result can't be looked through"),
        }

    async def begin(self) -> None:
        """Have it looked now what waits no longer, and from then on regularly."""
        await self._store.write(lambda tx: due.put(tx, SWEEP, 0, tx.now, guild_id=0))

    def rows_of(self, guild_id: int) -> Rows:
        """Return the rules of a guild of its own."""
        return self._section.of(guild_id).settlement_rows

    async def _settle(self, item: DueItem) -> Work[object]:
        return partial(settle, item=item, section=self._section.of(item.guild_id))

    async def _void(self, item: DueItem) -> Work[object]:
        return partial(void, item=item, section=self._section.of(item.guild_id))

    async def _sweep(self, _: DueItem) -> Work[object]:
        found = await self._store.read(partial(expired, rows_of=self.rows_of))
        return partial(sweep, found=sorted(found))


def settle(tx: Transaction, item: DueItem, section: BetsSection, most: int = AT_ONCE) -> None:
    """Settle the next bets of a guild on a game; the last are told of."""
    grading = settle_some(tx, item.guild_id, item.number, section.settlement_rows, most)
    if grading is None:
        return
    if grading.done_ms is None:
        due.put(tx, SETTLE, item.number, tx.now, guild_id=item.guild_id, name=item.name)
    else:
        _tell(tx, grading, section)


def void(tx: Transaction, item: DueItem, section: BetsSection, most: int = AT_ONCE) -> None:
    """Refund the next bets of a guild on a game that wait no longer; after the last it is told."""
    is_done = void_some(tx, item.guild_id, item.number, section.settlement_rows, most)
    if not is_done:
        due.put(tx, VOID, item.number, tx.now, guild_id=item.guild_id, name=item.name)
        return
    bets = refunded(tx, item.guild_id, item.number)
    if any(bets) and section.bets_channel_id is not None:
        game = find_games(tx, [item.number])[item.number]
        outbox.put(
            tx,
            key=f"bets:{item.guild_id}:{item.number}:refunded:{sum(bets)}",
            channel_id=section.bets_channel_id,
            payload=refunded_post(game, bets),
        )


def sweep(tx: Transaction, found: list[tuple[int, int]]) -> None:
    """Have refunded what waits no longer, and look again later."""
    for guild_id, game in found:
        due.put(tx, VOID, game, tx.now, guild_id=guild_id, name=str(guild_id))
    settle_missed(tx)
    due.put(tx, SWEEP, 0, tx.now + SWEEP_EVERY, guild_id=0)


def _tell(tx: Transaction, grading: Grading, section: BetsSection) -> None:
    """Tell of a settlement in the channel for bets, once."""
    if section.bets_channel_id is None:
        return
    told = summary_of(tx, grading)
    message = settled_post(told, section)
    if message is not None:
        kind = "regraded" if told.again else "settled"
        outbox.put(
            tx,
            key=f"bets:{grading.guild_id}:{grading.game}:{kind}:{grading.number}",
            channel_id=section.bets_channel_id,
            payload=message,
        )
