"""Where data is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import setting
from steward.settings.kinds import megabytes, path, text


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """Storage."""

    data_dir: Path = setting(path(), "The folder for everything Steward stores.", default=Path("data"), example="/data")
    database: str = setting(
        text(),
        "The database URL: `sqlite:///` and a path, `postgresql://user:password@host/name` or `mysql://...`. "
        "If not set: `steward.sqlite3` in the data folder.",
        default="",
        example="sqlite:////var/lib/steward/steward.sqlite3",
        secret=True,  # may contain a password
    )
    disk_warn_mb: int = setting(
        megabytes(0, 1024 * 1024),
        "Warn when less than this is free on the data folder's disk; critical at a quarter of it. 0 turns this off.",
        default=200,
    )
