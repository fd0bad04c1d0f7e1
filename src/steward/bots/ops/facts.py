"""What is told about the bot: a figure, how it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How it stands; the greater the worse."""

    FINE = 0
    WATCH = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One figure.

    Attributes:
        value: as people read it, its trend included.
        standing: whether it is as it should be.
        advice: what to do about it; empty where there is nothing to do.

    """

    name: str
    value: str
    standing: Grade = Grade.FINE
    advice: str = ""


Provider = Callable[[int | None], Sequence[Fact] | Awaitable[Sequence[Fact]]]
"""Tells facts at the moment at which somebody asks, in the server of that id."""
