"""Each bot runs without the others, and one that is off is not imported."""

import asyncio
import subprocess
import sys

import pytest

from tests.scenarios.events.organisers import drafted, organiser
from tests.stage import CONTACT, admin, stage, until

SHARED = {"help", "privacy", "setup", "timezone"}
COMMANDS = {
    "bets": {
        "bet",
        "bets",
        "book",
        "export",
        "feeds",
        "leaderboard",
        "limits",
        "market",
        "odds",
        "parlay",
        "result",
        "schedule",
    }
    | {"season", "slip", "wallet"},
    "events": {"event", "events", "plan", "poll"},
    "stats": {"counters", "export", "goal", "report", "stats"},
    "music": {"match", "music", "nowplaying", "playlist", "recommend", "taste", "top"},
    "ops": {"bot_status", "force_cleanup", "memory_optimization", "performance_metrics", "security_status"}
    | {"system_health"},
}

LOADED = """
import asyncio, sys
from pathlib import Path
from steward.app import open_steward
from steward.bots.settings import load
from steward.runtime.clock import SystemClock

async def main(bots, folder):
    environ = {"BOT_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz12345", "STEWARD_BOTS": bots}
    environ |= {"STEWARD_DATA_DIR": folder, "STEWARD_HEALTH_PORT": "0"}
    async with open_steward(load(environ, Path(folder)), SystemClock()):
        print(*(name for name in sys.modules if name.startswith("steward.bots.")))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("bot", COMMANDS)
async def test_each_bot_runs_alone_with_its_own_commands(clock, tmp_path, bot):
    async with stage(clock, tmp_path, **CONTACT, STEWARD_BOTS=bot) as scene, scene.steward() as steward:
        await until(lambda: steward.health.ready)
        await asyncio.sleep(10)
        (put,) = scene.sim.recorder.requests(method="PUT", status=200)
        names = {command["name"] for command in put.result}
        assert COMMANDS[bot] <= names
        assert names - COMMANDS[bot] == SHARED
        assert await steward.problems.now() == []


async def test_events_are_made_and_answered_without_statistics(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_BOTS="events") as scene, scene.steward() as steward:
        boss, olga = await admin(scene, steward, "boss"), await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        await boss.run("/timezone server", place="Asia/Tokyo")
        preview = await drafted(olga, hall)
        assert "20:00 (Asia/Tokyo)" in str(preview.message.embeds) + preview.content
        await olga.click(preview, "Post")
        await until(lambda: bool(hall.messages))
        ada = scene.guild.join("ada")
        await ada.click(hall.messages[-1], "Yes")
        await until(lambda: "ada" in str(hall.messages[-1].embeds))
        assert "1 answer to" in (await ada.run("/privacy show")).content


async def test_statistics_count_without_events(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_BOTS="stats") as scene, scene.steward():
        await until(lambda: scene.members.name == "Members: 1000", within=700)
        scene.guild.join("ada")
        await until(lambda: scene.members.name == "Members: 1001", within=700)


@pytest.mark.parametrize("bot", COMMANDS)
def test_of_bots_that_are_off_only_the_settings_are_loaded(bot, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, bot, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = done.stdout.splitlines()[-1].split()
    others = COMMANDS.keys() - {bot}
    light = {f"steward.bots.{other}{leaf}" for other in others for leaf in ("", ".settings")}
    assert {name for name in loaded if name.split(".")[2] in others} <= light
    assert f"steward.bots.{bot}.part" in loaded


async def test_what_a_bot_that_is_off_has_kept_is_shown_and_named_when_it_can_not_be_deleted(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        ada = scene.guild.join("ada")
        async with scene.steward() as steward:
            olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
            await olga.click(await drafted(olga, hall), "Post")
            await until(lambda: bool(hall.messages))
            await ada.click(hall.messages[-1], "Yes")
        scene.extra["STEWARD_BOTS"] = "stats"
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await asyncio.sleep(5)
            assert "1 answer to" in (await ada.run("/privacy show")).content
            told = (await ada.click(await ada.run("/privacy forget-me"), "Delete")).content
            assert "This I can't delete now: ask whoever runs the bot." in told


async def test_bets_and_music_are_off_unless_they_are_named(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        assert set(steward.bots.parts) == {"events", "stats", "ops"}
