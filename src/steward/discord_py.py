"""The error message for a missing discord.py 2; forks may use the same module name."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version

FORKS = ("py-cord", "nextcord", "disnake")


def missing() -> str:
    """Return a sentence that `steward.ops` needs discord.py 2, and what is installed instead."""
    found = "none"
    for name in FORKS:
        with suppress(PackageNotFoundError):
            found = f"{name} {version(name)}"
            break
    return f"steward.ops needs discord.py 2, but found {found}. Other parts of Steward work with any library."
