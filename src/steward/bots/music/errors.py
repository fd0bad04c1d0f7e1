"""What of music is refused, with a sentence for the member."""

from __future__ import annotations

from steward.errors import StewardError


class MusicError(StewardError):
    """A member can't have that; the sentence says why."""
