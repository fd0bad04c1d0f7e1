"""Logs, webhooks and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import setting
from steward.settings.discord_kinds import snowflake, webhook
from steward.settings.kinds import area_levels, choice, integer, log_level, megabytes, path_or_off
from steward.settings.secret import Secret

WEBHOOK = "https://discord.com/api/webhooks/1098765432109876543/the-token-of-the-webhook"


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """Logs, webhooks and alerts."""

    log_level: str = setting(log_level(), "The lowest level that is logged.", default="INFO", old=("LOG_LEVEL",))
    log_levels: tuple[tuple[str, str], ...] = setting(
        area_levels(),
        "Levels for single loggers, by name. Each also applies to the loggers below it.",
        default=(),
        example="steward.store=DEBUG, discord=INFO",
    )
    log_format: str = setting(
        choice("auto", "json", "tree"),
        "The console's log format: a tree for people, JSON lines for programs, "
        "or auto: a tree on a terminal and JSON elsewhere.",
        default="auto",
    )
    log_dir: Path | None = setting(
        path_or_off(),
        "The folder for JSON log files. A relative path starts at the data folder.",
        default=Path("logs"),
    )
    log_file_mb: int = setting(megabytes(1, 1024), "The size at which a log file is rotated.", default=5)
    log_files: int = setting(integer(1, 100), "How many rotated log files to keep.", default=5)
    error_webhook: Secret | None = setting(
        webhook(), "A Discord webhook for errors.", default=None, secret=True, example=WEBHOOK
    )
    info_webhook: Secret | None = setting(
        webhook(),
        "A Discord webhook for the rest of the log, from INFO up.",
        default=None,
        secret=True,
        example=WEBHOOK,
    )
    performance_webhook: Secret | None = setting(
        webhook(), "A Discord webhook for measurements and alerts.", default=None, secret=True, example=WEBHOOK
    )
    alert_channel_id: int | None = setting(
        snowflake(),
        "A text channel for alerts: posted when one is raised, gets worse, and clears.",
        default=None,
        example="1098765432109876543",
    )
    member_webhook: Secret | None = setting(
        webhook(), "A Discord webhook for joins, leaves and bans.", default=None, secret=True, example=WEBHOOK
    )
