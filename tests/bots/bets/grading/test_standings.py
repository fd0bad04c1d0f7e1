"""Places and returns."""

import pytest

from steward.bots.bets.ledger.standings import ranked, roi_bps
from tests.bots.bets.oracle import cases


@pytest.mark.parametrize("case", cases("ranking"), indirect=True)
def test_ties_share_a_place(case):
    assert [list(row) for row in ranked(map(tuple, case["rows"]))] == case["ranked"]


def test_a_return_on_nothing_is_none():
    assert roi_bps(0, 0) is None
    assert roi_bps(300, 301) == 33
    assert roi_bps(300, 299) == -34
