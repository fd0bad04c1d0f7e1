"""Markets from the first bet to the last point paid."""

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import BOOK, BREAKAGE, ISSUANCE, RETIRED, season, wallet
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.markets.market import VOID_ANSWER, MarketStatus
from steward.bots.bets.markets.rows import MOST_UNSETTLED
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.views.markets import market_post
from steward.store.desired import desired
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws, ledger_in_memory
from tests.bots.bets.markets.fair import DAY, DORA, EVA, FINN, HOUR, Fair
from tests.bots.bets.markets.made import MARKET, ODDS, POOL, SECTION, a_market
from tests.bots.bets.settling.games import give
from tests.runtime.hand_clock import HandClock


def with_takeout(bps):
    return pytest.mark.parametrize("fair", [{"takeout_bps": bps}], indirect=True)


at_odds = pytest.mark.parametrize("fair", [{"outcomes": ODDS}], indirect=True)


def test_the_winners_of_a_pool_share_what_the_others_staked_a_day_after_two_people_agreed(fair):
    for press, (user, outcome, amount) in enumerate([(ADA, 1, 30), (BEN, 1, 20), (CARLA, 2, 25)]):
        fair.bet(user, outcome, amount, press)
    fair.confirmed(1)
    fair.later(DAY - 1)
    assert (fair.market.status, fair.points) == (MarketStatus.CONFIRMED, [70, 80, 75])
    fair.later(1)
    assert (fair.market.status, fair.market.answer, fair.points) == (MarketStatus.SETTLED, 1, [115, 110, 75])
    assert fair.told("the winners are paid") == 1


@with_takeout(1000)
def test_the_house_keeps_its_part_of_the_losing_side_and_what_rounding_leaves_is_breakage(fair):
    for press, (user, outcome, amount) in enumerate([(ADA, 1, 7), (BEN, 1, 3), (CARLA, 2, 28)]):
        fair.bet(user, outcome, amount, press)
    fair.confirmed(1)
    fair.later(DAY)
    assert fair.points == [100 - 7 + 25, 100 - 3 + 10, 72]  # 28 less 2 are 26, of which 18.2 and 7.8
    assert fair.run(balances)[BOOK] == 2
    assert fair.run(balances)[BREAKAGE] == 1


@pytest.mark.parametrize("answer", [VOID_ANSWER, 1, 2])
@with_takeout(1000)
def test_void_one_sided_and_without_a_winner_everybody_is_refunded_without_takeout(fair, answer):
    fair.bet(ADA, 1, 30, 1)
    if answer == VOID_ANSWER:
        fair.bet(BEN, 2, 30, 2)
    fair.confirmed(answer)
    fair.later(DAY)
    assert (fair.market.status, fair.points) == (MarketStatus.SETTLED, [100, 100, 100])
    assert BOOK not in fair.run(balances)
    assert fair.told("got their stake back") == 1


def test_a_market_about_which_nobody_says_anything_is_refunded_two_days_after_it_closed(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.later(HOUR + 2 * DAY)
    fair.later(2 * DAY - 1)
    assert (fair.market.status, fair.points) == (MarketStatus.CLOSED, [70, 70, 100])
    fair.later(1)
    assert (fair.market.status, fair.market.answer, fair.points) == (MarketStatus.SETTLED, VOID_ANSWER, [100, 100, 100])


def test_a_proposal_that_nobody_confirms_is_refunded_and_another_one_does_not_put_that_off(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.later(HOUR)
    fair.propose(OLGA, 1)
    fair.later(2 * DAY - 60)
    fair.propose(OLGA, 2)
    fair.later(60)
    assert (fair.market.status, fair.points) == (MarketStatus.SETTLED, [100, 100, 100])


def test_a_market_in_which_nobody_bet_ends_when_it_closes(fair):
    fair.later(HOUR)
    assert (fair.market.status, fair.market.answer) == (MarketStatus.SETTLED, VOID_ANSWER)
    assert fair.told("Nobody had bet") == 1


def test_an_objection_leaves_it_to_a_bet_manager_who_had_no_say_and_has_no_stake(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.confirmed(1)
    with pytest.raises(BetsError, match="Only those with a stake"):
        fair.object(EVA)
    with pytest.raises(BetsError, match="isn't to be done"):
        fair.decide(EVA, 2)
    fair.object(BEN)
    fair.later(DAY)
    assert fair.points == [70, 70, 100]
    for user, told in ((ADA, "have a stake"), (OLGA, "had a say"), (DORA, "had a say")):
        with pytest.raises(BetsError, match=told):
            fair.decide(user, 1)
    assert fair.decide(EVA, 2).status is MarketStatus.SETTLED
    assert fair.points == [70, 130, 100]
    with pytest.raises(BetsError, match="isn't to be done"):
        fair.decide(EVA, 1)
    fair.later(30 * DAY)
    assert fair.points == [70, 130, 100]


def test_an_objection_that_nobody_decides_is_refunded(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.confirmed(1)
    fair.object(BEN)
    fair.later(2 * DAY)
    assert (fair.market.answer, fair.points) == (VOID_ANSWER, [100, 100, 100])


def test_nobody_objects_after_the_day_even_if_it_is_not_paid_yet(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.confirmed(1)
    fair.clock.forward(DAY)  # and what is due is late
    with pytest.raises(BetsError, match="isn't to be done"):
        fair.object(BEN)
    fair.later(0)
    assert fair.points == [130, 70, 100]


def test_who_made_the_market_proposes_and_somebody_else_without_a_stake_confirms(fair):
    fair.bet(ADA, 1, 30, 1)
    with pytest.raises(BetsError, match="still takes bets"):
        fair.propose(OLGA, 1)
    fair.later(HOUR)
    with pytest.raises(BetsError, match="a bet manager"):
        fair.propose(DORA, 1)
    with pytest.raises(BetsError, match="have a stake"):
        fair.propose(ADA, 1, manages=True)
    with pytest.raises(BetsError, match="no such outcome"):
        fair.propose(OLGA, 3)
    fair.propose(DORA, 2, manages=True)
    fair.propose(OLGA, 1)
    with pytest.raises(BetsError, match="You proposed it"):
        fair.confirm(OLGA, 1)
    with pytest.raises(BetsError, match="have a stake"):
        fair.confirm(ADA, 1)
    with pytest.raises(BetsError, match="isn't to be done"):
        fair.confirm(DORA, 2)  # it was replaced
    assert fair.confirm(DORA, 1).status is MarketStatus.CONFIRMED


def test_a_form_that_is_sent_twice_places_one_bet(fair):
    for amount in (30, 40):
        outcome, stake = fair.bet(ADA, 1, amount, 7)
        assert (outcome.number, stake) == (1, 30)
    assert fair.points[0] == 70
    fair.bet(BEN, 2, 5, 1007)  # the same number, another member
    assert fair.market.staked == 35


def test_no_bet_is_taken_of_who_made_the_market_or_once_it_closed_or_beyond_the_wallet(fair):
    with pytest.raises(BetsError, match="your market"):
        fair.bet(OLGA, 1, 5, 1)
    with pytest.raises(BetsError, match="You have 100 points, and this takes 101"):
        fair.bet(ADA, 1, 101, 2)
    with pytest.raises(BetsError, match="no such outcome"):
        fair.bet(ADA, 3, 5, 3)
    with pytest.raises(BetsError, match="tracks units"):
        fair.bet(ADA, 1, 5, 4, section=BetsSection(mode=BetsMode.UNITS))
    with pytest.raises(BetsError, match="isn't there"):
        fair.bet(ADA, 1, 5, 4, number=501)
    fair.clock.forward(HOUR)  # and its closing is late
    with pytest.raises(BetsError, match="no more bets"):
        fair.bet(ADA, 1, 5, 5)
    assert fair.points == [100, 100, 100]


def test_stakes_are_taken_back_until_it_closes(fair):
    for press, amount in enumerate((30, 20)):
        fair.bet(ADA, press + 1, amount, press)
    assert (fair.back(ADA), fair.points[0], fair.market.staked) == (50, 100, 0)
    with pytest.raises(BetsError, match="no stake"):
        fair.back(ADA)
    fair.bet(ADA, 1, 10, 5)
    fair.clock.forward(HOUR)
    with pytest.raises(BetsError, match="stays in it"):
        fair.back(ADA)


@at_odds
def test_at_fixed_odds_each_stake_has_an_escrow_and_the_house_pays(fair):
    fair.bet(ADA, 1, 33, 1)
    fair.bet(BEN, 2, 40, 2)
    fair.confirmed(1)
    fair.later(DAY)
    assert fair.points == [100 - 33 + 82, 60, 100]
    assert fair.run(balances)[BOOK] == 33 + 40 - 82
    assert not any(account.kind in {"escrow", "pool"} for account in fair.run(balances))


@at_odds
def test_the_house_risks_no_more_than_the_guild_allows_and_a_bet_against_it_makes_room(fair):
    section = BetsSection(market_exposure=30)
    fair.bet(ADA, 1, 20, 1, section=section)
    with pytest.raises(BetsError, match="at most 30 points"):
        fair.bet(BEN, 1, 1, 2, section=section)
    fair.bet(CARLA, 2, 50, 3, section=section)
    fair.bet(BEN, 1, 1, 4, section=section)
    with pytest.raises(BetsError, match="at most 30 points"):
        fair.bet(BEN, 1, 10**12, 5, section=section)


@at_odds
def test_a_void_market_with_odds_gives_all_stakes_back(fair):
    fair.bet(ADA, 1, 33, 1)
    fair.confirmed(VOID_ANSWER)
    fair.later(DAY)
    assert fair.points == [100, 100, 100]


@pytest.mark.parametrize("outcomes", [POOL, ODDS])
def test_stakes_of_a_season_that_has_ended_are_paid_to_it_and_nobody_joins_them(outcomes):
    clock = HandClock()
    with ledger_in_memory(clock) as run:
        fair = Fair(run, clock)
        run(lambda tx: a_market(tx, outcomes))
        fair.bet(ADA, 1, 30, 1)
        fair.bet(BEN, 2, 30, 2)
        fair.bet(CARLA, 2, 30, 3)
        fair.run(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
        with pytest.raises(BetsError, match="season that has ended"):
            fair.bet(BEN, 1, 1, 4)
        assert fair.back(CARLA) == 30
        fair.confirmed(1)
        fair.later(DAY)
        assert fair.points == [500, 500, 500]
        assert fair.run(balances)[season(1)] == 210 + 30 + (60 if outcomes == POOL else 75)
        assert fair.run(flaws) == []


def test_the_stake_of_who_is_forgotten_stays_and_what_it_wins_is_out_of_circulation(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.run(lambda tx: forget_member(tx, GUILD, ADA))
    fair.confirmed(1)
    fair.later(DAY)
    now = fair.run(balances)
    assert (now[RETIRED], now[wallet(BEN)], now[ISSUANCE]) == (130, 70, -300)


def test_what_somebody_proposed_who_is_forgotten_is_withdrawn(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.later(HOUR)
    fair.propose(OLGA, 1)
    fair.run(lambda tx: forget_member(tx, GUILD, OLGA))
    market = fair.market
    assert (market.status, market.answer, market.creator_id) == (MarketStatus.CLOSED, None, None)
    with pytest.raises(BetsError, match="isn't to be done"):
        fair.confirm(DORA, 1)
    fair.propose(DORA, 1, manages=True)
    fair.confirm(EVA, 1)
    fair.later(DAY)
    assert fair.points == [100, 100, 100]


def test_who_made_a_market_and_was_forgotten_neither_bets_in_it_nor_decides_it(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.bet(BEN, 2, 30, 2)
    fair.forget(OLGA)
    fair.forget(CARLA)
    fair.run(lambda tx: give(tx, (OLGA, CARLA), 100))  # both are back
    with pytest.raises(BetsError, match="your market"):
        fair.bet(OLGA, 1, 5, 3)
    fair.bet(CARLA, 1, 5, 4)
    fair.later(HOUR)
    with pytest.raises(BetsError, match="a bet manager"):
        fair.propose(OLGA, 1)
    fair.propose(DORA, 1, manages=True)
    fair.confirm(EVA, 1)
    fair.object(BEN)
    for user in (OLGA, DORA, EVA):
        fair.forget(user)
        with pytest.raises(BetsError, match="had a say"):
            fair.decide(user, 2)
    assert fair.decide(FINN, 2).status is MarketStatus.SETTLED
    assert fair.former == 0


def test_of_who_made_a_market_and_was_forgotten_no_id_is_kept_and_its_post_names_nobody(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.later(HOUR)
    shown = fair.run(lambda tx: desired.find(tx, "bet_market", MARKET).revision)
    assert f"<@{OLGA}>" in str(market_post(fair.market, SECTION))
    fair.forget(OLGA)
    assert f"<@{OLGA}>" not in str(market_post(fair.market, SECTION))
    assert fair.run(lambda tx: desired.find(tx, "bet_market", MARKET).revision) > shown
    assert fair.former == 1
    kept = fair.run(lambda tx: [tuple(row) for row in tx.all("SELECT * FROM bet_market_former_members")])
    assert OLGA not in kept[0]
    fair.forget(OLGA)
    assert fair.former == 1
    fair.later(2 * DAY)
    assert (fair.market.status, fair.former) == (MarketStatus.SETTLED, 0)
    fair.forget(OLGA)
    assert fair.former == 0


def test_only_the_newest_proposal_of_somebody_forgotten_is_withdrawn(fair):
    fair.bet(ADA, 1, 30, 1)
    fair.later(HOUR)
    fair.propose(OLGA, 1)
    fair.propose(DORA, 2, manages=True)
    fair.forget(OLGA)
    assert (fair.market.status, fair.market.answer) == (MarketStatus.PROPOSED, 2)


def test_nobody_has_more_than_some_markets_that_are_not_settled(fair):
    for number in range(MOST_UNSETTLED - 1):
        fair.run(lambda tx, number=number: a_market(tx, number=MARKET + 1 + number))
    with pytest.raises(BetsError, match="aren't settled"):
        fair.run(lambda tx: a_market(tx, number=MARKET + 90))
    fair.run(a_market)  # made again, it's the one that is there
    fair.later(HOUR)
    fair.run(lambda tx: a_market(tx, number=MARKET + 91))
