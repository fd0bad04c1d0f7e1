"""Where data lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import setting
from steward.settings.kinds import megabytes, path, text


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """Where data lies."""

    data_dir: Path = setting(path(), "The folder of all that Steward keeps.", default=Path("data"), example="/data")
    database: str = setting(
        text(),
        "The database: `sqlite:///` and a path, or `postgresql://user:password@host/name` or `mysql://...`; "
        "`steward.sqlite3` in the data folder when not set.",
        default="",
        example="sqlite:////var/lib/steward/steward.sqlite3",
        secret=True,  # the address of a database server may hold its password
    )
    disk_warn_mb: int = setting(
        megabytes(0, 1024 * 1024),
        "Warn when less than this is free where the data lies; it is critical at a quarter. 0 switches that off.",
        default=200,
    )
