"""How soon the bot is up, and what its imports take."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from benchmarks.bots import FLOOR, READY, STEWARD, stage
from benchmarks.processes import output_of
from benchmarks.run import Run

LIMIT = 180.0
RUNS = 7
QUICK_RUNS = 3
MEMBERS = 1000
IMPORTS = {
    # As `steward run` imports it: structlog without its terminal library.
    "import.steward_app": "from steward.cli.without_rich import load_structlog_without_rich as load; load(); "
    "import steward.app",
    "import.discord": "import discord",
}


async def measure(run: Run) -> None:
    """Take the median of several starts and imports, in turn: whatever else the machine does meets all alike."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    runs = QUICK_RUNS if run.quick else RUNS
    for number in range(runs + 1):
        run.progress(f"start {number} of {runs}" if number else "a first start, not counted: it may compile")
        for name, words in (("steward.ready", STEWARD), ("floor.ready", FLOOR)):
            taken[name].append(await _seconds_to_ready(words))
        for name, statement in IMPORTS.items():
            taken[name].append(await _seconds_to_import(statement))
    for name, seconds in taken.items():
        run.found(f"start_up.{name}", median(seconds[1:]), "s", better="lower" if "steward" in name else None)
    _ratio(run, "ready", taken["steward.ready"][1:], taken["floor.ready"][1:])
    _ratio(run, "import", taken["import.steward_app"][1:], taken["import.discord"][1:])


def _ratio(run: Run, name: str, ours: list[float], floor: list[float]) -> None:
    run.found(f"start_up.{name}.of_floor", median(our / its for our, its in zip(ours, floor, strict=True)), "")


async def _seconds_to_ready(words: tuple[str, ...]) -> float:
    async with stage(MEMBERS) as scene, scene.bot(words) as child:
        return await child.until_it_says(READY[words])


async def _seconds_to_import(statement: str) -> float:
    """Return seconds of CPU: an import waits for nothing, and they hardly change with what else the machine does."""
    clock = "time.process_time()"
    program = f"import time; began = {clock}; {statement}; print({clock} - began)"
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
        text, _ = await output_of("-c", program, folder=Path(folder), within=60)
    return float(text)
