"""
Fixtures for testing a bot: a simulated Discord with a guild and members, in virtual time.

pytest loads it through the entry point `pytest11`; see `docs/test-your-own-bot.md`.
Tests are plain functions; no asyncio plugin is needed, and installed ones are not affected.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from steward.sim.stepwise import SteppedSimulator

PAGE = "--discord-page"
PICTURES = 10  # a run: each takes some seconds, and a thousand failures have one cause
_SIMULATOR = pytest.StashKey["tuple[SteppedSimulator, pytest.TempPathFactory]"]()
_TAKEN = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option to stop at the end of tests."""
    parser.getgroup("steward", "a simulated Discord").addoption(
        PAGE, action="store_true", help="stop at the end of each test with discord_sim and serve its Discord as a page"
    )


@pytest.fixture
def discord_sim_options() -> dict[str, Any]:
    """Override this fixture to return arguments of `SteppedSimulator`, such as `{"members": 5000}`."""
    return {}


@pytest.fixture
def discord_sim(
    discord_sim_options: dict[str, Any], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SteppedSimulator]:
    """Yield a simulated Discord with `guild` in it: a `steward.sim.stepwise.SteppedSimulator`."""
    try:
        from steward.sim.stepwise import SteppedSimulator  # here: test runs that do not ask for it stay as they are
    except ModuleNotFoundError as error:
        pytest.fail(f"discord_sim needs {error.name}: pip install 'steward[sim]'.", pytrace=False)

    node: pytest.Item = request.node
    with SteppedSimulator(**{"terminal": partial(_terminal, node), **discord_sim_options}) as found:
        node.stash[_SIMULATOR] = found, tmp_path_factory
        yield found
        del node.stash[_SIMULATOR]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Add a picture of the page to the report of a failure, and serve the page if that is asked for."""
    report: pytest.TestReport = (yield).get_result()
    found = item.stash.get(_SIMULATOR, None)
    if found is None or call.when == "teardown":
        return
    sim, folders = found
    taken = item.config.stash.get(_TAKEN, 0)
    if report.failed and taken < PICTURES:
        item.config.stash[_TAKEN] = taken + 1
        said = _picture(sim, folders.getbasetemp() / "discord_sim" / picture_name(item.nodeid))
        if said is not None:
            report.sections.append(("discord_sim", said))
    if item.config.getoption(PAGE) and (report.failed or call.when == "call"):
        from steward.sim.stepwise import BotEnded

        with suppress(BotEnded):  # the test has its outcome; raised here, it would end the whole run
            sim.page()


def picture_name(node_id: str) -> str:
    """Return the file name for a test's picture: the end of its node id, as far as a file name can hold it."""
    return re.sub(r"[^\w.-]+", "_", node_id)[-150:] + ".png"


def _picture(sim: SteppedSimulator, path: Path) -> str | None:
    """Take a picture of the page, and return what the report says of it."""
    from steward.sim.page.picture import take_picture

    try:
        taken = sim.run(take_picture(sim.sim, path))
    except Exception as error:  # noqa: BLE001 - the boundary of pictures: one that fails changes no test's outcome
        return f"No picture of its Discord: {str(error).strip().partition(chr(10))[0] or type(error).__name__}"
    return f"A picture of its Discord: {path}" if taken else None


@contextmanager
def _terminal(item: pytest.Item) -> Iterator[None]:
    """Give the terminal back to a test that stops; where there is one, the test has as much time as it takes."""
    capture = item.config.pluginmanager.getplugin("capturemanager")
    with ExitStack() as stack:
        if capture is not None:
            capture.suspend(in_=True)
            stack.callback(capture.resume)
        waits = sys.stdin is not None and sys.stdin.isatty()  # pytest's own stdin, while it captures, never is
        if waits and hasattr(item.config.hook, "pytest_timeout_cancel_timer"):  # pytest-timeout
            item.config.hook.pytest_timeout_cancel_timer(item=item)
        yield
