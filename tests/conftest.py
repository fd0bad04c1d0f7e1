"""Async tests run in accelerated time, each on a loop of its own; `@pytest.mark.real_time` asks for the wall clock."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

from steward.runtime.clock import Clock, SystemClock
from steward.sim import time as accelerated
from tests.databases import ENGINES, SERVERS, TestDatabases
from tests.shared import shared_folder
from tests.sim.openapi import Judge, Oracle

if TYPE_CHECKING:
    from tests.sim.page.browser.chromium import Chromium

settings.register_profile(
    "steward", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors]
)
settings.load_profile("steward")

EVENING = accelerated.EPOCH + timedelta(hours=22)
MEMORY_DISK, ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108 - bytes; each test has a folder of its own there


def pytest_configure() -> None:
    """Keep the tests' folders in memory where there is room: a third of the suite's time goes into syncing files."""
    if "PYTEST_DEBUG_TEMPROOT" in os.environ or not MEMORY_DISK.is_dir():
        return
    disk = os.statvfs(MEMORY_DISK)
    if disk.f_bavail * disk.f_frsize >= ENOUGH and not disk.f_flag & os.ST_NOEXEC:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY_DISK)


def pytest_xdist_auto_num_workers() -> int:
    """Return the workers of `-n auto`: two cores carry four, as tests wait for other processes half of the time."""
    return max(4, os.cpu_count() or 1)


class _LoopClock:
    """The clock of whichever loop runs the test: known only once it runs."""

    def __init__(self) -> None:
        self.inner: Clock = SystemClock()

    def now(self) -> datetime:
        return self.inner.now()

    def monotonic(self) -> float:
        return self.inner.monotonic()


@pytest.fixture
def clock() -> _LoopClock:
    """The Clock of the test's own loop."""
    return _LoopClock()


@pytest.fixture(scope="session")
def databases() -> Iterator[TestDatabases]:
    """The databases of this run; what was made on a server is dropped at its end."""
    made = TestDatabases()
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, databases: TestDatabases, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: the test runs once on each engine, where its server answers."""
    with databases.empty(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=ENGINES)
def new_database(request: pytest.FixtureRequest, databases: TestDatabases, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is yet to be created: for tests that change tables, or the database itself."""
    with databases.fresh(request.param, tmp_path) as url:
        yield url


@pytest.fixture(params=SERVERS)
def server_database(request: pytest.FixtureRequest, databases: TestDatabases, tmp_path: Path) -> Iterator[str]:
    """The same, on servers only."""
    with databases.fresh(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the clone, or the one named by STEWARD_SHARED."""
    data = shared_folder() / "data"
    if not data.is_dir():
        pytest.skip(f"no real data here: {data} does not exist (set STEWARD_SHARED to the folder that has data/)")
    return data


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of this run, for the simulator's page."""
    pytest.importorskip("playwright.async_api", reason="run make browser to see the page in one")
    from tests.sim.page.browser.chromium import Chromium

    found = Chromium()
    try:
        if not found.start():
            pytest.skip("there is no Chromium to see the page in")
        yield found
    finally:
        found.close()


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge | None]:
    """What Discord's document says of every exchange of every simulator; None where the document is absent."""
    oracle = Oracle.find()
    if oracle is None:
        yield None
        return
    found = Judge(oracle)
    with found.listening():
        yield found


@pytest.fixture(autouse=True)
def _judged(judge: Judge | None) -> Iterator[None]:
    """Fail the test in which Discord's document was broken."""
    yield
    if judge is not None:
        judge.give_verdict()


@pytest.fixture(autouse=True)
def _plain_tracebacks() -> None:
    """Have errors that are logged written plainly: structlog's own coloured frames take a quarter of a second each."""
    if not structlog.is_configured():
        *prepare, _ = structlog.get_config()["processors"]
        plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        structlog.configure(processors=[*prepare, plain])


@pytest.fixture(autouse=True)
def _logs_configured_as_before(_plain_tracebacks: None) -> Iterator[None]:
    """
    Configure structlog as it was before a test that ran a command in this process: some log warnings only.

    After `_plain_tracebacks`: before it, structlog's own frames came back with the second test, gigabytes for an error.
    """
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests: in accelerated time unless marked `real_time`."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    test_clock = arguments.get("clock")

    if pyfuncitem.get_closest_marker("real_time"):
        asyncio.run(pyfuncitem.obj(**arguments))
        return True

    async def main(loop_clock: Clock) -> None:
        if isinstance(test_clock, _LoopClock):
            test_clock.inner = loop_clock
        await pyfuncitem.obj(**arguments)

    evening = pyfuncitem.get_closest_marker("evening") is not None
    accelerated.run(main, start=EVENING if evening else accelerated.EPOCH)
    return True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with long tests and those that wait for the wall clock: at the end one core would wait for the other."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("slow", "real_time"))))
