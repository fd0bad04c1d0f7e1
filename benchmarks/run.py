"""One benchmark's way to say what it does and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.figures import MARGIN, Figure, Who


@dataclass(slots=True)
class Run:
    """
    What is handed to `measure`.

    Attributes:
        quick: measure less: fewer repetitions, smaller sizes.
        progress: called with a few words whenever something new begins.
        heard: called with each figure as it is found.
        skipped: what was not measured here, a sentence each.
        figures: what was found so far.

    """

    quick: bool = False
    progress: Callable[[str], None] = lambda _: None
    heard: Callable[[Figure], None] = lambda _: None
    skipped: list[str] = field(default_factory=list)
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
        who: Who = "steward",
    ) -> None:
        """Add a figure; see `Figure`. A target is Steward's alone."""
        figure = Figure(name, value, unit, better, target if who == "steward" else None, margin, who)
        self.figures.append(figure)
        self.heard(figure)

    def value(self, name: str, who: Who = "steward") -> float | None:
        """Return what was found under that name, if it was."""
        return next((figure.value for figure in self.figures if figure.key == (name, who)), None)

    def ratio(self, name: str, of: Who, *, target: float | None = None) -> None:
        """Add how many times the other's figure Steward's is, where both were found."""
        ours, theirs = self.value(name), self.value(name, of)
        if ours is not None and theirs:
            self.found(f"{name}.of_{of}", ours / theirs, "", target=target)
