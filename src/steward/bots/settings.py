"""The settings of Steward and its bots. `python -m steward.bots.settings` prints the page `docs/settings.md`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from steward import settings
from steward.bots.installed import OURS, sections
from steward.settings import Settings
from steward.settings.declare import Setting
from steward.settings.reference import reference

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


if __name__ == "__main__":
    sys.stdout.write(reference(OF_OURS))
