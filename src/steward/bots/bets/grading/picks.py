"""What a bet is on, as a value; which picks there are, and how each is graded, is said by `markets`."""

from __future__ import annotations

from typing import NamedTuple


class BetPick(NamedTuple):
    """
    What a bet is on.

    Attributes:
        selection: the side, or the entrant's key.
        line: in quarters; of a handicap signed for the selection (of a European one for the home side), of a top-n
            market the number of places.
        period: empty for the game; otherwise `h1`, `q4`, `set1`.
        subject: the key in the result's entrants of what a prop is about, such as a player and a statistic.

    """

    market: str
    selection: str
    line: int | None = None
    period: str = ""
    subject: str = ""
