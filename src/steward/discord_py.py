"""The error message for a missing discord.py 2; forks may use the same module name."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

FORKS = ("py-cord", "nextcord", "disnake")


def missing(part: str) -> str:
    """
    Return a sentence that a part needs discord.py 2, and what is installed instead.

    Args:
        part: such as `steward.ops`.

    """
    return f"{part} needs discord.py 2, but found {_installed()}. Other parts of Steward work with any library."


def _installed() -> str:
    for name in FORKS:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "none"
