"""The time of each bot's imports."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from benchmarks.figures import Who
from benchmarks.processes import output_of
from benchmarks.run import Run

LIMIT = 120.0
RUNS = 7
QUICK_RUNS = 3
IMPORTS: dict[Who, str] = {
    "steward": "from steward.cli.start.lean_imports import lean_imports\nwith lean_imports(): import steward.app\n",
    "floor": "import discord",
    "plain": "import discord.ext.commands, discord.ext.tasks",
}


async def measure(run: Run) -> None:
    """Take the median of several imports, in turn, so that other load affects all alike."""
    taken: defaultdict[Who, list[float]] = defaultdict(list)
    runs = QUICK_RUNS if run.quick else RUNS
    for number in range(runs + 1):
        run.progress(f"import {number} of {runs}" if number else "a first import, not counted: it may compile")
        for who, statement in IMPORTS.items():
            taken[who].append(await _seconds_to_import(statement))
    for who, seconds in taken.items():
        run.found("import_time.cpu", median(seconds[1:]), "s", better="lower", who=who)
    run.ratio("import_time.cpu", "floor")
    run.ratio("import_time.cpu", "plain")


async def _seconds_to_import(statement: str) -> float:
    """Return CPU seconds, which other load hardly changes; an import waits for nothing."""
    clock = "time.process_time()"
    program = f"import time; began = {clock}\n{statement}\nprint({clock} - began)"
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        text, _ = await output_of("-c", program, folder=Path(folder), within=60)
    return float(text)
