"""Figures, and the file with the figures of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from steward.errors import NeedsOperator

MARGIN = 0.25  # timings on a shared machine vary that much between runs
MEMORY_MARGIN = 0.05
TAIL_MARGIN = 1.0  # the slowest one in a hundred depends more on the machine than on us

FORMAT = 2

Who = Literal["steward", "plain", "floor"]
"""The bot of a figure: Steward, the plain bot, or the floor, which is the least possible."""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measured number.

    Attributes:
        name: what was measured, with dots: the benchmark first.
        value: the number.
        unit: such as `s`, `MiB`, `1/s`; empty for a ratio or a count.
        better: which direction is better; None for a number that is only informative.
        target: required by the issue; reached by a `value` on the better side of it.
        margin: the share of an earlier value by which it may be worse before a comparison fails.
        who: the measured bot; name and who together are unique in a run.

    """

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"] | None = None
    target: float | None = None
    margin: float = MARGIN
    who: Who = "steward"

    @property
    def key(self) -> tuple[str, Who]:
        """The unique key of the figure in a run."""
        return self.name, self.who

    @property
    def on_target(self) -> bool | None:
        """Whether the target is reached; None if there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "higher" else self.value <= self.target

    def worse_than(self, earlier: float) -> bool:
        """Tell whether it is worse than an earlier value by more than the margin; only Steward's own figures can be."""
        if self.better is None or self.who != "steward":
            return False
        if self.better == "higher":
            return self.value * (1 + self.margin) < earlier
        return self.value > earlier * (1 + self.margin)


@dataclass(frozen=True, slots=True)
class Report:
    """One run: its figures, and facts about the machine."""

    facts: Mapping[str, str]
    figures: Sequence[Figure]

    @staticmethod
    def check_writable(path: Path) -> None:
        """
        Check before a long run that `write` can write the file; an existing file is not changed.

        Raises:
            NeedsOperator: it cannot.

        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").close()
        except OSError as error:
            raise _not_writable(path, error) from error

    def write(self, path: Path) -> None:
        """
        Write the report as JSON.

        Raises:
            NeedsOperator: the file cannot be written.

        """
        whole = {"format": FORMAT, "facts": dict(self.facts), "figures": [asdict(figure) for figure in self.figures]}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(whole, indent=2) + "\n")
        except OSError as error:
            raise _not_writable(path, error) from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """
        Read a report written by `write`.

        Raises:
            NeedsOperator: the file cannot be read or is no report.

        """
        try:
            whole = json.loads(path.read_text())
            if whole["format"] != FORMAT:
                raise ValueError(f"its format is {whole['format']}, not {FORMAT}")
            return cls(whole["facts"], [Figure(**figure) for figure in whole["figures"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = error.strerror if isinstance(error, OSError) else f"it is no report of figures ({error})"
            raise NeedsOperator(
                f"The earlier figures cannot be read from {path}: {reason}.",
                remedy="Name a file that `steward bench --output FILE` wrote.",
            ) from error


def _not_writable(path: Path, error: OSError) -> NeedsOperator:
    return NeedsOperator(
        f"The figures cannot be written to {path}: {error.strerror or error}.", remedy="Name another file."
    )
