"""What somebody may have meant: the nearest of the known names."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the one of `known` that `word` is most like, or None; `cutoff`, from 0 to 1, is how like it must be."""
    from difflib import get_close_matches  # here: the running bot, whose settings are right, never needs it

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)
