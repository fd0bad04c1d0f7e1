"""Every failure a person may see: a sentence for them, a remedy for the operator, an exit code for the supervisor."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Every code that a command of Steward's ends with; docs/operating.md says what to do about each."""

    DONE = 0
    FOUND = 1
    """What was looked for: the doctor's finding, a promise that the demo broke, a benchmark that is worse."""
    USAGE = 2
    BROKEN = 70  # EX_SOFTWARE of sysexits(3)
    NOT_READY = 75  # EX_TEMPFAIL
    NEEDS_OPERATOR = 78  # EX_CONFIG
    INTERRUPTED = 130  # 128 and SIGINT, as shells have it


class StewardError(Exception):
    """
    Base of all errors that Steward raises on purpose.

    Args:
        sentence: what happened and why, readable without the code.
        remedy: what the operator can do about it; empty when there is nothing to do.

    """

    exit_code: ClassVar[int] = ExitCode.FOUND
    for_members: ClassVar[str] = ""
    """What members of a server are told instead of the sentence, where that is the operator's: it may name a path."""

    def __init__(self, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class NotReady(StewardError):
    """Something outside is not there yet; starting again later may work (EX_TEMPFAIL)."""

    exit_code = ExitCode.NOT_READY


class NeedsOperator(StewardError):
    """Only a person can put it right; restarting will not (EX_CONFIG). Supervisors must not restart on it."""

    exit_code = ExitCode.NEEDS_OPERATOR


class Broken(StewardError):
    """A fault of Steward's own or of the machine under it (EX_SOFTWARE)."""

    exit_code = ExitCode.BROKEN


class StewardErrors(list[StewardError]):
    """
    Collects what is wrong, to say it all at once: `with errors:` keeps what is raised, and what follows goes on.

    A fault of Steward's own, and what members are not to read, is not kept: it is raised.
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
        """The only one, or one with a line for each; None where there is none."""
        return self[0] if len(self) == 1 else StewardError(str(self)) if self else None
