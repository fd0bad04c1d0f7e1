"""The stage of most scenarios: a simulated community with the channels of the old single-guild set-up, and the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from steward.app import Steward, open_steward
from steward.runtime.clock import Clock
from steward.settings import Settings, load
from steward.sim import Simulator
from steward.sim.channel import Channel
from steward.sim.guild import Guild


@dataclass
class Stage:
    """A guild named Penguins and where the bot shows things in it."""

    clock: Clock
    folder: Path
    sim: Simulator
    guild: Guild
    members: Channel
    online: Channel
    bans: Channel
    heartbeat: Channel
    reports: Channel
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """What an operator of the old StatsBot would have set, and where the simulator is."""
        return {
            "BOT_TOKEN": self.sim.bot.token,
            "GUILD_ID": str(self.guild.id),
            "MEMBER_COUNT_CHANNEL_ID": str(self.members.id),
            "ONLINE_COUNT_CHANNEL_ID": str(self.online.id),
            "BAN_COUNT_CHANNEL_ID": str(self.bans.id),
            "HEARTBEAT_CHANNEL_ID": str(self.heartbeat.id),
            "STATS_CHANNEL_ID": str(self.reports.id),
            "DISCORD_API_URL": self.sim.api_url,
            "STEWARD_HEALTH_PORT": "0",
            "STEWARD_DATA_DIR": str(self.folder),
            "STEWARD_HEARTBEAT_INTERVAL": "300",  # a day of the default 60 s costs a test a second or two
            **self.extra,
        }

    @property
    def settings(self) -> Settings:
        return load(self.environ, self.folder, {})

    @asynccontextmanager
    async def steward(self) -> AsyncIterator[Steward]:
        """Run the bot while entered; what ends it is raised at the end."""
        async with open_steward(self.settings, self.clock) as steward:
            running = asyncio.create_task(steward.run())
            try:
                yield steward
            finally:
                if not running.done():
                    running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            if not running.cancelled():
                running.result()


@asynccontextmanager
async def stage(
    clock: Clock, folder: Path, *, members: int = 1000, online: int = 200, bans: int = 7, **settings: str
) -> AsyncIterator[Stage]:
    """Set the stage; `settings` go to the bot as environment variables."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=members, online=online, bans=bans)
        yield Stage(
            clock,
            folder,
            sim,
            guild,
            members=guild.add_voice_channel("Members: 0"),
            online=guild.add_voice_channel("Online: 0"),
            bans=guild.add_voice_channel("Bans: 0"),
            heartbeat=guild.add_text_channel("heartbeat"),
            reports=guild.add_text_channel("reports"),
            extra=settings,
        )


async def until(condition, *, within: float = 60.0, every: float = 0.5) -> None:
    """Wait, in the loop's time, until `condition()` holds."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(every)
