"""What is wrong with the settings, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from steward.errors import NeedsOperator

LONGEST = 60
# A credential pasted into the wrong setting: a token, a key, anything long without a space or a slash.
_CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]+\.|/api/webhooks/|[A-Za-z0-9_+=-]{28,}")
_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


class BadValue(ValueError):
    """
    A value that its setting cannot take.

    Args:
        why: completes "the value ...", such as "is not a number".
        fix: a sentence that says what to write instead.

    """

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(f"{why}. {fix}")
        self.why = why
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that needs a person: its name as they wrote it, where, the value (masked), why and the fix."""

    name: str
    where: str
    why: str
    fix: str
    value: str | None = None

    def __str__(self) -> str:
        head = f"{self.name} ({self.where})"
        shown = f" = {self.value}" if self.value is not None else ""
        return f"{head}{shown}\n     Why: {self.why}\n     Fix: {self.fix}"


class SettingsError(NeedsOperator):
    """The settings cannot be used; `problems` holds every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = len(self.problems)
        noun = "1 setting needs" if count == 1 else f"{count} settings need"
        listed = "\n".join(f"  {number}. {problem}" for number, problem in enumerate(self.problems, 1))
        super().__init__(
            f"Steward cannot start: {noun} your attention. Nothing was sent to Discord.\n\n{listed}\n",
            remedy="Fix these and start again; `steward doctor` checks without starting.",
        )

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.remedy}"


def shown(value: str, *, secret: bool) -> str:
    """Return `value` for a message: hidden when it is or may be a secret, shortened when long, one line always."""
    if secret or _CREDENTIAL.search(value):
        noun = "character" if len(value) == 1 else "characters"
        return f"(hidden, {len(value)} {noun})"
    safe = _PASSWORD.sub(r"\1********@", value)
    printable = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in safe)
    return f'"{printable}"' if len(printable) <= LONGEST else f'"{printable[:LONGEST]}" ... ({len(value)} characters)'


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the one of `known` that `word` is most like, or None; `cutoff`, from 0 to 1, is how like it must be."""
    from difflib import get_close_matches  # here: the running bot, whose settings are right, never needs it

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)
