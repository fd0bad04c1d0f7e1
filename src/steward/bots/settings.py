"""The settings of Steward and its bots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from steward import settings
from steward.bots.installed import OURS, sections
from steward.settings import Settings
from steward.settings.declare import Setting

OF_OURS = tuple(bot.settings for bot in OURS if bot.settings is not None)


def load(
    environ: Mapping[str, str],
    cwd: Path,
    flags: Mapping[str, str] | None = None,
    *,
    env_file: Path | None = None,
    config: Path | None = None,
) -> Settings:
    """
    Read the settings, those of bots included; see `steward.settings.load`.

    Raises:
        SettingsError: something is wrong; it lists all that is.

    """
    return settings.load(environ, cwd, flags, sections_of=sections, env_file=env_file, config=config)


def settings_table() -> tuple[Setting, ...]:
    """Return every setting of Steward and of its own bots, in the order of the reference."""
    return settings.settings_table(OF_OURS)
