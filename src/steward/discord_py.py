"""What is said where discord.py 2 is missing: forks have the name `discord`, too, or one of their own."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

FORKS = ("py-cord", "nextcord", "disnake")


def missing(part: str) -> str:
    """
    Say that a part needs discord.py 2, and what is there instead.

    Args:
        part: what needs it, such as `steward.ops`.

    """
    return f"{part} works with discord.py 2, and here is {_installed()}. Other parts of Steward work with any library."


def _installed() -> str:
    for name in FORKS:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "none"
