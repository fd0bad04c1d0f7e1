"""What can be said about a name or a game that waits."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class ItemChoice(StrEnum):
    """What an item is."""

    TEAM = "team"
    """The name is of a team that is known."""
    GAME = "game"
    """The feed means a game that is known."""
    SWAPPED = "swapped"
    """The same, and the feed has home and away the other way round."""
    NEW = "new"
    """It is a team or a game that is new here."""
    IGNORED = "ignored"
    """Nobody needs it; it isn't asked again for two weeks."""


class ItemDecision(NamedTuple):
    """What somebody says of an item; `target` is the team or game that it is, 0 if it is none."""

    choice: ItemChoice
    target: int = 0
