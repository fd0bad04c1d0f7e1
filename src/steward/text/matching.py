"""Finds the names that match typed text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


def best_matches(typed: str, named: Iterable[tuple[str, Thing]]) -> list[Thing]:
    """
    Return the things with the best-matching names.

    The best kind of match counts: equal, prefix, start of a word, substring. Case, width and runs of spaces are
    ignored. Empty text matches nothing.
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
