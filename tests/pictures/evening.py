"""An evening of board games: the bot posts it on the simulator, members answer, and the post is drawn."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from steward.charts.__main__ import png
from steward.runtime.clock import Clock
from steward.sim import time as accelerated
from steward.sim.channels.message import Message
from steward.sim.people.member import Member
from tests.pictures.post import drawn
from tests.scenarios.events.crowd import event, listed, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until

IN, LATE, OUT = ("Maya", "Jonas", "Tomek", "Priya", "Leo"), ("Sam",), ("Noor",)
WAITING = ("Finn", "Zoe")


async def evening(clock: Clock, folder: Path) -> str:
    """Live through the day and return the post as SVG."""
    async with stage(clock, folder) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        hall, table = scene.guild.add_text_channel("events"), scene.guild.add_voice_channel("Board games")
        start = clock.now().replace(tzinfo=None, hour=20, minute=0)
        await event(
            scene,
            steward,
            hall,
            by=olga,
            start=start,
            title="Board game night",
            description="Bring your favourite game. Beginners are welcome!",
            minutes=150,
            seats=6,
            voice_channel_id=table.id,
        )
        post = await posted(hall)
        for answer, names in (("Yes", IN), ("Late", LATE), ("No", OUT), ("Yes", WAITING)):
            for name in names:
                await answered(scene.guild.join(name), post, answer)
        await until(lambda: listed(post, "Waitlist") == list(WAITING))
        return drawn(post, scene.guild, clock.now())


async def answered(member: Member, post: Message, answer: str) -> None:
    """Click an answer; Priya leaves a note."""
    await member.click(post, answer)
    if member.name == "Priya":
        await member.submit(await member.click(post, "Add a note"), note="brings cake")


def draw(path: Path) -> None:
    """Write the picture."""

    async def play(clock: Clock) -> str:
        with TemporaryDirectory() as folder:
            return await evening(clock, Path(folder))

    path.write_bytes(png(accelerated.run(play, start=datetime.fromisoformat("2026-03-06T09:41:00+00:00"))))
