"""What somebody said to earlier picks, and what that does to the next ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LIKE, HEARD = 1.0, 1.0
"""What is added to the weight of an artist in the profile."""
DISLIKED_NEAR, DISLIKED_FACTOR = 10, 0.5
"""So many artists next to one that is disliked count so much less."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """
    Artists by what was said to them, or that were shown; each is out of the next answers.

    Attributes:
        never: out for good.
        disliked: and those next to them count half.
        liked: count more in the profile.
        heard: known already, so part of the profile.
        shown: lately, whatever was said.

    """

    never: frozenset[int] = frozenset()
    disliked: frozenset[int] = frozenset()
    liked: frozenset[int] = frozenset()
    heard: frozenset[int] = frozenset()
    shown: frozenset[int] = frozenset()

    @property
    def out(self) -> frozenset[int]:
        """Every artist that is not to be shown."""
        return self.never | self.disliked | self.liked | self.heard | self.shown

    def profile(self, profile: Mapping[int, float]) -> dict[int, float]:
        """Return the profile with what was liked and heard, and without what was refused."""
        found = dict(profile)
        for artists, more in ((self.liked, LIKE), (self.heard, HEARD)):
            for artist in artists:
                found[artist] = found.get(artist, 0.0) + more
        for artist in self.never | self.disliked:
            found.pop(artist, None)
        return found
