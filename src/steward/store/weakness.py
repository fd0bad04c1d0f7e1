"""Findings about a database or a running bot that could be better, with a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROWS_WORTH_STATISTICS = 10_000
TABLES_LISTED = 5
WEIGHTY, NOTABLE = 2e12, 5e11
"""Weights for findings without a size of their own: noticed by users, and likely to be noticed."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """
    One thing that could be better.

    Attributes:
        weight: how much it matters: bytes, or an estimate for rows read in vain.
        fix: statements that fix it without changing data; empty if a person must decide.

    """

    name: str
    figure: str
    advice: str
    weight: float
    fix: tuple[str, ...] = ()


def missing_index(name: str, table: str, rows: int, sql: str) -> Weakness:
    """Return the finding for an index that is missing."""
    figure = f"the index {name} of {table} is missing: each search reads {rows:,} rows"
    return Weakness("Missing index", figure, "Create it again.", 1e12 + rows, (sql,))


def ranked(found: Iterable[Weakness]) -> list[Weakness]:
    """Return the fixable findings first, each group with the greatest weight first."""
    return sorted(found, key=lambda weakness: (not weakness.fix, -weakness.weight))
