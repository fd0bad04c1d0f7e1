"""Profit over time as a picture: drawn in a child, and kept as long as nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from steward.bots.bets.section import BetsMode, BetsSection
from steward.client.embeds import Message
from steward.guilds.host import Host
from steward.guilds.illustrated import illustrated
from steward.guilds.reports import Posting
from steward.runtime.cache import Category

if TYPE_CHECKING:
    from steward.bots.bets.boards.record import ProfitPoint
    from steward.charts.chart import LineChart

HUNDREDTHS = 100
LEAST_POINTS = 3  # the zero before the first day, that day, and another


class ProfitCharts:
    """Draws them."""

    def __init__(self, host: Host) -> None:
        self._renderer = host.charts
        self._kept: Category[Posting] = host.cache.category("bets_charts", ttl=3600.0)

    async def drawn(self, message: Message, title: str, points: Sequence[ProfitPoint], section: BetsSection) -> Posting:
        """Return a message with the chart of what it tells of; without one where there is but a day of it."""
        if len(points) < LEAST_POINTS:
            return Posting(message)
        chart = profit_chart(title, points, section.mode, section.currency, section.zone_info)
        key = blake2b(repr((message, chart)).encode(), digest_size=16).hexdigest()
        found = await self._kept.fetch(key, partial(illustrated, message, [chart], self._renderer))
        return Posting(message) if found is None else found


def profit_chart(title: str, points: Sequence[ProfitPoint], mode: BetsMode, currency: str, zone: ZoneInfo) -> LineChart:
    """Draw profit over time, in points or in units."""
    from steward.charts.chart import ChartSeries, LineChart  # rarely needed

    parts = HUNDREDTHS if mode is BetsMode.UNITS else 1
    values = [point.profit / parts for point in points]
    label = "units" if mode is BetsMode.UNITS else currency
    return LineChart(title, [at for at, _ in points], [ChartSeries(label, values)], zone=zone, goal=0)
