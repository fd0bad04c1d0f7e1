"""Problems with settings, reported all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from steward.errors import NeedsOperator

LONGEST = 60
# Credentials pasted into the wrong setting: tokens, keys, any long text without spaces or slashes.
_CREDENTIAL = re.compile(r"[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]+\.|/api/webhooks/|[A-Za-z0-9_+=-]{28,}")
_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^/\s]*@")


class BadValue(ValueError):
    """
    An invalid value of a setting.

    Args:
        why: completes "the value ...", such as "is not a number".
        fix: a sentence on what to write instead.

    """

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(f"{why}. {fix}")
        self.why = why
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with one setting: its name as written, its source, the value (masked), the reason and the fix."""

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
    """The settings are invalid; `problems` lists every reason."""

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
    """Return `value` for a message: hidden if it may be a secret, shortened, on one line."""
    if secret or _CREDENTIAL.search(value):
        noun = "character" if len(value) == 1 else "characters"
        return f"(hidden, {len(value)} {noun})"
    safe = _PASSWORD.sub(r"\1********@", value)
    printable = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in safe)
    return f'"{printable}"' if len(printable) <= LONGEST else f'"{printable[:LONGEST]}" ... ({len(value)} characters)'


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the most similar of `known`, or None; `cutoff` is the least similarity, 0 to 1."""
    from difflib import get_close_matches  # imported only for invalid settings

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)
