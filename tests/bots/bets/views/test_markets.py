"""Lists of markets fit in a message, whatever is asked."""

import pytest

from steward.bots.bets.markets.market import MarketOutcome, MarketStatus, MemberMarket
from steward.bots.bets.markets.written import LONGEST_QUESTION
from steward.bots.bets.section import BetsSection
from steward.bots.bets.views.markets import market_list


@pytest.mark.parametrize("letter", ["*", "W"])
def test_a_page_of_the_longest_questions_fits(letter):
    outcomes = (MarketOutcome(1, "_" * 60), MarketOutcome(2, "No"))
    head = (10**18, 10**18, 10**18, 10**18, letter * LONGEST_QUESTION, "The scorer", 0, 0, outcomes)
    markets = [MemberMarket(*head, MarketStatus.OBJECTED, 1)] * 10
    (embed,) = market_list(markets, 0, BetsSection(), has_more=False)["embeds"]
    assert len(embed["description"]) <= 4096
    assert "A bet manager without a stake decides" in embed["description"]
