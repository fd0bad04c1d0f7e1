"""Facts about the machine and the versions."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version

import psutil

LIBRARIES = ("steward", "discord.py", "aiohttp", "orjson", "structlog", "psutil")


def facts() -> dict[str, str]:
    """Return the facts that a reader needs to compare figures, by name."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "memory": f"{psutil.virtual_memory().total / 1024**3:.1f} GiB",
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }
