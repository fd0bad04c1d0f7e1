"""A figure, a run of figures, and the file in which a run is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from steward.errors import NeedsOperator

MARGIN = 0.25  # timings on a shared machine differ by as much from run to run
MEMORY_MARGIN = 0.05
TAIL_MARGIN = 1.0  # the slowest one in a hundred is the machine's doing more often than ours

FORMAT = 2

Who = Literal["steward", "plain", "floor"]
"""Whose figure it is: Steward's, the plain bot's, or the least that is possible."""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measured number.

    Attributes:
        name: what was measured, with dots: the benchmark first.
        value: the number.
        unit: such as `s`, `MiB`, `1/s`; empty for a ratio or a count.
        better: which way is better; None for a number that tells something but is never worse.
        target: what the issue asks for; reached by `value` on the better side of it.
        margin: the part of the earlier value by which it may be worse before a comparison fails.
        who: whose it is, where several are measured alike; name and who together are unique in a run.

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
        """What tells it from every other figure of a run."""
        return self.name, self.who

    @property
    def on_target(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "higher" else self.value <= self.target

    def worse_than(self, earlier: float) -> bool:
        """Return whether it is worse than an earlier value by more than the margin; only Steward's own can be."""
        if self.better is None or self.who != "steward":
            return False
        if self.better == "higher":
            return self.value * (1 + self.margin) < earlier
        return self.value > earlier * (1 + self.margin)


@dataclass(frozen=True, slots=True)
class Report:
    """One run: its figures, and the machine that made them."""

    facts: Mapping[str, str]
    figures: Sequence[Figure]

    @staticmethod
    def check_writable(path: Path) -> None:
        """
        See, before a long run, that `write` will be able to; a file that is there stays as it is.

        Raises:
            NeedsOperator: it will not.

        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("a").close()
        except OSError as error:
            raise _not_writable(path, error) from error

    def write(self, path: Path) -> None:
        """
        Write it as JSON.

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
        Read what `write` wrote.

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
