"""The pages as the bot serves them, without metrics."""

from contextlib import asynccontextmanager

from steward.runtime.clock import SystemClock
from steward.runtime.monitor import Alerts, Monitor
from steward.runtime.pages import Pages
from steward.web.health import health_pages
from steward.web.metrics import MetricsPage
from steward.web.server import PageServer


def always(ready, **facts):
    async def readiness():
        return ready, facts

    return readiness


def page_server(port=0, readiness=None, metrics=None, further=None):
    metrics = metrics or MetricsPage(Monitor(SystemClock()), Alerts((), SystemClock()))
    pages = health_pages(readiness or always(True), metrics, further or Pages())
    return PageServer(pages, host="127.0.0.1", port=port)


@asynccontextmanager
async def serving(readiness=None, metrics=None, further=None):
    """Serve the pages while entered; gives the port."""
    server = page_server(0, readiness, metrics, further)
    async with server.serving():
        yield server.port
