"""docs/benchmarks.md against the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.suite import BENCHMARKS

TEXT = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text()


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_has_its_heading(name):
    assert f"\n## {name}\n" in TEXT
