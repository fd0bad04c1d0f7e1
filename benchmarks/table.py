"""Print figures as a table, compared with an earlier run."""

from __future__ import annotations

from rich.console import Console

from benchmarks.figures import Figure, Report
from benchmarks.side_by_side import Earlier, side_by_side

NOT_OF_THE_MACHINE = {"date", "load"}


def worse(report: Report, earlier: Report) -> list[Figure]:
    """Return the figures that are worse than earlier by more than their margin; figures of one run only are ignored."""
    before = _values(earlier)
    return [figure for figure in report.figures if figure.key in before and figure.worse_than(before[figure.key])]


def print_report(report: Report, earlier: Report | None, console: Console) -> None:
    """Print the figures side by side, facts about the machine, and the verdict."""
    before = None if earlier is None else _values(earlier)
    console.print(side_by_side(report, before))
    console.print(", ".join(f"{name} {value}" for name, value in report.facts.items()), style="dim", highlight=False)
    _print_verdict(report, earlier, console)


def _print_verdict(report: Report, earlier: Report | None, console: Console) -> None:
    if float(report.facts.get("load", 0)) > int(report.facts.get("cpus", 1)) / 2:
        console.print(
            "Other programs kept this machine busy when the run began: do not trust its times.", style="yellow"
        )
    missed = [figure.name for figure in report.figures if figure.on_target is False]
    if missed:
        console.print(f"Not on target: {', '.join(missed)}.", style="yellow", highlight=False)
    if earlier is None:
        return
    differs = [
        f"{name} was {earlier.facts.get(name, 'not noted')}"
        for name, value in report.facts.items()
        if name not in NOT_OF_THE_MACHINE and earlier.facts.get(name) != value
    ]
    if differs:
        console.print(f"The earlier run was another set-up: {', '.join(differs)}.", style="yellow", highlight=False)
    fallen = worse(report, earlier)
    common = _values(report).keys() & _values(earlier).keys()
    if not common:
        console.print("No figure is in both runs: nothing was compared.", style="yellow")
    elif fallen:
        names = ", ".join(f"{figure.name} (margin {figure.margin:.0%})" for figure in fallen)
        console.print(f"Worse than earlier: {names}.", style="bold red", highlight=False)
    else:
        console.print("No figure is worse than earlier by more than its margin.", style="green")


def _values(report: Report) -> Earlier:
    return {figure.key: figure.value for figure in report.figures}
