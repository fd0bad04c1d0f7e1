"""Flags of every command that reads settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from steward.bots.settings import load
from steward.settings import Settings

if TYPE_CHECKING:
    import argparse


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

    Args:
        args: may lack any flag.

    Raises:
        SettingsError: they are invalid.

    """
    given = vars(args)
    flags: dict[str, str] = dict(given.get("assignments", ()))
    named = {"STEWARD_DATABASE": given.get("database"), "STEWARD_LOG_LEVEL": given.get("log_level")}
    flags |= {name: value for name, value in named.items() if value is not None}
    return load(os.environ, Path.cwd(), flags, env_file=given.get("env_file"), config=given.get("config"))


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        from argparse import ArgumentTypeError

        raise ArgumentTypeError("write NAME=VALUE, such as UPDATE_INTERVAL=600")
    return name.strip(), value
