"""Keeps markets going: their posts as they should be, and what is due of them done in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from steward.bots.bets.kinds import MARKET
from steward.bots.bets.section import BetsSection
from steward.client.embeds import plain
from steward.client.posts.desired_state import DesiredState
from steward.client.posts.messages import DesiredMessage, Messages
from steward.guilds.host import Host
from steward.guilds.settings_book import Section
from steward.runtime.tasks import Work as Task
from steward.store import Transaction
from steward.store.due.due import DueItem
from steward.store.due.work import DueKind, DueWork
from steward.store.transaction import Work


class MarketUpkeep:
    """The background work of markets."""

    def __init__(self, host: Host, section: Section[BetsSection]) -> None:
        shown = partial(shown_market, section_of=section.of)
        kind = Messages(host.store, host.client.rest, MARKET, shown, failed="A market can't be shown")
        self._posts = DesiredState(host.store, host.clock, kind)
        self._due = DueWork(host.store, host.clock, {MARKET: DueKind(_prepare, _failed)})

    @property
    def problems(self) -> list[str]:
        """What stands in the way, a sentence each."""
        return [*self._posts.problems, *self._due.problems]

    def work(self) -> Iterator[tuple[str, Task]]:
        yield "edit markets", self._posts.run
        yield "close and settle markets", self._due.run


def shown_market(tx: Transaction, market_id: int, section_of: Callable[[int], BetsSection]) -> DesiredMessage:
    """Return the post of a market as it should be."""
    from steward.bots.bets.markets.market import MarketStatus
    from steward.bots.bets.markets.notices import market_key
    from steward.bots.bets.markets.rows import market_of
    from steward.bots.bets.views.markets import market_post

    market = market_of(tx, market_id)
    lost = f"The market {plain(market.question)} was deleted. `/market show` shows it."
    missed = None if market.status is MarketStatus.SETTLED else lost
    return DesiredMessage(market_key(market), market_post(market, section_of(market.guild_id)), missed)


async def _prepare(item: DueItem) -> Work[object]:
    from steward.bots.bets.markets.resolving import happen

    return partial(happen, item=item)


def _failed(item: DueItem) -> str:
    return f"What was due for market {item.number} keeps failing"
