"""The setup wizard with scripted answers, against the simulator."""

from __future__ import annotations

import argparse
import os
import pty
import stat
import sys
import time
from contextlib import suppress

import pytest

from steward.cli.commands.setup import SetupWizard, Talk
from steward.errors import NeedsOperator
from steward.runtime.clock import SystemClock
from steward.sim import Simulator
from tests.cli.test_main import run

FLAGS = {"env_file": None, "config": None, "database": None, "log_level": None}


class Person:
    """Answers in order, and records the questions and messages."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.heard = []

    def ask(self, question):
        self.heard.append(question)
        return self.answers.pop(0)

    @property
    def talk(self):
        return Talk(self.ask, self.ask, self.heard.append)

    @property
    def all_heard(self):
        return "\n".join(self.heard)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_TOKEN", "DISCORD_TOKEN", "STEWARD_TOKEN", "TZ"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STEWARD_HEALTH_PORT", "0")
    return tmp_path


async def set_up(sim, monkeypatch, *answers):
    monkeypatch.setenv("DISCORD_API_URL", sim.api_url)
    person = Person(*answers)
    code = await SetupWizard(argparse.Namespace(assignments=[], **FLAGS), person.talk, SystemClock()).run()
    assert person.answers == []
    return code, person.all_heard


async def test_a_token_is_asked_for_checked_and_written_to_a_private_file(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        sim.bot.privileged_intents = frozenset({"members"})
        code, heard = await set_up(sim, monkeypatch, "not a token", "a.b.c", sim.bot.token, "Europe/Berlin")
        assert code == 0
        assert (folder / ".env").read_text() == f"BOT_TOKEN={sim.bot.token}\nSTEWARD_TIMEZONE=Europe/Berlin\n"
        assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
        assert f"client_id={sim.bot.id}&scope=bot+applications.commands&permissions=" in heard
        assert sim.bot.token not in heard
        assert sim.recorder.identifies == []
        assert "Off so far: bets, music. STEWARD_BOTS=events,stats,bets,music,ops in" in heard


async def test_a_token_that_discord_refuses_is_asked_for_again(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        head, _, _ = sim.bot.token.rpartition(".")
        code, heard = await set_up(sim, monkeypatch, f"{head}.{'x' * 38}", sim.bot.token, "")
        assert code == 0
        assert "Discord doesn't accept the token" in heard


async def test_current_values_are_offered_and_other_lines_stay(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        (folder / ".env").write_text(f"# mine\nDISCORD_TOKEN='{sim.bot.token}'\nUPDATE_INTERVAL=600")
        code, heard = await set_up(sim, monkeypatch, "", "Asia/Tokyo")
        assert code == 0
        assert "There's a token already (DISCORD_TOKEN)" in heard
        assert (folder / ".env").read_text() == (
            f"# mine\nDISCORD_TOKEN={sim.bot.token}\nUPDATE_INTERVAL=600\nSTEWARD_TIMEZONE=Asia/Tokyo\n"
        )


async def test_a_zone_is_found_by_its_city_and_an_ambiguous_place_is_asked_again(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        code, heard = await set_up(sim, monkeypatch, sim.bot.token, "qqqq", "IST", "munich")
        assert code == 0
        assert "I don't know a place called “qqqq”. Write a city or country." in heard
        assert "“IST” can mean several places. Write one of these:" in heard
        assert "(Asia/Kolkata)" in heard
        assert "Munich, Germany: " in heard
        assert "STEWARD_TIMEZONE=Europe/Berlin\n" in (folder / ".env").read_text()


async def test_a_missing_intent_is_skipped_or_switched_on(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        sim.bot.privileged_intents = frozenset()
        code, heard = await set_up(sim, monkeypatch, sim.bot.token, "skip", "UTC")
        assert code == 0
        assert "Privileged Gateway Intents" in heard
        assert "STEWARD_MEMBERS_INTENT=false\n" in (folder / ".env").read_text()


async def test_a_token_in_the_environment_overrides_the_file_and_the_wizard_says_so(clock, folder, monkeypatch):
    async with Simulator(clock=clock) as sim:
        monkeypatch.setenv("DISCORD_TOKEN", sim.bot.token)
        with pytest.raises(NeedsOperator, match="DISCORD_TOKEN is set in the environment"):
            await set_up(sim, monkeypatch, "n")
        assert not (folder / ".env").exists()


def test_without_a_terminal_it_says_what_to_do_instead(tmp_path):
    done = run("setup", cwd=tmp_path)
    assert done.returncode == 78
    assert "isn't a terminal" in done.stderr


@pytest.mark.real_time
def test_on_a_terminal_ctrl_c_writes_nothing(tmp_path):
    child, screen = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execvp(sys.executable, [sys.executable, "-m", "steward", "setup"])  # noqa: S606 - the child becomes it
    said = b""
    while b"Paste the token" not in said:
        said += os.read(screen, 4096)
    ended = 0
    while not ended:  # one that comes just before it waits for input is noticed only with the next
        with suppress(OSError):
            os.write(screen, b"\x03")
        for _ in range(50):  # a second one while it ends would end it by the signal
            time.sleep(0.1)  # a real terminal
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
    os.close(screen)
    assert os.waitstatus_to_exitcode(status) == 130
    assert list(tmp_path.iterdir()) == []
