"""The page for Prometheus."""

import re
import subprocess
import sys

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from steward.runtime.monitor import AlertRule, Alerts, Histogram, Monitor, Severity
from steward.web.metrics import MetricsPage
from tests.web.serving import serving


async def scraped(page):
    text = (await page.text()).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_numbers_are_read_on_each_request(clock):
    monitor = Monitor(clock)
    waiting = [1]
    monitor.gauge("queue_length", "What waits.", lambda: waiting[0])
    monitor.gauge("sent_total", "What was sent.", lambda: waiting[0] * 2, grows=True)
    monitor.gauge("unknown", "Nobody knows.", lambda: None)
    page = MetricsPage(monitor, Alerts((), clock))
    assert (await scraped(page))["steward_queue_length",] == 1
    waiting[0] = 7
    seen = await scraped(page)
    assert seen["steward_queue_length",] == 7
    assert seen["steward_sent_total",] == 14
    assert ("steward_unknown",) not in seen


async def test_operations_are_histograms_with_their_failures(clock):
    monitor = Monitor(clock)
    timer = monitor.timer("draw")
    for seconds in (0.00005, 0.002, 0.002, 500):
        timer.observe(seconds)
    timer.failures = 2
    lag = Histogram([0.1, 1.0])
    lag.observe(0.5)
    monitor.histogram("loop_lag_seconds", "How late.", lag)
    monitor.counter("sent").add(2)
    monitor.observable_counter("cache.hits", lambda: 5)
    seen = await scraped(MetricsPage(monitor, Alerts((), clock)))
    assert seen["steward_operation_seconds_count", "draw"] == 4
    assert abs(seen["steward_operation_seconds_sum", "draw"] - 500.00405) < 1e-6
    assert seen["steward_operation_seconds_bucket", "0.0001", "draw"] == 1
    assert seen["steward_operation_seconds_bucket", "100", "draw"] == 3
    assert seen["steward_operation_seconds_bucket", "+Inf", "draw"] == 4
    assert seen["steward_operation_failures_total", "draw"] == 2
    assert seen["steward_loop_lag_seconds_bucket", "1"] == 1
    assert seen["steward_happened_total", "sent"] == 2
    assert seen["steward_happened_total", "cache.hits"] == 5


async def test_alerts_are_0_until_raised(clock):
    bad = [False]
    alerts = Alerts([AlertRule("trouble", lambda: bad[0], {Severity.SERIOUS: 1}, "Trouble.", samples=1)], clock)
    page = MetricsPage(Monitor(clock), alerts)
    assert (await scraped(page))["steward_alert", "trouble"] == 0
    bad[0] = True
    await alerts.check()
    assert (await scraped(page))["steward_alert", "trouble"] == 2


async def test_the_page_has_the_content_type_that_prometheus_asks_for(clock):
    page = MetricsPage(Monitor(clock), Alerts((), clock))
    async with (
        serving(metrics=page) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert re.search("# TYPE steward_operation_seconds histogram", await answer.text())


def test_prometheus_client_is_imported_on_the_first_request():
    code = "import sys, steward.app; sys.exit(any(name.startswith('prometheus_client') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
