"""The finding of a check, and the doctor's report: a table on a terminal, plain lines elsewhere, JSON on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TextIO


class Status(StrEnum):
    """The outcome: `fail` means the bot cannot work, `warn` that it may not later, `skipped` that nobody knows."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report: what was checked, the outcome, what was found, and what to do."""

    label: str
    status: Status
    finding: str
    remedy: str = ""


def ok(label: str, finding: str) -> Finding:
    """Return a finding that needs no action."""
    return Finding(label, Status.OK, finding)


def warn(label: str, finding: str, remedy: str) -> Finding:
    """Return a finding that may become a problem."""
    return Finding(label, Status.WARN, finding, remedy)


def fail(label: str, finding: str, remedy: str) -> Finding:
    """Return a finding that keeps the bot from working."""
    return Finding(label, Status.FAIL, finding, remedy)


def skipped(label: str, why: str) -> Finding:
    """Return a finding for something that could not be checked."""
    return Finding(label, Status.SKIPPED, why)


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


def failed(findings: Sequence[Finding]) -> bool:
    """Tell whether anything keeps the bot from working."""
    return any(item.status is Status.FAIL for item in findings)


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
