"""One benchmark's way to say what it does and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.figures import MARGIN, Figure


@dataclass(slots=True)
class Run:
    """
    What is handed to `measure`.

    Attributes:
        quick: measure less: fewer repetitions, smaller sizes.
        progress: called with a few words whenever something new begins.
        figures: what was found so far.

    """

    quick: bool = False
    progress: Callable[[str], None] = lambda _: None
    figures: list[Figure] = field(default_factory=list)

    def found(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        better: Literal["lower", "higher"] | None = None,
        target: float | None = None,
        margin: float = MARGIN,
    ) -> None:
        """Add a figure; see `Figure`."""
        self.figures.append(Figure(name, value, unit, better, target, margin))
