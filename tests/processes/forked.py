"""Processes that import nothing anew: hundreds of them are cheap."""

from __future__ import annotations

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
_PRELOADED: list[str] = []


def preload(module: str) -> None:
    """Have a module be there already in each process; called while modules are imported, before the first process."""
    _PRELOADED.append(module)
    PROCESSES.set_forkserver_preload(_PRELOADED)
