"""The kinds of due work and desired state of bets: known from the start; what is done is loaded once it is due."""

from __future__ import annotations

BOARD = "bet_board"
"""Of desired state: the message that is a board; its number is the board's."""
MARKET = "bet_market"
"""Under this kind the post of a market is kept as it should be, and it is due that it leaves its status."""
SETTLE = "bet_settle"
"""Of due work: grades the bets of a guild on a game; `number` is the game, here and below."""
VOID_BETS = "bet_void"
"""Of due work: refunds the bets of a guild on a game which wait no longer."""
REVIEW = "bet_review"
"""Of due work: tells of a review, and ends one about which nobody rules in time."""
WAITS = "bet_waits"
"""Of due work: tells a guild that the result of a game waits for a person."""
SWEEP = "bet_sweep"
"""Of due work: looks for bets that wait no longer, and for what was missed, every ten minutes; its number is 0."""
