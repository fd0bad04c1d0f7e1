"""The table of figures: a row for each measurement, a column for each bot, and ratios."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from benchmarks.figures import Figure, Report, Who

Rows = Mapping[str, Mapping[Who, Figure]]
Earlier = Mapping[tuple[str, Who], float]

BOTS: tuple[tuple[Who, str], ...] = (("steward", "Steward"), ("plain", "plain"), ("floor", "floor"))
RATIOS = ((".of_plain", "of plain"), (".of_floor", "of floor"))


def side_by_side(report: Report, earlier: Earlier | None) -> Table:
    """Return the figures as a table; a ratio is in the row of its figure, if there is one."""
    rows = _rows(report)
    bots = [(who, title) for who, title in BOTS if any(who in row for row in rows.values())]
    ratios = [(ending, title) for ending, title in RATIOS if any(name + ending in rows for name in rows)]
    table = Table(box=None, pad_edge=False, title="Figures", title_justify="left")
    table.add_column("figure", overflow="fold")
    for _, title in bots:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("target", justify="right", no_wrap=True)
    for title in [title for _, title in ratios] + (["earlier", "ratio"] if earlier is not None else []):
        table.add_column(title, justify="right", no_wrap=True)
    cells_of_others = {name + ending for name in rows for ending, _ in ratios}
    for name, row in rows.items():
        if name in cells_of_others:
            continue
        anyone = row.get("steward") or next(iter(row.values()))
        cells: list[Text | str] = [number(row[who].value) if who in row else "" for who, _ in bots]
        cells += [anyone.unit, _target(anyone)]
        cells += [_ratio(rows.get(name + ending, {}).get("steward")) for ending, _ in ratios]
        if earlier is not None:
            cells += _compared(row.get("steward"), earlier)
        table.add_row(name, *cells)
    return table


def number(value: float) -> str:
    """Format a number with three significant digits, or whole."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _rows(report: Report) -> Rows:
    rows: dict[str, dict[Who, Figure]] = {}
    for figure in report.figures:
        rows.setdefault(figure.name, {})[figure.who] = figure
    return rows


def _target(figure: Figure) -> Text | str:
    if figure.target is None:
        return ""
    sign = "≥" if figure.better == "higher" else "≤"
    return Text(f"{sign} {number(figure.target)}", style="green" if figure.on_target else "bold red")


def _ratio(figure: Figure | None) -> Text | str:
    if figure is None:
        return ""
    text = Text(number(figure.value))
    return text if figure.target is None else text.append(" ").append(_target(figure))


def _compared(figure: Figure | None, before: Earlier) -> list[Text | str]:
    if figure is None:
        return ["", ""]
    if figure.key not in before:
        return ["", "new"]
    earlier = before[figure.key]
    ratio = f"{figure.value / earlier:.2f}" if earlier else "-"
    return [number(earlier), Text(ratio, style="bold red" if figure.worse_than(earlier) else "")]
