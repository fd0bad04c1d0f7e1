"""
Reports of three guilds across both changes of their clocks, with the bot killed in the minute of each report.

`python -m benchmarks.thirty_days SEED DAYS` runs through so many days of spring and as many of autumn.

A kill preserves what is committed at that instant, and nothing that the dying process does later reaches Discord. Half
of the kills come just after Discord has received the message, while its response is under way.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import structlog

from benchmarks.processes import ROOT, output_of
from benchmarks.run import Run
from steward.app import open_steward
from steward.bots.settings import load
from steward.bots.stats.part import StatsPart
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.running import Steward
from steward.runtime.clock import Clock
from steward.sim import Fault, Simulator
from steward.sim import time as accelerated
from steward.sim.channels.channel import Channel
from steward.sim.guilds.guild import Guild
from steward.sim.recorder import Request

LIMIT = 900.0
DAYS, QUICK_DAYS = 30, 2
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
# Each thirty days contain a change of the clock in each of the zones.
SEASONS = (datetime(2026, 3, 7, 18, tzinfo=UTC), datetime(2026, 10, 3, 18, tzinfo=UTC))
ADMIN = 1
DOWN_AT_MOST = 120.0
QUIET = {"STEWARD_HEARTBEAT_INTERVAL": "86400", "UPDATE_INTERVAL": "3600", "PRESENCE_UPDATE_INTERVAL": "86400"}


async def measure(run: Run) -> None:
    """Run through both seasons, in a separate process."""
    days = str(QUICK_DAYS if run.quick else DAYS)
    text, _ = await output_of("-m", "benchmarks.thirty_days", "1", days, folder=ROOT, within=LIMIT - 20)
    found = json.loads(text)
    for name in ("expected", "posted", "kills"):
        run.found(f"thirty_days.reports.{name}", found[name], "")
    for name in ("missing", "doubled", "unexpected"):
        run.found(f"thirty_days.reports.{name}", found[name], "", better="lower", target=0)


class Season:
    """
    Some days of three guilds.

    Args:
        clock: the time.
        days: how many.
        folder: of the database.
        random: decides when kills come, and how long the bot stays away.

    """

    def __init__(self, clock: Clock, days: int, folder: Path, random: Random) -> None:
        self._clock = clock
        self._days = days
        self._database = folder / "steward.sqlite3"
        self._random = random
        self._killed = asyncio.Event()
        self._at_posting = False
        self.kills = 0

    async def live(self) -> dict[str, list[str]]:
        """Return the titles of each zone's daily reports, which name the local date."""
        async with Simulator(clock=self._clock) as sim:
            guilds = {zone: sim.add_guild(zone, members=50) for zone in ZONES}
            channels = {zone: guild.add_text_channel("reports") for zone, guild in guilds.items()}
            sim.recorder.subscribe(lambda request: self._posted(sim, request))
            end = self._clock.now() + timedelta(days=self._days)
            first = True
            while self._clock.now() < end:
                self._killed.clear()
                await self._run(sim, guilds if first else {}, channels, end)
                first = False
            return {zone: [_day(message.embeds) for message in channels[zone].messages] for zone in ZONES}

    async def _run(
        self, sim: Simulator, to_set_up: dict[str, Guild], channels: dict[str, Channel], end: datetime
    ) -> None:
        """Run one process of the bot until it is killed or the time is over."""
        environ = {
            **QUIET,
            "DISCORD_API_URL": sim.api_url,
            "BOT_TOKEN": sim.bot.token,
            "STEWARD_HEALTH_PORT": "0",
            "STEWARD_DATA_DIR": str(self._database.parent),
        }
        async with open_steward(load(environ, self._database.parent), self._clock) as steward:
            running = asyncio.create_task(steward.run())
            for zone, guild in to_set_up.items():
                await _set_up(steward, zone, guild, channels[zone])
            await self._await_the_end(sim, end)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        if self._killed.is_set():
            for suffix in ("", "-wal", "-shm"):
                self._database.with_name(self._database.name + suffix).unlink(missing_ok=True)
            self._left.rename(self._database)
            await asyncio.sleep(self._random.uniform(1, DOWN_AT_MOST))
            sim.faults.clear()

    async def _await_the_end(self, sim: Simulator, end: datetime) -> None:
        """Wait for the next report and its kill."""
        due = min(_next_midnight(zone, self._clock.now()) for zone in ZONES)
        self._at_posting = self._random.random() < 0.5
        at = min(due + timedelta(seconds=self._random.uniform(-5, 55)), end)
        wait = max(0.0, (at - self._clock.now()).total_seconds()) + (60 if self._at_posting else 0)
        try:
            async with asyncio.timeout(wait):
                await self._killed.wait()
        except TimeoutError:
            if self._clock.now() < end:
                self._kill(sim)

    def _posted(self, sim: Simulator, request: Request) -> None:
        if self._at_posting and request.method == "POST" and request.route == "/channels/{channel_id}/messages":
            self._kill(sim)

    def _kill(self, sim: Simulator) -> None:
        """Copy the committed database and cut the process off from Discord, with nothing in between."""
        if self._killed.is_set():
            return
        with sqlite3.connect(self._database) as committed, sqlite3.connect(self._left) as copy:
            committed.backup(copy)
        committed.close()
        copy.close()
        sim.faults.rest(action=Fault.reset(), times=inf)
        sim.faults.disconnect()
        self.kills += 1
        self._killed.set()

    @property
    def _left(self) -> Path:
        return self._database.with_name("left-by-the-killed")


async def _set_up(steward: Steward, zone: str, guild: Guild, channel: Channel) -> None:
    def edit(settings: GuildSettings) -> GuildSettings:
        return replace(settings, zone=zone, report_channel_id=channel.id)

    await steward.bots.part(StatsPart).settings.change(guild.id, ADMIN, edit)


def _next_midnight(zone: str, after: datetime) -> datetime:
    local = after.astimezone(ZoneInfo(zone))
    return (
        (local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(days=1))
        .replace(tzinfo=ZoneInfo(zone))
        .astimezone(UTC)
    )


def _day(embeds: list[dict[str, str]]) -> str:
    return embeds[0]["title"]


def _expected(zone: str, begin: datetime, days: int) -> list[str]:
    """Return the titles of the daily reports due in so many days."""
    titles, at = [], _next_midnight(zone, begin)
    while at < begin + timedelta(days=days) - timedelta(minutes=5):
        day = (at.astimezone(ZoneInfo(zone)) - timedelta(hours=12)).date()
        titles.append(f"Daily report: {day:%A}, {day.day} {day:%B %Y}")
        at = _next_midnight(zone, at + timedelta(hours=1))
    return titles


def main(seed: int, days: int) -> dict[str, int]:
    """Run through both seasons and count."""
    found: Counter[str] = Counter()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for begin in SEASONS:
        kills, titles = _live(begin, seed, days)
        found["kills"] += kills
        for zone in ZONES:
            expected = Counter(_expected(zone, begin, days))
            posted = Counter(title for title in titles[zone] if title.startswith("Daily"))
            found["expected"] += expected.total()
            found["posted"] += posted.total()
            found["missing"] += (expected - posted).total()
            found["doubled"] += sum(count - 1 for count in posted.values())
            found["unexpected"] += sum(title not in expected for title in posted)
    return dict(found)


def _live(begin: datetime, seed: int, days: int) -> tuple[int, dict[str, list[str]]]:
    """Run through one season and return the number of kills, and the titles posted in each zone."""

    async def live(clock: Clock) -> tuple[int, dict[str, list[str]]]:
        season = Season(clock, days, Path(folder), Random(seed))
        titles = await season.live()
        return season.kills, titles

    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        return accelerated.run(live, start=begin)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
