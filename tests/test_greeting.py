"""The greeting on the terminal."""

import asyncio
import os
import pty
import signal
import sys
from contextlib import suppress

import pytest

import steward as product
from steward.process import greeting
from steward.runtime.clock import SystemClock
from tests.scenarios.test_monitoring import free_port
from tests.stage import stage


async def test_it_names_the_bot_its_servers_and_the_next_step(clock, tmp_path):
    port = free_port()
    async with stage(clock, tmp_path, STEWARD_HEALTH_PORT=str(port)) as scene, scene.steward() as steward:
        said = await greeting(steward)
        assert (
            said.splitlines()[0]
            == f"Steward {product.__version__} is running as {scene.sim.bot.user.name}, in 1 server."
        )
        assert f"http://127.0.0.1:{port}/readyz" in said
        assert "/setup" in said


async def test_in_no_server_the_next_step_is_the_invite_link(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        scene.guild.remove_bot(scene.sim.bot)
        async with scene.steward() as steward:
            said = await greeting(steward)
            assert "in no server yet" in said
            assert f"client_id={scene.sim.bot.id}" in said


@pytest.mark.real_time
@pytest.mark.parametrize("terminal", [True, False])
async def test_it_is_printed_on_a_terminal_only(tmp_path, terminal):
    ours, theirs = pty.openpty() if terminal else os.pipe()
    async with stage(SystemClock(), tmp_path) as scene:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "steward", "run", stdout=theirs, stderr=theirs, cwd=tmp_path,
            env={"PATH": os.environ["PATH"], **scene.environ},
        )  # fmt: skip
        os.close(theirs)
        said = b""
        async with asyncio.timeout(60):
            while b"commands_registered" not in said:
                said += await asyncio.to_thread(os.read, ours, 4096)
        await asyncio.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0
        os.set_blocking(ours, False)
        with suppress(OSError):  # a terminal whose other end is closed
            said += os.read(ours, 1 << 16)
        os.close(ours)
    assert (b"Next    type /setup" in said) is terminal
