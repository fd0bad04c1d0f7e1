"""The stage of most scenarios: a simulated community with the channels of the old single-guild set-up, and the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from steward.app import open_steward
from steward.bots.installed import OURS
from steward.bots.settings import load
from steward.cli.stage import Stage as Set
from steward.cli.stage import build_stage
from steward.feeds import FeedLogs, feed_nothing
from steward.running import Steward
from steward.runtime.clock import Clock
from steward.runtime.monitor import LoopWatch
from steward.settings import Settings
from steward.sim import Limits, Simulator
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.member import Member

# What the tests take is not what the bot takes.
MEMORY_OF_NO_CONCERN = dict.fromkeys(
    ("STEWARD_MEMORY_BUDGET_MB", "STEWARD_MEMORY_WARN_MB", "STEWARD_MEMORY_CRITICAL_MB"), "1048576"
)

# The intervals that people use take half of what a virtual day costs: for tests of days that look at none of them.
QUIET: Any = {"STEWARD_HEARTBEAT_INTERVAL": "3600", "UPDATE_INTERVAL": "3600", "PRESENCE_UPDATE_INTERVAL": "3600"}

CONTACT: Any = {"STEWARD_MUSIC_CONTACT": "https://steward.example.org"}
"""Without it the music bot says that it can't ask two services."""

EVERY_BOT: Any = {"STEWARD_BOTS": ",".join(bot.name for bot in OURS), **CONTACT}
"""Those included that are off by default."""


@dataclass
class Stage:
    """A guild named Penguins and where the bot shows things in it."""

    clock: Clock
    folder: Path
    sim: Simulator
    set: Set
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def guild(self) -> Guild:
        return self.set.guild

    @property
    def members(self) -> Channel:
        return self.set.channels["MEMBER_COUNT_CHANNEL_ID"]

    @property
    def online(self) -> Channel:
        return self.set.channels["ONLINE_COUNT_CHANNEL_ID"]

    @property
    def bans(self) -> Channel:
        return self.set.channels["BAN_COUNT_CHANNEL_ID"]

    @property
    def heartbeat(self) -> Channel:
        return self.set.channels["HEARTBEAT_CHANNEL_ID"]

    @property
    def reports(self) -> Channel:
        return self.set.channels["STATS_CHANNEL_ID"]

    @property
    def environ(self) -> dict[str, str]:
        """What an operator of the old StatsBot would have set, and where the simulator is."""
        return {
            **self.set.environment(self.sim),
            "STEWARD_HEALTH_PORT": "0",
            **MEMORY_OF_NO_CONCERN,
            "STEWARD_DISK_WARN_MB": "0",
            "STEWARD_DATA_DIR": str(self.folder),
            **self.extra,
        }

    @property
    def settings(self) -> Settings:
        return load(self.environ, self.folder)

    @asynccontextmanager
    async def steward(
        self,
        *,
        log_lines: Callable[[], Sequence[str]] = list,
        loop_watch: LoopWatch | None = None,
        feed_logs: FeedLogs = feed_nothing,
    ) -> AsyncIterator[Steward]:
        """Run the bot while entered; what ends it is raised at the end."""
        async with open_steward(
            self.settings, self.clock, log_lines=log_lines, loop_watch=loop_watch, feed_logs=feed_logs
        ) as steward:
            running = asyncio.create_task(steward.run())
            try:
                yield steward
            except TimeoutError:
                if running.done():
                    running.result()  # what ended the bot is why the scene waited in vain
                raise
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            if not running.cancelled():
                running.result()


@asynccontextmanager
async def stage(
    clock: Clock,
    folder: Path,
    *,
    members: int = 1000,
    online: int = 200,
    bans: int = 7,
    limits: Limits | None = None,
    **settings: str,
) -> AsyncIterator[Stage]:
    """Set the stage; `settings` go to the bot as environment variables."""
    async with Simulator(clock=clock, limits=limits) as sim:
        yield Stage(clock, folder, sim, build_stage(sim, members=members, online=online, bans=bans), settings)


async def until(condition: Callable[[], bool], *, within: float = 60.0, every: float = 0.5) -> None:
    """Wait, in the loop's time, until `condition()` holds."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(every)


def until_midnight(clock: Clock) -> float:
    """Return the seconds until the next midnight in UTC."""
    return 86_400 - clock.now().timestamp() % 86_400


async def admin(scene: Stage, steward: Steward, name: str = "olga") -> Member:
    """Return a member who may manage the server, once the bot's commands are there."""
    await until(lambda: steward.health.ready and bool(scene.sim.recorder.requests(method="PUT", status=200)))
    member = scene.guild.join(name)
    member.give(scene.guild.add_role("Admins", "manage_guild").id)
    return member


async def download(url: str) -> bytes:
    """Fetch a file from Discord's CDN, as a member's client does."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()
