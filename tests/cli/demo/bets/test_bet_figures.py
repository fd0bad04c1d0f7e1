from __future__ import annotations

import pytest

from steward.cli.demo.bets.bet_figures import BetFigures
from steward.cli.demo.event_figures import EventTally


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"placed": EventTally(3, 2)}, "a bet was not recorded as it was confirmed"),
        ({"settled": EventTally(3, 3, surplus=1)}, "a bet was not paid as its games ended"),
        ({"refunded": EventTally(1, 0)}, "a bet on the game that was put off was not refunded once"),
        ({"corrected": EventTally(1, 0)}, "a bet that a corrected result pays otherwise was not settled anew once"),
        ({"market": EventTally(2, 1)}, "a stake in the market was not paid as agreed"),
        ({"posts": EventTally(1, 1, surplus=1)}, "a message about a game is missing or was sent twice"),
        ({"wallets": EventTally(1, 0)}, "a wallet doesn't hold what its member reckons"),
        ({"flaws": 2}, "the ledger doesn't add up in 2 places"),
        ({"failed": ("Sat 17:05: nothing came",)}, "Sat 17:05: nothing came"),
    ],
)
def test_each_fault_is_listed(wrong, said):
    assert BetFigures().wrong == []
    assert BetFigures(**wrong).wrong == [said]
