"""The demo: a simulated community, the real bot, and a script of days."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from steward.app import open_steward
from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.settings import load
from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.part import StatsPart
from steward.cli.demo.bets.bet_check import bet_figures
from steward.cli.demo.bets.bet_scenes import BetScenes
from steward.cli.demo.bets.bettors import Bettors
from steward.cli.demo.bets.league import DemoLeague
from steward.cli.demo.edit_pace import DemoEditPace
from steward.cli.demo.event_check import event_figures
from steward.cli.demo.figures import CounterFigure, Figures
from steward.cli.demo.life import DemoScript, Life
from steward.cli.demo.music.music_figures import MusicFigures
from steward.cli.demo.music.music_scenes import MusicScenes
from steward.cli.demo.music.music_service import KEY, DemoMusicService
from steward.cli.demo.people import People
from steward.cli.demo.programme import Programme
from steward.cli.demo.scenes import SceneLine, ScenePlayer
from steward.cli.stage import Stage, build_stage
from steward.running import Steward
from steward.runtime.clock import Clock
from steward.runtime.process.measuring import ProcessMeter
from steward.sim import Simulator
from steward.sim.channels.channel import Channel

SETTLE = 900.0  # seconds after the last event; a counter may wait ten minutes for its next rename
CHANNEL = "/channels/{channel_id}"
BOTS = "stats,events,bets,music,ops"
ARTISTS, INVENTED_LISTENERS = 400, 120


@asynccontextmanager
async def open_demo(
    clock: Clock, folder: Path, script: DemoScript, *, log_lines: Callable[[], Sequence[str]]
) -> AsyncIterator[Demo]:
    """Start the simulated community and the bot, with its data in `folder`, and stop both at the end."""
    errors = _ErrorCount()
    logging.getLogger().addHandler(errors)
    try:
        async with Simulator(clock=clock) as sim:
            stage = build_stage(sim, members=script.members, online=script.members // 6, bans=12)
            catalogue = invented_catalogue(artists=ARTISTS, listeners=INVENTED_LISTENERS)
            music = DemoMusicService({one.name: [*one.tags] for one in catalogue.artists})
            league = DemoLeague(folder / "league", clock.now() + script.weekend, clock)
            environ = {
                **stage.environment(sim),
                "STEWARD_BOTS": BOTS,
                "STEWARD_BETS_CSV_FOLDER": str(league.folder),
                "STEWARD_MUSIC_SERVICES": "lastfm",
                "STEWARD_LASTFM_KEY": KEY,
                "STEWARD_HEALTH_PORT": "0",
                "STEWARD_DATA_DIR": str(folder),
            }
            async with music.serving():
                environ["STEWARD_LASTFM_ADDRESS"] = music.address
                async with open_steward(load(environ, folder), clock, log_lines=log_lines) as steward:
                    demo = Demo(clock, script, sim, stage, steward, league, errors)
                    demo.music = MusicScenes(stage.guild, demo.people, clock, steward, music, catalogue, demo.began)
                    yield demo
    finally:
        logging.getLogger().removeHandler(errors)


class Demo:
    """
    One run; made by `open_demo`.

    Attributes:
        opened: when it begins, with the weekend if there is one; `began`: the days after it.
        lines: what happened in #events, #bets and #music.
        music: what members do around music.

    """

    def __init__(
        self,
        clock: Clock,
        script: DemoScript,
        sim: Simulator,
        stage: Stage,
        steward: Steward,
        league: DemoLeague,
        errors: _ErrorCount,
    ) -> None:
        self.clock = clock
        self.script = script
        self.sim = sim
        self.stage = stage
        self.steward = steward
        self.opened = clock.now()
        self.began = self.opened + script.weekend
        self.people = People(stage.guild)
        self.bettors = Bettors(stage.guild, self.people)
        self.lines: list[SceneLine] = []
        self._programme = Programme(self.people, self.began)
        self.music: MusicScenes | None = None
        self._events, self._bets, self._music = (
            ScenePlayer(clock, channel, self.lines) for channel in ("#events", "#bets", "#music")
        )
        self._league = league
        self._life = Life(clock, stage, script)
        self._pace, self._heartbeat = (
            DemoEditPace(channel.id) for channel in (self.people.hall, stage.channels["HEARTBEAT_CHANNEL_ID"])
        )
        sim.recorder.subscribe(self._pace.note)
        sim.recorder.subscribe(self._heartbeat.note)
        self._errors = errors
        self._meter = ProcessMeter()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Return a context manager in which the bot is connected; an error of the bot is raised from it."""
        async with asyncio.TaskGroup() as group:
            bot = group.create_task(self.steward.run(), name="bot")
            league = group.create_task(self._league.live(), name="league")
            await self.steward.health.first_connection.wait()
            yield
            league.cancel()
            bot.cancel()

    async def live(self) -> Figures:
        """Play the weekend if there is one, then the days, let the counters settle, and return the figures."""
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            end = self.began + timedelta(days=self.script.days)
            group.create_task(self._events.play(self._programme.scenes(), self.began, end))
            if self.script.weekend:
                scenes = BetScenes(self.bettors, self._league, self.began).scenes()
                group.create_task(self._bets.play(scenes, self.opened, end))
                if self.music is not None:
                    group.create_task(self._music.play(self.music.scenes(), self.opened, end))
            await self._life.live()
        await asyncio.sleep(SETTLE)
        return await self._measure(time.perf_counter() - started)

    async def go_on(self) -> None:
        """Play day after day, for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._events.play(self._programme.scenes(), self.clock.now()))
            await self._life.go_on()

    @property
    def sent(self) -> Counter[str]:
        """What members have done so far, by kind."""
        return self._life.sent

    @property
    def memory_mb(self) -> float:
        """Resident memory of this process, in MiB."""
        return self._meter.read().memory_mb

    def counters(self) -> list[CounterFigure]:
        """Return each counter with the number shown and the true one."""
        guild = self.stage.guild
        truth = {
            "MEMBER_COUNT_CHANNEL_ID": guild.member_count,
            "ONLINE_COUNT_CHANNEL_ID": guild.online_count,
            "BAN_COUNT_CHANNEL_ID": guild.ban_count,
        }
        return [
            CounterFigure(channel.name, _shown(channel), truth[setting])
            for setting, channel in self.stage.channels.items()
            if setting in truth
        ]

    async def _measure(self, wall_seconds: float) -> Figures:
        now = self.clock.now()
        stats, before = self.steward.bots.part(StatsPart), self.opened - timedelta(days=1)
        kept = (await stats.service.summary(self.stage.guild.id, before, now, names=0)).counts
        sent, recorder = self.sent, self.sim.recorder
        virtual_seconds = (now - self.opened).total_seconds()
        return Figures(
            source=self.script.source,
            virtual_seconds=round(virtual_seconds, 1),
            wall_seconds=round(wall_seconds, 2),
            speed=round(virtual_seconds / wall_seconds),
            guilds=len(self.sim.world.guilds),
            members=self.stage.guild.member_count,
            messages_sent=sent["message"],
            joins_sent=sent["join"],
            joins_recorded=kept[EventKind.JOIN],
            leaves_sent=sent["leave"],
            leaves_recorded=kept[EventKind.LEAVE],
            bans_sent=sent["ban"],
            bans_recorded=kept[EventKind.BAN],
            unbans_sent=sent["unban"],
            unbans_recorded=kept[EventKind.UNBAN],
            renames=recorder.count(method="PATCH", route=CHANNEL, status=200),
            rename_429=recorder.count(method="PATCH", route=CHANNEL, status=429),
            http_429=recorder.count(status=429),
            rest_calls=recorder.count(),
            identifies=len(recorder.identifies),
            reports=len(self.stage.channels["STATS_CHANNEL_ID"].messages),
            heartbeat_edits=self._heartbeat.edits,
            rss_mb=round(self.memory_mb, 1),
            errors=self._errors.count,
            counters=self.counters(),
            events=await event_figures(
                self.steward.store, self.stage.guild.id, self.people, self._events.failed, self._pace, now
            ),
            bets=await bet_figures(self.steward.store, self.stage.guild.id, self.bettors, self._bets.failed),
            music=MusicFigures() if self.music is None else self.music.figures(self._music.failed),
        )


class _ErrorCount(logging.Handler):
    """Counts what the bot logs at ERROR and above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def _shown(channel: Channel) -> int | None:
    number = channel.name.rpartition(":")[2].strip()
    return int(number) if number.isdecimal() else None
