"""What a command has done: a sentence for people, or facts as JSON for programs."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """
    What was done.

    Attributes:
        sentence: for people.
        facts: for programs; `ok` is added.

    """

    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


def add_json_flag(parser: argparse.ArgumentParser) -> None:
    """Add the flag `--json`, which `show` reads."""
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def show(outcome: CommandOutcome, *, as_json: bool) -> None:
    """Print an outcome to standard output."""
    print(json.dumps({"ok": True, **outcome.facts}, default=str) if as_json else outcome.sentence)
