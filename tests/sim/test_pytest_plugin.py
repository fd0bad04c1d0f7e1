"""The fixtures that any bot's tests may use, and the page and the example that show them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from steward.sim.stepwise import SteppedSimulator

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plain_bot"
PAGE = ROOT / "docs" / "test-your-own-bot.md"


def run_pytest(folder: Path, *options: str) -> str:
    """Run pytest as a stranger's project would, with no settings of ours."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def discord_sim_options() -> dict[str, Any]:
    return {"members": 5000}


def test_the_fixture_is_there_without_an_import_and_takes_options(discord_sim: SteppedSimulator):
    assert discord_sim.guild.member_count == 5000
    discord_sim.wait(60)
    assert discord_sim.clock.monotonic() == pytest.approx(60, abs=1)


def test_the_example_project_passes_its_test_of_ten_lines():
    assert "1 passed" in run_pytest(EXAMPLE, "-p", "no:cacheprovider")
    code = (EXAMPLE / "test_bot.py").read_text()
    (test,) = re.findall(r"^def .*", code, re.DOTALL | re.MULTILINE)
    assert len([line for line in test.splitlines() if line.strip()]) <= 10


def test_the_code_of_the_page_runs(tmp_path: Path):
    blocks = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert {name for name, _ in blocks} >= {"bot.py", "test_bot.py", "test_troubles.py", "pizza.py", "test_pizza.py"}
    for name, code in blocks:
        with (tmp_path / name).open("a") as file:
            file.write(code)
    assert "8 passed" in run_pytest(tmp_path)


def test_the_page_shows_the_example():
    assert (EXAMPLE / "test_bot.py").read_text() in PAGE.read_text()


def test_it_goes_together_with_tests_that_are_coroutines(tmp_path: Path):
    """A project whose conftest runs `async def` tests keeps doing so."""
    (tmp_path / "conftest.py").write_text(
        "import asyncio, inspect\n"
        "def pytest_pyfunc_call(pyfuncitem):\n"
        "    if inspect.iscoroutinefunction(pyfuncitem.obj):\n"
        "        asyncio.run(pyfuncitem.obj())\n"
        "        return True\n"
    )
    (tmp_path / "test_both.py").write_text(
        "import asyncio\n"
        "async def test_coroutine():\n    await asyncio.sleep(0)\n"
        "def test_plain(discord_sim):\n    discord_sim.wait(5)\n"
        "async def test_coroutine_again():\n    await asyncio.sleep(0)\n"
    )
    assert "3 passed" in run_pytest(tmp_path)
