"""`make chaos`: rounds of chaos, and what was broken with how to play it again."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.chaos.attacks import ATTACKS
from tests.chaos.attacks.attack import Scene
from tests.chaos.report import read, table
from tests.chaos.rounds import Result, Round

ROUNDS = 10
SHORT = 6.0  # seconds that an attack lasts in the short run


def main(words: Sequence[str] | None = None) -> int:
    """Play the rounds that were asked for; return 1 if anything was broken."""
    args = _parser().parse_args(words)
    if args.table:
        print(table(read(args.table)))
        return 0
    names = _possible([args.attack] if args.attack else list(ATTACKS))
    if not names:
        return 1
    broken = 0
    for number, name in zip(range(args.rounds), _in_turn(names, args.seed), strict=False):
        result = _play(args.seed + number, name, args)
        broken += bool(result.broken)
        if args.json is not None:
            with args.json.open("a") as file:
                file.write(json.dumps(result.data()) + "\n")
    print(f"{args.rounds} rounds, {broken} of them with something broken.")
    return int(broken > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how many; {ROUNDS} by default")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the first; each has one more")
    parser.add_argument("--attack", choices=sorted(ATTACKS), help="this one only")
    parser.add_argument("--longest", type=float, default=SHORT, help="seconds that an attack lasts at most")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add a line for each round to a file")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the data of broken rounds there")
    parser.add_argument("--table", type=Path, nargs="+", metavar="FILE", help="only print the figures of such files")
    return parser


def _possible(names: Sequence[str]) -> list[str]:
    found = []
    for name in names:
        why = ATTACKS[name].missing()
        if why is None:
            found.append(name)
        else:
            print(f"{name} is left out: {why}.", flush=True)
    return found


def _in_turn(names: Sequence[str], seed: int) -> Iterator[str]:
    """Yield attacks at random, none again before all others had their turn."""
    random = Random(seed)
    while True:
        yield from random.sample(names, len(names))


def _play(seed: int, name: str, args: argparse.Namespace) -> Result:
    folder = Path(tempfile.mkdtemp(prefix="steward-chaos-"))
    kept = None if args.keep is None else args.keep / f"{name}-{seed}"

    def keep(scene: Scene) -> None:  # while a disk of the attack's own is still there
        if kept is not None:
            shutil.copytree(scene.folder, kept, dirs_exist_ok=True)

    try:
        result = asyncio.run(Round(seed, name, folder, longest=args.longest, rest=keep).play())
        _tell(result, args)
        if kept is not None and not result.broken:
            shutil.rmtree(kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _tell(result: Result, args: argparse.Namespace) -> None:
    recovery = "never" if result.recovery is None else f"{result.recovery:.1f} s"
    print(
        f"{result.attack:16} {result.deed}: {result.told} told, {result.events} events, recovered in {recovery}, "
        f"{result.seconds:.0f} s",
        flush=True,
    )
    for kind, sentence in result.broken:
        print(f"    BROKEN {kind}: {sentence}", flush=True)
    if result.broken:
        again = f"--rounds 1 --seed {result.seed} --attack {result.attack} --longest {args.longest:g}"
        print(f'    again: make chaos ARGS="{again}"', flush=True)


if __name__ == "__main__":
    sys.exit(main())
