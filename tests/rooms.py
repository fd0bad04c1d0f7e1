"""
The table of rooms in docs/architecture.md: each folder of the source, by the first line of its package.

    python -m tests.rooms  # writes it
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
SOURCE = ROOT / "src" / "steward"
BEGIN, END = "<!-- rooms -->\n", "<!-- end of rooms -->\n"


def table() -> str:
    """Return the table as the source is now."""
    rows = ["| room | what is in it |", "|---|---|"]
    for init in sorted(SOURCE.rglob("__init__.py"), key=lambda path: path.parts):
        folder = init.parent.relative_to(SOURCE)
        if init.parent == SOURCE or folder.name == "migrations":
            continue
        said = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8")))
        assert said, f"{init} does not say what is in there"
        rows.append(f"| `{folder}` | {said.splitlines()[0]} |")
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """Return the page with the table of now."""
    return re.sub(f"{BEGIN}.*{END}", lambda _: BEGIN + table() + END, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
