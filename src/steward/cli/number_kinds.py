"""Types of numbers in flags."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a type of whole numbers in a range."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from {low:,} to {high:,}")
        return number

    return read


def positive(most: float) -> Callable[[str], float]:
    """Return a type of numbers greater than 0, up to a maximum."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not 0 < number <= most:
            raise argparse.ArgumentTypeError(f"{text} must be greater than 0, and at most {most:,.0f}")
        return number

    return read
