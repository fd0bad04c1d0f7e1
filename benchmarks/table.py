"""Figures as a table, beside those of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from benchmarks.figures import Figure, Report

NOT_OF_THE_MACHINE = {"date", "load"}


def worse(report: Report, earlier: Report) -> list[Figure]:
    """Return the figures that are worse than earlier by more than their margin; one side's alone are passed over."""
    before = _values(earlier)
    return [figure for figure in report.figures if figure.name in before and figure.worse_than(before[figure.name])]


def print_report(report: Report, earlier: Report | None, console: Console) -> None:
    """Print the figures, what they came from, and what is to be said about them."""
    before = {} if earlier is None else _values(earlier)
    table = Table(box=None, pad_edge=False, title="Figures", title_justify="left")
    table.add_column("figure", overflow="fold")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("target", justify="right", no_wrap=True)
    if earlier is not None:
        table.add_column("earlier", justify="right", no_wrap=True)
        table.add_column("ratio", justify="right", no_wrap=True)
    for figure in report.figures:
        cells = [figure.name, _number(figure.value), figure.unit, _target(figure)]
        if earlier is not None:
            cells += _compared(figure, before)
        table.add_row(*cells)
    console.print(table)
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
    common = {figure.name for figure in report.figures} & _values(earlier).keys()
    if not common:
        console.print("No figure is in both runs: nothing was compared.", style="yellow")
    elif fallen:
        names = ", ".join(f"{figure.name} (margin {figure.margin:.0%})" for figure in fallen)
        console.print(f"Worse than earlier: {names}.", style="bold red", highlight=False)
    else:
        console.print("No figure is worse than earlier by more than its margin.", style="green")


def _values(report: Report) -> Mapping[str, float]:
    return {figure.name: figure.value for figure in report.figures}


def _target(figure: Figure) -> Text | str:
    if figure.target is None:
        return ""
    sign = "≥" if figure.better == "higher" else "≤"
    return Text(f"{sign} {_number(figure.target)}", style="green" if figure.on_target else "bold red")


def _compared(figure: Figure, before: Mapping[str, float]) -> list[Text | str]:
    if figure.name not in before:
        return ["", "new"]
    earlier = before[figure.name]
    ratio = f"{figure.value / earlier:.2f}" if earlier else "-"
    return [_number(earlier), Text(ratio, style="bold red" if figure.worse_than(earlier) else "")]


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
