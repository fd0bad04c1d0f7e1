"""Markets that end before their time: betting in them is closed early, or they are void."""

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import BOOK, season
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.markets.market import VOID_ANSWER, MarketStatus
from steward.bots.bets.markets.rows import MOST_UNSETTLED
from steward.bots.bets.views.markets import market_post
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances
from tests.bots.bets.markets.fair import DAY, DORA, EVA, HOUR
from tests.bots.bets.markets.made import MARKET, ODDS, POOL, SECTION, a_market

either_kind = pytest.mark.parametrize("fair", [{"outcomes": POOL}, {"outcomes": ODDS}], indirect=True)


@pytest.mark.parametrize(("user", "manages"), [(OLGA, False), (DORA, True)])
def test_who_made_a_market_or_a_bet_manager_closes_betting_and_the_answer_is_agreed_on_as_always(fair, user, manages):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 20, 2)
    fair.later(60)
    fair.close(user, manages=manages)
    assert fair.market.status is MarketStatus.CLOSED
    assert fair.market.closes_ms == fair.clock.now().timestamp() * 1000
    with pytest.raises(BetsError, match="no more bets"):
        fair.bet(CARLA, 1, 50, 3)
    with pytest.raises(BetsError, match="stays in it"):
        fair.back(BEN)
    assert fair.told("What happened?") == (user != OLGA)  # whoever has just closed it knows
    fair.propose(OLGA, 1)
    fair.confirm(DORA, 1)
    fair.later(DAY)
    assert (fair.market.status, fair.points) == (MarketStatus.SETTLED, [120, 80, 100])


def test_a_market_that_was_closed_early_is_refunded_if_nobody_says_what_happened_for_two_days(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.later(60)
    fair.close(OLGA)
    fair.later(2 * DAY - 1)
    assert fair.market.status is MarketStatus.CLOSED
    fair.later(1)
    assert (fair.market.answer, fair.points) == (VOID_ANSWER, [100, 100, 100])


def test_nobody_else_closes_betting_nor_a_bet_manager_with_a_stake_and_nobody_twice(fair):
    fair.bet(ADA, 1, 30, 1)
    with pytest.raises(BetsError, match="Only who made this market, or a bet manager"):
        fair.close(BEN)
    with pytest.raises(BetsError, match="have a stake"):
        fair.close(ADA, manages=True)
    fair.close(OLGA)
    for user in (OLGA, DORA):
        with pytest.raises(BetsError, match="closed already"):
            fair.close(user, manages=True)
    assert fair.points == [70, 100, 100]


def test_who_made_a_market_and_was_forgotten_closes_it_only_as_a_bet_manager(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.forget(OLGA)
    with pytest.raises(BetsError, match="Only who made this market, or a bet manager"):
        fair.close(OLGA)
    assert fair.close(DORA, manages=True).status is MarketStatus.CLOSED


def test_a_market_in_which_nobody_bet_ends_once_it_is_closed_and_makes_room_for_another(fair):
    for number in range(MOST_UNSETTLED - 1):
        fair.run(lambda tx, number=number: a_market(tx, number=MARKET + 1 + number))
    with pytest.raises(BetsError, match="aren't settled"):
        fair.run(lambda tx: a_market(tx, number=MARKET + 90))
    assert fair.close(OLGA).status is MarketStatus.SETTLED
    assert fair.told("Nobody had bet") == 1
    fair.run(lambda tx: a_market(tx, number=MARKET + 90))


@either_kind
def test_a_bet_manager_voids_an_open_market_and_every_stake_goes_back_with_the_reason_in_its_post(fair):
    for press, (user, outcome, amount) in enumerate([(ADA, 1, 30), (ADA, 2, 5), (BEN, 1, 20), (CARLA, 2, 25)]):
        fair.bet(user, outcome, amount, press)
    voided = fair.void(DORA, "The quiz is *off*")
    assert (voided.status, voided.answer, fair.points) == (MarketStatus.SETTLED, VOID_ANSWER, [100, 100, 100])
    assert BOOK not in fair.run(balances)
    (embed,) = market_post(fair.market, SECTION)["embeds"]
    assert "Settled: **void**. A bet manager says why: “The quiz is \\*off\\*”" in embed["description"]
    assert market_post(fair.market, SECTION)["components"] == []
    assert fair.told(f"everybody got their stake back. <@{DORA}> says why: “The quiz is") == 1
    steps = fair.run(lambda tx: [tuple(row) for row in tx.all("SELECT step, user_id FROM bet_market_steps")])
    assert steps == [("voided", DORA)]
    fair.later(30 * DAY)
    assert (fair.points, fair.told("<@14>")) == ([100, 100, 100], 1)


def test_nobody_voids_a_market_with_a_stake_in_it_or_twice_or_once_it_is_closed(fair):
    fair.bet(ADA, 1, 30, 1)
    with pytest.raises(BetsError, match="have a stake"):
        fair.void(ADA)
    fair.later(HOUR)
    with pytest.raises(BetsError, match="isn't open any more"):
        fair.void(DORA)
    fair.propose(DORA, VOID_ANSWER, manages=True)
    fair.confirm(EVA, VOID_ANSWER)
    with pytest.raises(BetsError, match="isn't open any more"):
        fair.void(DORA)
    fair.later(DAY)
    with pytest.raises(BetsError, match="isn't open any more"):
        fair.void(DORA)
    assert fair.points == [100, 100, 100]


def test_a_market_whose_closing_is_late_is_not_voided_any_more(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.clock.forward(HOUR)
    with pytest.raises(BetsError, match="isn't open any more"):
        fair.void(DORA)


@either_kind
def test_stakes_of_a_season_that_has_ended_go_back_to_it_if_a_market_is_void(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.run(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
    fair.void(DORA)
    assert fair.points == [500, 500, 500]
    assert fair.run(balances)[season(1)] == 300


def test_who_voided_a_market_and_is_forgotten_is_in_no_step_of_it(fair):
    fair.void(DORA)
    assert fair.told("it's void. <@14> says why") == 1  # nobody had bet: nothing goes back
    fair.forget(DORA)
    assert fair.run(lambda tx: tx.value("SELECT user_id FROM bet_market_steps")) is None
