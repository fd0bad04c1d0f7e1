"""
Fixtures for testing a bot: a simulated Discord with a guild and members, in virtual time.

pytest loads it through the entry point `pytest11`; see `docs/test-your-own-bot.md`.
Tests are plain functions; no asyncio plugin is needed, and installed ones are not affected.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from steward.sim.stepwise import SteppedSimulator


@pytest.fixture
def discord_sim_options() -> dict[str, Any]:
    """Override this fixture to return arguments of `SteppedSimulator`, such as `{"members": 5000}`."""
    return {}


@pytest.fixture
def discord_sim(discord_sim_options: dict[str, Any]) -> Iterator[SteppedSimulator]:
    """Yield a simulated Discord with `guild` in it: a `steward.sim.stepwise.SteppedSimulator`."""
    try:
        from steward.sim.stepwise import SteppedSimulator  # here: test runs that do not ask for it stay as they are
    except ModuleNotFoundError as error:
        pytest.fail(f"discord_sim needs {error.name}: pip install 'steward[sim]'.", pytrace=False)

    with SteppedSimulator(**discord_sim_options) as found:
        yield found
