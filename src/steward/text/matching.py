"""Which of several names somebody means who typed one instead of picking it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


def best_matches(typed: str, named: Iterable[tuple[str, Thing]]) -> list[Thing]:
    """
    Return the things whose name fits best.

    These are those with the same name, else those that begin with it, else have it at the start of a word, else contain
    it. Case, width and runs of spaces make no difference. An empty text fits nothing.
    """
    wanted = _folded(typed)
    if not wanted:
        return []
    folded = [(_folded(name), thing) for name, thing in named]
    return (
        [thing for name, thing in folded if name == wanted]
        or [thing for name, thing in folded if name.startswith(wanted)]
        or [thing for name, thing in folded if f" {wanted}" in name]
        or [thing for name, thing in folded if wanted in name]
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
