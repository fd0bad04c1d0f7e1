"""The market that tests of this folder bet in."""

import pytest

from tests.bots.bets.ledger.book import flaws, ledger_in_memory
from tests.bots.bets.markets.fair import HOUR, Fair
from tests.bots.bets.markets.made import a_market
from tests.runtime.hand_clock import HandClock


@pytest.fixture
def fair(request):
    clock = HandClock(HOUR)
    with ledger_in_memory(clock) as run:
        run(lambda tx: a_market(tx, **getattr(request, "param", {})))
        yield Fair(run, clock)
        assert run(flaws) == []
