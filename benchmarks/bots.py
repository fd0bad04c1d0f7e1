"""A simulated Discord in this process, and the measured bots, each in its own process."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Who
from benchmarks.processes import Child, started
from steward.cli.stage import Stage as Community
from steward.cli.stage import build_stage
from steward.runtime.clock import SystemClock
from steward.sim import Simulator

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Bot:
    """
    One of the compared bots.

    Attributes:
        who: its column in the table.
        words: its command line after `python`.
        connected: part of the line that it prints at Discord's READY.
        ready: part of the line that it prints once it has loaded everything.

    """

    who: Who
    words: tuple[str, ...]
    connected: str
    ready: str


STEWARD = Bot("steward", ("-m", "steward", "run"), '"gateway_connected"', '"gateway_connected"')
PLAIN = Bot("plain", (str(HERE / "plain_bot.py"),), "connected", "ready")
FLOOR = Bot("floor", (str(HERE / "floor_bot.py"),), "connected", "connected")
BOTS = (STEWARD, FLOOR, PLAIN)


@dataclass(frozen=True, slots=True)
class Stage:
    """A simulated community, and the environment of a bot in it."""

    sim: Simulator
    community: Community
    folder: Path
    environ: Mapping[str, str]

    def started(self, bot: Bot) -> AbstractAsyncContextManager[Child]:
        """Return a context manager that runs one of the bots."""
        return started(*bot.words, folder=self.folder, environ=self.environ)


@asynccontextmanager
async def stage(members: int, furnish: Callable[[Simulator, Community], None] | None = None) -> AsyncIterator[Stage]:
    """Return a context manager giving a community of so many members, changed by `furnish`, and an empty folder."""
    async with Simulator(clock=SystemClock()) as sim:
        community = build_stage(sim, members=members, online=members // 6, bans=12)
        if furnish is not None:
            furnish(sim, community)
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
            environ = {
                **community.environment(sim),
                "BENCHMARK_GATEWAY": sim.gateway_url,  # Steward asks REST for it; plain discord.py has it hard-coded
                "STEWARD_DATA_DIR": folder,
                "STEWARD_HEALTH_PORT": "0",
                "STEWARD_LOG_FORMAT": "json",
            }
            yield Stage(sim, community, Path(folder), environ)
