"""Numbers with what they count, as English has it: 1 join, 2 joins."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """
    Return a number and its noun: `1 message`, `1,234 messages`.

    Args:
        number: how many.
        one: the noun of one.
        many: the noun of any other number; None adds an s.

    """
    return f"{number:,} {one if abs(number) == 1 else many or f'{one}s'}"
