"""Flags of every command that reads settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from steward.bots.settings import load
from steward.settings import Settings


def add_settings_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that choose or override settings."""
    group = parser.add_argument_group("settings", "flags override the environment, .env and steward.toml")
    group.add_argument("--env-file", type=Path, metavar="FILE", help="read this instead of .env and config/.env")
    group.add_argument("--config", type=Path, metavar="FILE", help="read this instead of steward.toml")
    group.add_argument(
        "--set",
        type=_assignment,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="assignments",
        help="set any setting; may be repeated",
    )
    group.add_argument("--database", metavar="URL", help="such as sqlite:///data/steward.sqlite3")
    group.add_argument("--log-level", metavar="LEVEL", help="debug, info, warning, error or critical")


def load_settings(args: argparse.Namespace) -> Settings:
    """
    Load the settings from the flags, the environment and the files of the working folder.

    Raises:
        SettingsError: they are invalid.

    """
    flags: dict[str, str] = dict(args.assignments)
    named = {"STEWARD_DATABASE": args.database, "STEWARD_LOG_LEVEL": args.log_level}
    flags |= {name: value for name, value in named.items() if value is not None}
    return load(os.environ, Path.cwd(), flags, env_file=args.env_file, config=args.config)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError("write NAME=VALUE, such as UPDATE_INTERVAL=600")
    return name.strip(), value
