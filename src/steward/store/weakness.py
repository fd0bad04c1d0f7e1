"""What could be better about a database or a running bot, with its figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROWS_WORTH_STATISTICS = 10_000
TABLES_TOLD = 5
WEIGHTY, NOTABLE = 2e12, 5e11
"""Weights of what has no size of its own: what people notice, and what they may come to notice."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """
    One thing that could be better.

    Attributes:
        name: what it is.
        figure: what was measured.
        advice: what to do about it.
        weight: how much it matters: bytes, or what the rows that are read in vain would take.
        fix: statements that put it right and change no data; empty where a person must decide.

    """

    name: str
    figure: str
    advice: str
    weight: float
    fix: tuple[str, ...] = ()


def missing_index(name: str, table: str, rows: int, sql: str) -> Weakness:
    """Return what is to be said of an index that should be there."""
    figure = f"the index {name} of {table} is missing: each search reads {rows:,} rows"
    return Weakness("Missing index", figure, "Make it anew.", 1e12 + rows, (sql,))


def ranked(found: Iterable[Weakness]) -> list[Weakness]:
    """Return what can be put right first, each group with the weightiest first."""
    return sorted(found, key=lambda weakness: (not weakness.fix, -weakness.weight))
