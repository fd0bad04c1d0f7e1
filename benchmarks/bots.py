"""A simulated Discord in this process, and the bots that are run on it, each a process of its own."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Child, started
from steward.cli.stage import build_stage
from steward.runtime.clock import SystemClock
from steward.sim import Simulator

HERE = Path(__file__).parent
STEWARD = ("-m", "steward", "run")
FLOOR = (str(HERE / "floor_bot.py"),)
PLAIN = (str(HERE / "plain_bot.py"),)
READY = {STEWARD: '"gateway_connected"', FLOOR: "ready", PLAIN: "ready"}
"""What each bot says once it has Discord's READY; the plain one when it has all members, too."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A community, and what a bot must be told to be in it."""

    folder: Path
    environ: Mapping[str, str]

    def bot(self, words: tuple[str, ...]) -> AbstractAsyncContextManager[Child]:
        """Run one of the bots while entered."""
        return started(*words, folder=self.folder, environ=self.environ)


@asynccontextmanager
async def stage(members: int) -> AsyncIterator[Stage]:
    """Simulate a community of so many members while entered, with an empty folder for the bot."""
    async with Simulator(clock=SystemClock()) as sim:
        community = build_stage(sim, members=members, online=members // 6, bans=12)
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
            environ = {
                **community.environment(sim),
                "BENCHMARK_GATEWAY": sim.gateway_url,  # Steward asks REST for it; plain discord.py knows it by heart
                "STEWARD_DATA_DIR": folder,
                "STEWARD_HEALTH_PORT": "0",
                "STEWARD_LOG_FORMAT": "json",
            }
            yield Stage(Path(folder), environ)
