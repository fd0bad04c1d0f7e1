"""The finding of a check, one line of the doctor's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


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


def failed(findings: Sequence[Finding]) -> bool:
    """Tell whether anything keeps the bot from working."""
    return any(item.status is Status.FAIL for item in findings)
