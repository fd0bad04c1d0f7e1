"""Every failure a person may see: a sentence for them, a remedy for the operator, an exit code for the supervisor."""

from __future__ import annotations

from typing import ClassVar


class StewardError(Exception):
    """
    Base of all errors that Steward raises on purpose.

    Args:
        sentence: what happened and why, readable without the code.
        remedy: what the operator can do about it; empty when there is nothing to do.

    """

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class NotReady(StewardError):
    """Something outside is not there yet; starting again later may work (EX_TEMPFAIL)."""

    exit_code = 75


class NeedsOperator(StewardError):
    """Only a person can put it right; restarting will not (EX_CONFIG). Supervisors must not restart on it."""

    exit_code = 78


class Broken(StewardError):
    """A fault of Steward's own or of the machine under it (EX_SOFTWARE)."""

    exit_code = 70
