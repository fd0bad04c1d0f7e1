"""What is asked next, and how much of the budget it may have."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.feeds.budget import SURE, FeedBudget, day_of, may_spend, next_call
from steward.bots.bets.feeds.provider import CallKind, FeedCall
from steward.bots.bets.feeds.schedule import DAY, LeagueNeed, PlannedCall, plan
from steward.bots.bets.feeds.the_odds_api import TheOddsApi
from steward.bots.bets.fixtures.freshness import HOUR, MINUTE
from steward.store import to_millis

FIXTURES, PRICES, RESULTS = CallKind
NOW = 100 * DAY
MIDNIGHT = datetime(2026, 1, 2, tzinfo=UTC)


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
    ("ahead", "every"), [(HOUR, 15 * MINUTE), (20 * HOUR, 5 * HOUR), (3 * DAY, 6 * HOUR), (8 * DAY, None), (None, None)]
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
ONE = {FIXTURES: FeedCall(1, frozenset({FIXTURES, RESULTS}))}


def call(kind, *, is_urgent=False):
    return PlannedCall(1, kind, 0, is_urgent)


@given(st.lists(st.tuples(st.integers(0, 86_399), st.booleans()), max_size=300))
def test_no_day_costs_more_than_its_budget_and_bets_find_some_left(calls):
    spent, freely = 0, 0
    for second, is_urgent in sorted(calls):
        now = MIDNIGHT + timedelta(seconds=second)
        if may_spend(BUDGET, ONE, {FIXTURES: spent}, call(FIXTURES, is_urgent=is_urgent), now):
            spent += 1
            freely += 0 if is_urgent else 1
            assert is_urgent or spent <= 1 + 75 * second / 86_400
    assert spent <= 100
    assert freely <= 75, "the rest is for what bets wait for"


def test_what_costs_nothing_is_always_allowed():
    calls = TheOddsApi.calls
    assert may_spend(BUDGET, calls, {PRICES: 1000}, call(FIXTURES), MIDNIGHT)
    assert may_spend(FeedBudget(), calls, {PRICES: 1000}, call(PRICES), MIDNIGHT)
    assert may_spend(BUDGET, ONE, {}, call(FIXTURES), MIDNIGHT), "the first of a day"
    assert not may_spend(BUDGET, ONE, {FIXTURES: 1}, call(FIXTURES), MIDNIGHT)
    assert may_spend(BUDGET, ONE, {FIXTURES: 99}, call(FIXTURES, is_urgent=True), MIDNIGHT)
    assert not may_spend(BUDGET, ONE, {FIXTURES: 100}, call(FIXTURES, is_urgent=True), MIDNIGHT)


def test_a_cheaper_call_does_not_take_what_a_dearer_one_saves_for():
    due, spent = [call(RESULTS), call(PRICES)], {RESULTS: 2, PRICES: 0}
    morning = MIDNIGHT + timedelta(hours=4)
    assert next_call(due, FeedBudget(16, 10), TheOddsApi.calls, {**spent, PRICES: 3}, morning) is None
    assert next_call(due, FeedBudget(16, 10), TheOddsApi.calls, spent, morning) == call(PRICES)
    assert next_call([call(FIXTURES), *due], FeedBudget(16, 10), TheOddsApi.calls, spent, morning) == call(FIXTURES)


def day(budget, *, has_bets):
    """A day with a game every three hours, whose results come two hours late, by the minute; what is asked for."""
    spent, succeeded, asked = Counter(), {}, []
    for minute in range(1440):
        now = MIDNIGHT + timedelta(minutes=minute)
        now_ms = to_millis(now)
        over = [end for end in range(105, 1440, 180) if end <= minute < end + 120]
        over_ms = to_millis(MIDNIGHT) + over[-1] * MINUTE if over else None
        need = LeagueNeed(
            1,
            now_ms + (180 - minute % 180) * MINUTE,
            has_bets=has_bets,
            over_ms=over_ms,
            bets_over_ms=over_ms if has_bets else None,
            succeeded=succeeded,
        )
        due = [one for one in plan([need], TheOddsApi.calls, now_ms) if one.due_ms <= now_ms]
        while found := next_call(due, budget, TheOddsApi.calls, spent, now):
            due.remove(found)
            spent[found.kind] += TheOddsApi.calls[found.kind].cost
            succeeded = {**succeeded, found.kind: now_ms}
            asked.append((minute, found.kind))
    return spent, asked


@pytest.mark.parametrize("has_bets", [True, False])
@pytest.mark.parametrize("per_day", [5, 6, 8, 12, 16, 33, 100])
def test_no_kind_of_call_starves_on_a_day(per_day, has_bets):
    spent, asked = day(FeedBudget(per_day, 10), has_bets=has_bets)
    assert spent[PRICES] + spent[RESULTS] <= per_day
    assert spent[PRICES] >= max(3, int(SURE * per_day) // 3 * 3)
    assert spent[RESULTS] >= max(2, min(4, int(SURE * per_day) // 2 * 2))
    assert sum(kind is FIXTURES for _, kind in asked) >= 280, "they are free"
    if per_day >= 16:
        assert max(minute for minute, kind in asked if kind is PRICES) > 600, "not all of them at once"
