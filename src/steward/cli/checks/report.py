"""The doctor's report: a table on a terminal, plain lines elsewhere, JSON on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from steward.cli.checks.finding import Finding, Status, failed

COLOURS = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "bold red", Status.SKIPPED: "dim"}


def print_report(findings: Sequence[Finding], stream: TextIO, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": not failed(findings), "findings": [asdict(item) for item in findings]}), file=stream)
    elif stream.isatty():
        _print_table(findings, stream)
    else:
        for item in findings:
            print(f"{item.status.upper():<7} {item.label}: {item.finding}", file=stream)
            if item.remedy:
                print(f"        -> {item.remedy}", file=stream)
    if not as_json:
        print(_verdict(findings), file=stream)


def _print_table(findings: Sequence[Finding], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "Check", "Finding", box=None, pad_edge=False)
    for item in findings:
        colour = COLOURS[item.status]
        cell = Text(item.finding)
        if item.remedy:
            cell.append(f"\n{item.remedy}", "cyan")
        table.add_row(Text(item.status.value, colour), Text(item.label), cell)
    Console(file=stream).print(table)


def _verdict(findings: Sequence[Finding]) -> str:
    counts = {status: sum(item.status is status for item in findings) for status in Status}
    if counts[Status.FAIL]:
        return f"{counts[Status.FAIL]} to fix, {counts[Status.WARN]} to keep an eye on."
    if counts[Status.WARN]:
        return f"Ready to run; {counts[Status.WARN]} to keep an eye on."
    return "Ready to run." if not counts[Status.SKIPPED] else "No problems found, but not everything was checked."
