"""The morning of the demo on the simulator's page: the first who answer Raid night, as alice sees it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from steward.cli.commands.demo import START
from steward.cli.demo.life import DemoScript
from steward.cli.demo.play import open_demo
from steward.runtime.clock import Clock
from steward.sim import time as accelerated
from steward.sim.page.picture import take_picture
from steward.sim.page.tab.viewpoint import Viewpoint
from steward.sim.traces.trace import Trace

AT = timedelta(hours=8, minutes=20)

ANSWERS = ("Yes", "Yes", "Late", "Yes", "No", "Yes")
SOON = 40.0  # seconds


def draw(path: Path) -> None:
    """Write the picture."""
    script = DemoScript([(Trace.community_day(),)], "an invented day", 1, 5000)

    async def play(clock: Clock) -> bool:
        with TemporaryDirectory() as folder:
            async with open_demo(clock, Path(folder), script, log_lines=list) as demo, demo.connected():
                alice = demo.people.meet_visitor()
                day = asyncio.create_task(demo.live())
                await asyncio.sleep(AT.total_seconds())
                day.cancel()
                with suppress(asyncio.CancelledError):
                    await day
                raid = demo.people.seen("Raid night")
                for member, answer in zip(demo.people.crowd, ANSWERS, strict=False):
                    await demo.people.answer(raid, member, answer)
                    await asyncio.sleep(SOON)
                place = Viewpoint(demo.stage.guild, demo.people.hall, alice)
                return await take_picture(demo.sim, path, first=place, width=1080, height=800)

    if not accelerated.run(play, start=START):
        raise SystemExit("There is no browser to take this picture in: make browser, and install Chromium.")
