"""What is logged, how and where to."""

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
    """What is logged, how and where to."""

    log_level: str = setting(log_level(), "The least severe level that is logged.", default="INFO", old=("LOG_LEVEL",))
    log_levels: tuple[tuple[str, str], ...] = setting(
        area_levels(),
        "Levels of single areas, by the name of the logger: these, and all below them, say more or less than the rest.",
        default=(),
        example="steward.store=DEBUG, discord=INFO",
    )
    log_format: str = setting(
        choice("auto", "json", "tree"),
        "How the console shows the log: a tree for people, JSON lines for programs, "
        "or a tree on a terminal and JSON elsewhere.",
        default="auto",
    )
    log_dir: Path | None = setting(
        path_or_off(),
        "The folder of the JSON log files, taken from the data folder when relative.",
        default=Path("logs"),
    )
    log_file_mb: int = setting(megabytes(1, 1024), "The size at which a log file is put aside.", default=5)
    log_files: int = setting(integer(1, 100), "How many log files that were put aside are kept.", default=5)
    error_webhook: Secret | None = setting(
        webhook(), "The Discord webhook that errors go to.", default=None, secret=True, example=WEBHOOK
    )
    info_webhook: Secret | None = setting(
        webhook(), "The one that the rest of the log goes to.", default=None, secret=True, example=WEBHOOK
    )
    performance_webhook: Secret | None = setting(
        webhook(), "The one that measurements and alerts go to.", default=None, secret=True, example=WEBHOOK
    )
    alert_channel_id: int | None = setting(
        snowflake(),
        "The text channel that alerts go to: each when it is raised, when it gets worse, and when it is over.",
        default=None,
        example="1098765432109876543",
    )
    member_webhook: Secret | None = setting(
        webhook(), "The one that is told who comes, goes, and is banned.", default=None, secret=True, example=WEBHOOK
    )
