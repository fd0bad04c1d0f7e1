"""The figures of many rounds, an attack a line."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.chaos.checker import DOUBLED, LOST, OVERSOLD

HEAD = (
    "| attack | rounds | confirmed | lost | doubled | oversold | other | unanswered | recovery, median | longest "
    "| logins | 429 |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def read(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the rounds that were written to files, a JSON object a line."""
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def table(results: Sequence[dict[str, Any]]) -> str:
    """Return the figures of each attack, and of all, as a table in Markdown."""
    by_attack = defaultdict(list)
    for result in results:
        by_attack[result["attack"]].append(result)
    lines = [_line(f"`{name}`", by_attack[name]) for name in sorted(by_attack)]
    return "\n".join([HEAD, *lines, _line("**all**", results)])


def _line(name: str, results: Sequence[dict[str, Any]]) -> str:
    kinds = [kind for result in results for kind, _ in result["broken"]]
    known = [kinds.count(kind) for kind in (LOST, DOUBLED, OVERSOLD)]
    others = len(kinds) - sum(known) - kinds.count("429")
    recovered = [result["recovery"] for result in results if result["recovery"] is not None]
    cells = [
        name,
        len(results),
        f"{_sum(results, 'told'):,}",
        *known,
        others,
        f"{_sum(results, 'unanswered'):,}",
        f"{median(recovered):.1f} s" if recovered else "",
        f"{max(recovered):.1f} s" if recovered else "",
        _sum(results, "logins"),
        _sum(results, "limited"),
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _sum(results: Iterable[dict[str, Any]], name: str) -> int:
    return sum(result[name] for result in results)
