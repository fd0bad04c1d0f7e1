"""Metrics in Prometheus' text format."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from steward.runtime.monitor import Alerts, Histogram, Monitor

if TYPE_CHECKING:
    from prometheus_client import Metric

PREFIX = "steward_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """
    Builds the metrics page.

    Imports prometheus-client (1.5 MiB) on the first request.
    """

    def __init__(self, monitor: Monitor, alerts: Alerts) -> None:
        self._monitor = monitor
        self._alerts = alerts

    async def text(self) -> bytes:
        await asyncio.get_running_loop().run_in_executor(None, importlib.import_module, "prometheus_client")
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry(auto_describe=False)  # the default registry has other collectors
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; called by prometheus-client."""
        yield from self._gauges()
        yield from self._operations()
        yield from self._counters()
        for name, (doc, histogram) in self._monitor.histograms.items():
            yield _histograms(PREFIX + name, doc, [], [([], histogram)])
        yield self._raised()

    def _gauges(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for name, gauge in self._monitor.gauges.items():
            value = gauge.value()
            if value is not None:
                family = CounterMetricFamily if gauge.grows else GaugeMetricFamily
                yield family(PREFIX + name, gauge.doc, value=value)

    def _operations(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily

        timers = self._monitor.timers.values()
        failures = CounterMetricFamily(
            f"{PREFIX}operation_failures", "How often operations failed.", labels=["operation"]
        )
        for timer in timers:
            failures.add_metric([timer.name], timer.failures)
        yield _histograms(
            f"{PREFIX}operation_seconds",
            "Seconds that operations took.",
            ["operation"],
            [([timer.name], timer.seconds) for timer in timers],
        )
        yield failures

    def _counters(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily

        happened = CounterMetricFamily(f"{PREFIX}happened", "How often things happened.", labels=["what"])
        for name, value in self._monitor.counts.items():
            happened.add_metric([name], value)
        yield happened

    def _raised(self) -> Metric:
        from prometheus_client.core import GaugeMetricFamily

        raised = GaugeMetricFamily(
            f"{PREFIX}alert", "0 when all is well, 1 warning, 2 serious, 3 critical.", labels=["alert"]
        )
        active = {alert.name: alert.severity for alert in self._alerts.active}
        for name in self._alerts.names:
            raised.add_metric([name], active.get(name, 0))
        return raised


def _histograms(name: str, doc: str, labels: Sequence[str], rows: Sequence[tuple[list[str], Histogram]]) -> Metric:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(name, doc, labels=labels)
    for values, histogram in rows:
        reached = list(accumulate(histogram.counts))
        ends = [*(f"{bound:.4g}" for bound in histogram.bounds), "+Inf"]
        buckets = [(end, float(count)) for end, count in zip(ends, reached, strict=True)]
        family.add_metric(values, buckets, histogram.total)
    return family
