"""`steward bench`: run the benchmarks on this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import steward
from steward.cli.main import AddParser
from steward.errors import NeedsOperator

CHECKOUT = Path(steward.__file__).resolve().parents[2]


def add_parser(add: AddParser) -> None:
    parser = add(
        description="Run the benchmarks on the simulator: Steward, bare discord.py, and a plain bot that does the same "
        "work the usual way, one after the other. Needs a clone of the repository.",
        epilog="Exit codes: 0 done, 1 a figure is worse than in the compared file or a benchmark failed, 78 there is "
        "no such benchmark or file.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which benchmarks; default all")
    parser.add_argument("--verbose", action="store_true", help="show progress, and each figure as it's measured")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the figures there, as JSON")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="figures of an earlier run; exit 1 if one is worse now"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and sizes, for a first look")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """
    Run the benchmarks, and return the exit code.

    Raises:
        NeedsOperator: Steward was installed without its repository, or a name or file is wrong.

    """
    if not (CHECKOUT / "benchmarks" / "suite.py").is_file():
        raise NeedsOperator(
            "The benchmarks are not part of the installed package.",
            remedy="Run `make bench` in a clone of the repository.",
        )
    sys.path.insert(0, str(CHECKOUT))
    from benchmarks.suite import run_suite

    return run_suite(args.names, output=args.output, compare=args.compare, quick=args.quick, verbose=args.verbose)
