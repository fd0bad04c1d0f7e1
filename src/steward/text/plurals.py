"""Numbers with their noun, 1 join, 2 joins, and several names in a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, one: str, many: str | None = None) -> str:
    """
    Return a number with its noun: `1 message`, `1,234 messages`.

    Args:
        number: the count.
        one: singular.
        many: plural; default adds an s.

    """
    return f"{number:,} {one if abs(number) == 1 else many or f'{one}s'}"


def listed(names: Sequence[str]) -> str:
    """Return names, at least one, as a sentence has them: `joins, leaves and bans`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
