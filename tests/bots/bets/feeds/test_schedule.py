"""What is asked next, and how much of the budget it may have."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.feeds.budget import FeedBudget, day_of, may_spend
from steward.bots.bets.feeds.provider import CallKind
from steward.bots.bets.feeds.schedule import DAY, HOUR, MINUTE, LeagueNeed, plan
from steward.bots.bets.feeds.the_odds_api import TheOddsApi

FIXTURES, PRICES, RESULTS = CallKind
NOW = 100 * DAY


def planned(*needs):
    return [(one.league, one.kind, one.due_ms - NOW, one.is_urgent) for one in plan(needs, TheOddsApi.calls, NOW)]


def asked(millis):
    return dict.fromkeys(CallKind, NOW - millis)


def test_a_league_that_nobody_has_asked_about_is_asked_for_its_games():
    assert planned(LeagueNeed(1)) == [(1, FIXTURES, 0, False)]


def test_what_bets_wait_for_comes_first():
    needs = LeagueNeed(1, NOW + DAY), LeagueNeed(2, NOW + DAY, has_bets=True, over_ms=NOW, bets_over_ms=NOW)
    assert planned(*needs)[0] == (2, RESULTS, 0, True)


def test_games_are_heard_of_within_ten_minutes_where_that_is_free():
    found = planned(LeagueNeed(1, NOW + 3 * DAY, succeeded=asked(MINUTE)))
    assert (1, FIXTURES, 4 * MINUTE, False) in found


@pytest.mark.parametrize(
    ("ahead", "every"), [(HOUR, 15 * MINUTE), (20 * HOUR, HOUR), (3 * DAY, 6 * HOUR), (8 * DAY, None), (None, None)]
)
def test_prices_are_asked_for_more_often_the_nearer_the_game(ahead, every):
    found = planned(LeagueNeed(1, None if ahead is None else NOW + ahead, succeeded=asked(0)))
    assert [due for _, kind, due, _ in found if kind is PRICES] == ([] if every is None else [every])


def test_results_are_asked_for_only_where_a_game_should_be_over():
    assert RESULTS not in {kind for _, kind, *_ in planned(LeagueNeed(1, NOW + HOUR))}
    found = planned(LeagueNeed(1, over_ms=NOW, succeeded=asked(0)))
    assert (1, RESULTS, 30 * MINUTE, False) in found
    assert (1, RESULTS, 6 * HOUR, False) in planned(LeagueNeed(1, may_correct=True, succeeded=asked(0)))
    found = planned(LeagueNeed(1, over_ms=NOW, bets_over_ms=NOW, succeeded=asked(0)))
    assert (1, RESULTS, 10 * MINUTE, True) in found
    found = planned(LeagueNeed(1, bets_over_ms=NOW - 6 * HOUR, succeeded=asked(0)))
    assert (1, RESULTS, 2 * HOUR, True) in found, "a game that may be postponed doesn't use up the day"


def test_what_was_refused_rests():
    found = planned(LeagueNeed(1, rests_until={FIXTURES: NOW + HOUR}))
    assert found == [(1, FIXTURES, HOUR, False)]


def test_a_clock_that_was_wrong_stops_nothing():
    found = planned(LeagueNeed(1, succeeded=asked(-30 * DAY), rests_until={FIXTURES: NOW + 30 * DAY}))
    assert found == [(1, FIXTURES, 0, False)]


def test_a_day_is_one_of_utc():
    assert day_of(datetime(2026, 1, 2, 23, 59, tzinfo=UTC)) + 1 == day_of(datetime(2026, 1, 3, tzinfo=UTC))


BUDGET = FeedBudget(100, 10)


@given(st.lists(st.tuples(st.integers(0, 86_399), st.integers(1, 6), st.booleans()), max_size=300))
def test_no_day_costs_more_than_its_budget_and_bets_find_some_left(calls):
    spent, freely = 0, 0
    for second, cost, is_urgent in sorted(calls):
        now = datetime(2026, 1, 2, second // 3600, second // 60 % 60, second % 60, tzinfo=UTC)
        if may_spend(BUDGET, spent, cost, now, is_urgent=is_urgent):
            spent += cost
            freely += 0 if is_urgent else cost
            assert is_urgent or spent <= 75 * second / 86_400
    assert spent <= 100
    assert freely <= 75


def test_what_costs_nothing_is_always_allowed():
    midnight = datetime(2026, 1, 2, tzinfo=UTC)
    assert may_spend(BUDGET, 1000, 0, midnight, is_urgent=False)
    assert may_spend(FeedBudget(), 1000, 5, midnight, is_urgent=False)
    assert not may_spend(BUDGET, 0, 1, midnight, is_urgent=False)
    assert may_spend(BUDGET, 99, 1, midnight, is_urgent=True)
    assert not may_spend(BUDGET, 100, 1, midnight, is_urgent=True)
