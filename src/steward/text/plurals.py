"""Numbers with their noun: 1 join, 2 joins."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """
    Return a number with its noun: `1 message`, `1,234 messages`.

    Args:
        number: the count.
        one: singular.
        many: plural; default adds an s.

    """
    return f"{number:,} {one if abs(number) == 1 else many or f'{one}s'}"
