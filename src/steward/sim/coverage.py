"""
Which operations of Discord's OpenAPI document the simulator serves, as a page.

    python -m steward.sim.coverage path/to/openapi.json docs/simulator-coverage.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from steward.sim.rest.call import Route
from steward.sim.rest.router import ALL_ROUTES

_METHODS = ("get", "post", "put", "patch", "delete")
_USAGE = "Usage: python -m steward.sim.coverage OPENAPI.json PAGE.md\nWrites which operations are served to the page."


class Operation(NamedTuple):
    """One operation of the document."""

    method: str
    path: str
    name: str


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return all operations of an OpenAPI document, sorted by path."""
    return sorted(
        (
            Operation(method.upper(), path, str(item[method].get("operationId", "")))
            for path, item in document["paths"].items()
            for method in _METHODS
            if method in item
        ),
        key=lambda found: (found.path, _METHODS.index(found.method.lower())),
    )


def page(document: Mapping[str, Any], routes: Iterable[Route] = ALL_ROUTES) -> str:
    """Return the page, in Markdown."""
    served = {(route.method, route.template) for route in routes}
    known = operations(document)
    count = sum(found[:2] in served for found in known)
    others = sorted(served - {found[:2] for found in known})
    lines = [
        "# What of Discord's REST API the simulator serves",
        "",
        "Written by `python -m steward.sim.coverage`; do not edit. A test compares it with the routes.",
        "",
        f"**{count} of {len(known)}** operations of Discord's OpenAPI document are served.",
        "",
    ]
    for group, members in groupby(known, key=lambda found: found.path.split("/")[1]):
        listed = list(members)
        mine = [found for found in listed if found[:2] in served]
        lines += [f"## {group}: {len(mine)} of {len(listed)}", ""]
        if mine:
            lines += ["| served | operation |", "|---|---|"]
            lines += [f"| `{found.method} {found.path}` | {found.name} |" for found in mine]
            lines.append("")
        if missing := [found.name for found in listed if found[:2] not in served]:
            lines += [f"Not served: {', '.join(missing)}.", ""]
    if others:
        lines += ["## Served, and not in the document", ""]
        lines += [f"- `{method} {path}`" for method, path in others]
        lines.append("")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the page; return the exit code."""
    try:
        source, target = map(Path, arguments)
        text = page(json.loads(source.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n{_USAGE}\n")
        return 2
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
