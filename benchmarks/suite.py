"""Run benchmarks one after the other, print and save their figures, and compare them with an earlier run."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from benchmarks import (
    betting,
    cache,
    clicks,
    demo_day,
    event_cpu,
    events,
    events_memory,
    guilds_memory,
    import_time,
    ledger,
    limits,
    members_memory,
    memory_in_use,
    midnight,
    monitor,
    music,
    outbox,
    page,
    query_cache,
    reidentify,
    series,
    settling,
    seven_days,
    simulator,
    soak,
    start_to_ready,
    store_writes,
    thirty_days,
)
from benchmarks.figures import Figure, Report
from benchmarks.machine import facts
from benchmarks.run import Run
from benchmarks.table import print_report, worse
from steward.errors import NeedsOperator, StewardError

Benchmark = tuple[Callable[[Run], Awaitable[None]], float]
BENCHMARKS: Mapping[str, Benchmark] = {
    module.__name__.rpartition(".")[2]: (module.measure, module.LIMIT)
    for module in (
        members_memory,
        guilds_memory,
        reidentify,
        event_cpu,
        seven_days,
        start_to_ready,
        import_time,
        demo_day,
        store_writes,
        outbox,
        ledger,
        betting,
        settling,
        music,
        midnight,
        limits,
        series,
        cache,
        query_cache,
        events,
        clicks,
        events_memory,
        memory_in_use,
        monitor,
        soak,
        thirty_days,
        simulator,
        page,
    )
}
WORSE = FAILED = 1


def run_suite(
    names: Sequence[str] = (),
    *,
    output: Path | None = None,
    compare: Path | None = None,
    quick: bool = False,
    verbose: bool = False,
) -> int:
    """
    Run benchmarks, and return 1 if a figure is worse than earlier or a benchmark failed.

    Args:
        names: which; all by default.
        output: where to write the figures.
        compare: figures of an earlier run.
        quick: fewer repetitions and sizes.
        verbose: print each step and each figure as it is found.

    Raises:
        NeedsOperator: there is no such benchmark, or a file cannot be read or written.

    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    _check(names)
    earlier = None if compare is None else Report.read(compare)
    if output is not None:
        Report.check_writable(output)
    machine = facts()  # before the run, so that the load is that of other programs
    run, failures = asyncio.run(_measure(names or list(BENCHMARKS), quick=quick, verbose=verbose))
    report = Report(machine, run.figures)
    if output is not None:
        report.write(output)
    print_report(report, earlier, Console(width=None if sys.stdout.isatty() else 120))
    for sentence in (*run.skipped, *failures):
        print(sentence, file=sys.stderr)
    if failures:
        return FAILED
    return WORSE if earlier is not None and worse(report, earlier) else 0


def _check(names: Sequence[str]) -> None:
    for name in names:
        if name not in BENCHMARKS:
            raise NeedsOperator(f"{name!r} is not a benchmark.", remedy=f"There are {', '.join(BENCHMARKS)}.")


async def _measure(names: Sequence[str], *, quick: bool, verbose: bool) -> tuple[Run, list[str]]:
    """Run the benchmarks one after the other; after a failure the next one still runs."""
    failures = []
    run = Run(quick=quick)
    with _shown(verbose=verbose) as show:
        if verbose:
            run.on_figure = _print_figure
        for number, name in enumerate(names, 1):
            run.progress = partial(show, f"{number}/{len(names)} {name}")
            measure, limit = BENCHMARKS[name]
            try:
                async with asyncio.timeout(limit):
                    await measure(run)
            except TimeoutError:
                failures.append(f"{name} took longer than {limit:g} s and was ended.")
            except StewardError as error:
                failures.append(f"{name} failed. {error}")
    return run, failures


@contextmanager
def _shown(*, verbose: bool) -> Iterator[Callable[[str, str], None]]:
    """Give a function that shows progress: a line each if `verbose`, else one changing line, on a terminal only."""
    if verbose:
        yield lambda head, words: print(f"{head}: {words}", file=sys.stderr, flush=True)
        return
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield partial(_update, progress, progress.add_task(""))


def _update(progress: Progress, shown: TaskID, head: str, words: str) -> None:
    progress.update(shown, description=f"{head}: {words}")


def _print_figure(figure: Figure) -> None:
    print(f"    {figure.name} ({figure.who}): {figure.value:.4g} {figure.unit}".rstrip(), file=sys.stderr, flush=True)
