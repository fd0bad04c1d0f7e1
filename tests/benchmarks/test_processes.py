from __future__ import annotations

import asyncio

import psutil
import pytest

from benchmarks.processes import output_of, started
from steward.errors import NotReady

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(60)]

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


async def test_the_output_of_a_child_is_read_and_the_child_is_ended(tmp_path):
    async with started("-c", SLEEPER, folder=tmp_path) as child:
        assert 0 < await child.until_it_says("up") < 30
        assert psutil.pid_exists(child.pid)
    assert not psutil.pid_exists(child.pid)


async def test_a_child_that_ignores_being_asked_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.processes.END_WITHIN", 0.3)
    async with started("-c", STUBBORN, folder=tmp_path) as child:
        await child.until_it_says("up")
    assert not psutil.pid_exists(child.pid)


async def test_a_child_is_ended_when_the_measurement_is_cancelled(tmp_path):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1), started("-c", SLEEPER, folder=tmp_path) as child:
            await asyncio.sleep(60)
    assert not psutil.pid_exists(child.pid)


async def test_a_child_that_ends_or_stays_silent_is_reported_with_its_last_words(tmp_path):
    async with started("-c", "print('the disk is full')", folder=tmp_path) as child:
        with pytest.raises(NotReady, match=r"ended before it said 'up'(.|\n)*the disk is full"):
            await child.until_it_says("up")
    async with started("-c", SLEEPER, folder=tmp_path) as child:
        with pytest.raises(NotReady, match=r"within 0\.5 s"):
            await child.until_it_says("never", within=0.5)


async def test_a_child_gets_a_clean_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "1")
    monkeypatch.setenv("BOT_TOKEN", "of a real bot")
    program = "import os; print(sorted(set(os.environ) & {'MALLOC_ARENA_MAX', 'BOT_TOKEN', 'GUILD_ID'}))"
    async with started("-c", program, folder=tmp_path, environ={"GUILD_ID": "1"}) as child:
        await child.until_it_says("['GUILD_ID']")


async def test_the_output_of_a_program_comes_with_its_seconds(tmp_path):
    text, seconds = await output_of("-c", "import time; time.sleep(0.2); print(42)", folder=tmp_path, within=30)
    assert (text, seconds > 0.2) == ("42\n", True)


async def test_a_program_that_fails_or_takes_too_long_is_reported(tmp_path):
    with pytest.raises(NotReady, match=r"ended with 3(.|\n)*it hurts"):
        await output_of("-c", "import sys; print('it hurts', file=sys.stderr); sys.exit(3)", folder=tmp_path, within=30)
    with pytest.raises(NotReady, match=r"longer than 0\.5 s"):
        await output_of("-c", SLEEPER, folder=tmp_path, within=0.5)
