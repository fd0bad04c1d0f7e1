"""
Which test shows which failure of the catalogue: the tests whose name begins with its number.

    python -m tests.failures.catalogue > docs/failures.md
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST = 80
_NAMED = re.compile(r"^(?:async )?def test_f(\d\d)_(\w+)\(", re.MULTILINE)
_INTRODUCTION = """\
# Failures

The failures that Steward is built to survive are numbered, F01 to F80. A test that shows one carries its number:
`.venv/bin/python -m pytest -k f45` runs what there is on F45.

This page is generated: `python -m tests.failures.catalogue > docs/failures.md`.

| | it is shown that | in |
|---|---|---|
"""


def page() -> str:
    """Return the page as the tests are now."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for number, name in _NAMED.findall(path.read_text(encoding="utf-8")):
            found[int(number)].append((name.replace("_", " "), path.relative_to(ROOT).as_posix()))
    rows = []
    for number in sorted(found):
        rows += [f"| F{number:02} | {sentence} | `{path}` |" for sentence, path in sorted(found[number])]
    missing = [f"F{number:02}" for number in range(1, LAST + 1) if number not in found]
    last = f"\nNo test carries the number of {', '.join(missing)}.\n" if missing else ""
    return _INTRODUCTION + "\n".join(rows) + "\n" + last


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - into the file
