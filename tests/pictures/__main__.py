"""
Write pictures of the documentation to docs/images.

    python -m tests.pictures                # all; those of the page need Playwright and a Chromium: make browser
    python -m tests.pictures event-post     # one
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.pictures import evening, pizza

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
PICTURES = {"event-post": evening.draw, "test-page": pizza.draw}

for name in sys.argv[1:] or PICTURES:
    PICTURES[name](FOLDER / f"{name}.png")
