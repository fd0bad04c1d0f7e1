"""What of bets and wallets is refused, with a sentence for the member."""

from __future__ import annotations

from steward.errors import StewardError


class BetsError(StewardError):
    """A member can't do that with play money; the sentence says why."""
