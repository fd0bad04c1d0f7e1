"""Errors shown to people: a sentence, a remedy for the operator, and an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit codes of the command line; see docs/operating.md."""

    DONE = 0
    FOUND = 1
    """A finding: of the doctor, a broken promise of the demo, a benchmark regression."""
    USAGE = 2
    BROKEN = 70  # EX_SOFTWARE of sysexits(3)
    NOT_READY = 75  # EX_TEMPFAIL
    NEEDS_OPERATOR = 78  # EX_CONFIG
    INTERRUPTED = 130  # 128 + SIGINT


class StewardError(Exception):
    """
    Base of all errors that Steward raises deliberately.

    Args:
        sentence: what happened and why, in plain words.
        remedy: what the operator can do; empty if nothing.

    """

    exit_code: ClassVar[int] = ExitCode.FOUND
    for_members: ClassVar[str] = ""
    """Shown to server members instead of the sentence if that is for the operator: it may contain a path."""

    def __init__(self, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class NotReady(StewardError):
    """Something external is unavailable; a retry may work (EX_TEMPFAIL)."""

    exit_code = ExitCode.NOT_READY


class NeedsOperator(StewardError):
    """Only a person can fix it; supervisors must not restart (EX_CONFIG)."""

    exit_code = ExitCode.NEEDS_OPERATOR


class Broken(StewardError):
    """A bug in Steward, or a fault of the machine (EX_SOFTWARE)."""

    exit_code = ExitCode.BROKEN


class StewardErrors(list[StewardError]):
    """
    Collects errors to report together: `with errors:` swallows and stores an error.

    `Broken` and errors with `for_members` are not stored, but raised.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, StewardError) or isinstance(error, Broken) or error.for_members:
            return False
        self.append(error)
        return True

    def __str__(self) -> str:
        return "\n".join(dict.fromkeys(map(str, self)))

    @property
    def error(self) -> StewardError | None:
        """The only error, or one that joins all; None if there is none."""
        return self[0] if len(self) == 1 else StewardError(str(self)) if self else None
