"""What a command has done: a sentence for people, or facts as JSON for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """What was done: a sentence for people, and facts for programs, to which `ok` is added."""

    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


def print_outcome(parser: argparse.ArgumentParser, work: Callable[[argparse.Namespace], CommandOutcome | None]) -> None:
    """Let a command do some work and print its outcome, if any, as JSON with the flag `--json`."""

    def run(args: argparse.Namespace) -> int:
        outcome = work(args)
        if outcome is not None:
            print(json.dumps({"ok": True, **outcome.facts}, default=str) if args.json else outcome.sentence)
        return 0

    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    parser.set_defaults(run=run)
