"""Where data is stored, and servers for it: Redis and MySQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import Kind, setting
from steward.settings.kinds import integer, megabytes, path, text
from steward.settings.secret import Secret


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


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Redis and MySQL servers."""

    redis_host: str | None = setting(
        text(),
        "A Redis or Valkey server for the shared cache and the command rate limits. Needs `steward[redis]`.",
        default=None,
        old=("REDIS_HOST",),
    )
    redis_port: int = setting(integer(1, 65535), "The Redis server's port.", default=6379, old=("REDIS_PORT",))
    redis_password: Secret | None = setting(
        Kind(Secret, "text"), "The Redis server's password.", default=None, old=("REDIS_PASSWORD",), secret=True
    )
    redis_db: int = setting(integer(0, 1000), "The Redis database number.", default=0, old=("REDIS_DB",))
    mysql_host: str | None = setting(
        text(),
        "A MySQL or MariaDB server for the data; `STEWARD_DATABASE` is the same in one line.",
        default=None,
        old=("MYSQL_HOST",),
    )
    mysql_port: int = setting(integer(1, 65535), "The MySQL server's port.", default=3306, old=("MYSQL_PORT",))
    mysql_user: str = setting(text(), "The MySQL user.", default="root", old=("MYSQL_USER",))
    mysql_password: Secret | None = setting(
        Kind(Secret, "text"), "The MySQL user's password.", default=None, old=("MYSQL_PASSWORD",), secret=True
    )
    mysql_db: str = setting(
        text(), "The MySQL database; created if it doesn't exist.", default="steward", old=("MYSQL_DB",)
    )
