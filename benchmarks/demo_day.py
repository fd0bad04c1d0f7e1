"""The speed of virtual days: the demo, bot and simulator in one process, in accelerated time."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.processes import output_of
from benchmarks.run import Run

LIMIT = 500.0
MEMBERS = 5000
DAY_TARGET = 35.0  # real seconds, with the weekend before it
WEEK_TARGET = 120.0
RUNS = 3


async def measure(run: Run) -> None:
    """Run the demo of a day several times, and of a week once."""
    days = []
    for number in range(1 if run.quick else RUNS):
        run.progress(f"a day, run {number + 1}")
        days.append(await _demo(1, within=4 * DAY_TARGET))
    _report(run, "day", days, target=DAY_TARGET)
    if not run.quick:
        run.progress("seven days")
        _report(run, "week", [await _demo(7, within=2 * WEEK_TARGET)], target=WEEK_TARGET)


async def _demo(days: int, *, within: float) -> dict[str, Any]:
    words = ("-m", "steward", "demo", "--days", str(days), "--members", str(MEMBERS), "--json", "-")
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:  # without real traces beside it
        text, seconds = await output_of(*words, folder=Path(folder), within=within)
    figures: dict[str, Any] = json.loads(text)
    return figures | {"process_seconds": seconds}


def _report(run: Run, name: str, played: list[dict[str, Any]], *, target: float) -> None:
    def middle(key: str) -> float:
        return float(median(figures[key] for figures in played))

    run.found(f"demo_day.{name}.wall", middle("process_seconds"), "s", better="lower", target=target)
    run.found(f"demo_day.{name}.speed", middle("speed"), "virtual s/s", better="higher")
    run.found(f"demo_day.{name}.rest_calls", middle("rest_calls"), "", better="lower")
    run.found(f"demo_day.{name}.renames", middle("renames"), "", better="lower")
    run.found(f"demo_day.{name}.http_429", max(figures["http_429"] for figures in played), "", better="lower", target=0)
