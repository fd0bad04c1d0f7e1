"""`python -m benchmarks`: run benchmarks, print their figures, keep them, compare them with an earlier run."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from benchmarks import bot_memory, demo_day, simulator, start_up, store_writes
from benchmarks.figures import Report
from benchmarks.machine import facts
from benchmarks.run import Run
from benchmarks.table import print_report, worse
from steward.errors import StewardError

Benchmark = tuple[Callable[[Run], Awaitable[None]], float]
BENCHMARKS: Mapping[str, Benchmark] = {
    module.__name__.rpartition(".")[2]: (module.measure, module.LIMIT)
    for module in (bot_memory, demo_day, start_up, store_writes, simulator)
}
WORSE = FAILED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the flags name; return 1 when a figure is worse than earlier or a benchmark failed."""
    args = _parser().parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        earlier = None if args.compare is None else Report.read(args.compare)
        machine = facts()  # before: the load is what others made
        run, failures = asyncio.run(_measure(args.names or list(BENCHMARKS), quick=args.quick))
        report = Report(machine, run.figures)
        if args.json is not None:
            report.write(args.json)
    except StewardError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    print_report(report, earlier, Console(width=None if sys.stdout.isatty() else 120))
    for failure in failures:
        print(failure, file=sys.stderr)
    if failures:
        return FAILED
    return WORSE if earlier is not None and worse(report, earlier) else 0


async def _measure(names: Sequence[str], *, quick: bool) -> tuple[Run, list[str]]:
    """Run the benchmarks one after the other; one that fails does not keep the next from running."""
    failures = []
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        shown = progress.add_task("")
        run = Run(quick=quick)
        for number, name in enumerate(names, 1):
            run.progress = partial(_show, progress, shown, f"{number}/{len(names)} {name}")
            measure, limit = BENCHMARKS[name]
            try:
                async with asyncio.timeout(limit):
                    await measure(run)
            except TimeoutError:
                failures.append(f"{name} took longer than {limit:g} s and was ended.")
            except StewardError as error:
                failures.append(f"{name} failed. {error}")
    return run, failures


def _show(progress: Progress, shown: TaskID, head: str, words: str) -> None:
    progress.update(shown, description=f"{head}: {words}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Steward on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help=f"of {', '.join(BENCHMARKS)}; default all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="figures of an earlier run; exit 1 when one is worse now"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes, for a first look")
    return parser


def _name(text: str) -> str:
    if text not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"{text!r} is no benchmark; there are {', '.join(BENCHMARKS)}")
    return text


if __name__ == "__main__":
    sys.exit(main())
