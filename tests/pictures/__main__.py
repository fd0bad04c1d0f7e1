"""
Write pictures of the documentation to docs/images.

    python -m tests.pictures                # all; those of the page need Playwright and a Chromium: make browser
    python -m tests.pictures event-post     # one
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.pictures import evening, penguins, pizza
from tests.pictures.palette import with_palette

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
PICTURES = {"event-post": evening.draw, "simulator-page": penguins.draw, "test-page": pizza.draw}

SMALLER = ("simulator-page", "test-page")

for name in sys.argv[1:] or PICTURES:
    path = FOLDER / f"{name}.png"
    PICTURES[name](path)
    if name in SMALLER:
        path.write_bytes(with_palette(path.read_bytes()))
