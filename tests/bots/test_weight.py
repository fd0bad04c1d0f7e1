"""What each bot's code adds to the memory of a process that has loaded the rest of Steward."""

from __future__ import annotations

import json
import subprocess
import sys

from steward.bots.installed import OURS

MOST = {"events": 2.0, "stats": 1.5, "bets": 1.5, "music": 1.0, "ops": 0.2}  # MiB
PROGRAM = """
import gc, importlib, json, sys, tracemalloc
from steward.cli.start.lean_dataclasses import share_dataclass_methods
from steward.cli.start.lean_imports import lean_imports
share_dataclass_methods()
with lean_imports():
    import steward.process

def weight(package):
    gc.collect()
    tracemalloc.start()
    importlib.import_module(f"{package}.part")
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return taken / 2**20

print(json.dumps({package: weight(package) for package in sys.argv[1:]}))
"""


def weights(*packages: str) -> dict[str, float]:
    """Return the MiB that each package adds, imported one after the other in a process that has the rest of Steward."""
    words = [sys.executable, "-OO", "-X", "no_debug_ranges", "-c", PROGRAM, *packages]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    added: dict[str, float] = json.loads(done.stdout)
    return added


def test_each_bot_adds_little_when_it_is_imported():
    packages = {bot.name: bot.package for bot in OURS}
    added = weights(*packages.values())
    assert all(taken > 0.05 for taken in added.values()), "it was not imported before"
    assert {name: added[of] for name, of in packages.items() if added[of] > MOST[name]} == {}
