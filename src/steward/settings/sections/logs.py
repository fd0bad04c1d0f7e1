"""What is logged, how and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steward.settings.declare import setting
from steward.settings.kinds import choice, integer, log_level, megabytes, path_or_off


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """What is logged, how and where to."""

    log_level: str = setting(log_level(), "The least severe level that is logged.", default="INFO", old=("LOG_LEVEL",))
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
