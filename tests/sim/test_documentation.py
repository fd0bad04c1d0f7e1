"""docs/simulator.md, run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from steward.sim import Limits
from steward.sim.limits import Rate

PAGE = Path(__file__).parents[2] / "docs" / "simulator.md"


def test_the_example_prints_what_the_page_says():
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["200 Members: 5001", "200 Members: 5002", "429 Members: 5002", "1"]
    assert done.stderr == ""


def test_the_numbers_on_the_page_are_the_defaults():
    text, limits = PAGE.read_text(), Limits()
    assert limits.renames == Rate(2, 600.0)
    assert "2 renames per channel in 10 minutes" in text
    assert limits.invalid_requests == Rate(10_000, 600.0)
    assert "10,000 invalid requests in 10 minutes" in text
    assert (limits.sends, limits.payload_bytes) == (Rate(120, 60.0), 4096)
    assert "120 payloads a minute" in text
