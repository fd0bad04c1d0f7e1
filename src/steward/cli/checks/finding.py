"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How it stands: `fail` keeps the bot from doing its work, `warn` may later, `skipped` could not be checked."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report: what was looked at, how it stands, what was found, what to do."""

    label: str
    status: Status
    finding: str
    remedy: str = ""


def ok(label: str, finding: str) -> Finding:
    """Say that all is well."""
    return Finding(label, Status.OK, finding)


def warn(label: str, finding: str, remedy: str) -> Finding:
    """Say that it works, but may not later."""
    return Finding(label, Status.WARN, finding, remedy)


def fail(label: str, finding: str, remedy: str) -> Finding:
    """Say that it keeps the bot from doing its work."""
    return Finding(label, Status.FAIL, finding, remedy)


def skipped(label: str, why: str) -> Finding:
    """Say that it could not be checked."""
    return Finding(label, Status.SKIPPED, why)
