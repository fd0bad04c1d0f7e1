"""What each bot's code adds to the memory of a process that has loaded the rest of Steward."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from steward.bots.installed import OURS

MOST = {"events": 2.0, "stats": 1.5, "bets": 1.5, "music": 1.5, "ops": 0.2}  # MiB
MOST_OFF = 0.25
"""MiB of what `/privacy` needs to show what bots that are off have kept."""
PROGRAM = """
import gc, importlib, json, sys, tracemalloc
from steward.cli.start.lean_dataclasses import share_dataclass_methods
from steward.cli.start.lean_imports import lean_imports
share_dataclass_methods()
with lean_imports():
    import steward.process

def weight(module):
    gc.collect()
    tracemalloc.start()
    importlib.import_module(module)
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return taken / 2**20

print(json.dumps({module: weight(module) for module in sys.argv[1:]}))
"""


def weights(*modules: str) -> dict[str, float]:
    """Return the MiB that each module adds, imported one after the other in a process that has the rest of Steward."""
    words = [sys.executable, "-OO", "-X", "no_debug_ranges", "-c", PROGRAM, *modules]
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    for _ in range(2):  # the first process may have to compile the modules, which takes memory, too
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120, env=compiled)
    added: dict[str, float] = json.loads(done.stdout)
    return added


def test_each_bot_adds_little_when_it_is_imported():
    parts = {bot.name: f"{bot.package}.part" for bot in OURS}
    added = weights(*parts.values())
    assert all(taken > 0.05 for taken in added.values()), "it was not imported before"
    assert {name: added[of] for name, of in parts.items() if added[of] > MOST[name]} == {}


def test_what_a_bot_that_is_off_has_kept_is_shown_without_loading_the_bot():
    modules = [bot.personal.partition(":")[0] for bot in OURS if bot.personal and not bot.on_by_default]
    assert len(modules) > 1
    assert {module: taken for module, taken in weights(*modules).items() if taken > MOST_OFF} == {}
