"""The interface through which a benchmark reports its progress and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.figures import MARGIN, Figure, Who


@dataclass(slots=True)
class Run:
    """
    The argument of `measure`.

    Attributes:
        quick: measure less: fewer repetitions, smaller sizes.
        progress: called with a few words at each step.
        on_figure: called with each figure.
        skipped: what was not measured here, a sentence each.
        figures: the figures so far.

    """

    quick: bool = False
    progress: Callable[[str], None] = lambda _: None
    on_figure: Callable[[Figure], None] = lambda _: None
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
        """Add a figure; see `Figure`. Only Steward's figures have targets."""
        figure = Figure(name, value, unit, better, target if who == "steward" else None, margin, who)
        self.figures.append(figure)
        self.on_figure(figure)

    def value(self, name: str, who: Who = "steward") -> float | None:
        """Return the figure of that name, or None."""
        return next((figure.value for figure in self.figures if figure.key == (name, who)), None)

    def ratio(self, name: str, of: Who, *, target: float | None = None) -> None:
        """Add the ratio of Steward's figure to another bot's, if both were found."""
        ours, theirs = self.value(name), self.value(name, of)
        if ours is not None and theirs:
            self.found(f"{name}.of_{of}", ours / theirs, "", target=target)
