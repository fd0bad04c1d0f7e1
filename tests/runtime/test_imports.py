"""What each part of the runtime imports, in a fresh process."""

import subprocess
import sys

import pytest

PARTS = ("cache", "http", "limits", "memory", "monitor", "quarantine", "resilience", "streaming", "tasks")
FOUND = "import sys, {0}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"


def loaded_by(module):
    done = subprocess.run([sys.executable, "-c", FOUND.format(module)], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_runtime_loads_neither_rich_nor_discord(part):
    loaded = loaded_by(f"steward.runtime.{part}")
    assert not loaded & {"rich", "structlog", "discord", "psutil", "dateutil", "valkey"}
    assert part == "http" or "aiohttp" not in loaded


def test_the_extension_for_any_bot_loads_discord_and_no_rich():
    loaded = loaded_by("steward.ops")
    assert "discord" in loaded
    assert not loaded & {"rich", "structlog", "dateutil"}


def test_the_fixtures_of_pytest_load_neither_the_bot_nor_rich():
    assert not loaded_by("steward.sim.pytest_plugin") & {"rich", "structlog", "discord", "dateutil", "time_machine"}
