"""An empty database on each engine that answers here."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.run import Run
from tests.databases import ENGINES, TestDatabases, unreachable


async def each_engine(run: Run, what: str) -> AsyncIterator[tuple[str, str]]:
    """
    Yield each engine with the URL of a database that is gone afterwards; those that don't answer are noted as skipped.

    Args:
        what: is measured, for the sentence on what is skipped.

    """
    databases = TestDatabases()
    for engine in ENGINES:
        if engine != "sqlite" and (why := unreachable(engine)) is not None:
            run.skipped.append(f"{what} on {engine}: {why}")
            continue
        run.progress(engine)
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
            made = databases.fresh(engine, Path(folder))  # which has an event loop of its own
            url = await asyncio.to_thread(made.__enter__)
            try:
                yield engine, url
            finally:
                await asyncio.to_thread(made.__exit__, None, None, None)
