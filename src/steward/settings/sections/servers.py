"""Servers that Steward can share with others: a cache, a database."""

from __future__ import annotations

from dataclasses import dataclass

from steward.settings.declare import Kind, setting
from steward.settings.kinds import integer, text
from steward.settings.secret import Secret


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Servers that Steward can share with others: a cache, a database."""

    redis_host: str | None = setting(
        text(),
        "The Redis or Valkey server of the shared cache and of the limits of commands; it needs `steward[redis]`.",
        default=None,
        old=("REDIS_HOST",),
    )
    redis_port: int = setting(integer(1, 65535), "Its port.", default=6379, old=("REDIS_PORT",))
    redis_password: Secret | None = setting(
        Kind(Secret, "text"), "Its password.", default=None, old=("REDIS_PASSWORD",), secret=True
    )
    redis_db: int = setting(integer(0, 1000), "Its database number.", default=0, old=("REDIS_DB",))
    mysql_host: str | None = setting(
        text(),
        "The MySQL or MariaDB server that keeps the data; `STEWARD_DATABASE` says the same in one line.",
        default=None,
        old=("MYSQL_HOST",),
    )
    mysql_port: int = setting(integer(1, 65535), "Its port.", default=3306, old=("MYSQL_PORT",))
    mysql_user: str = setting(text(), "The user there.", default="root", old=("MYSQL_USER",))
    mysql_password: Secret | None = setting(
        Kind(Secret, "text"), "The user's password.", default=None, old=("MYSQL_PASSWORD",), secret=True
    )
    mysql_db: str = setting(
        text(), "The database there, created where it is missing.", default="steward", old=("MYSQL_DB",)
    )
