"""The Odds API as it is known to answer."""

from datetime import timedelta

import pytest
from aiohttp import web

from steward.bots.bets.feeds.installed import feed_client
from steward.bots.bets.feeds.provider import CallKind, FeedRefused, Refusal
from steward.bots.bets.feeds.the_odds_api import TheOddsApi
from steward.bots.bets.fixtures.leagues import CATALOGUE
from steward.errors import NotReady
from steward.runtime.http import Unusable
from steward.settings.secret import Secret
from steward.store import to_millis
from tests.bots.bets.feeds.fakes import KEY, FakeOddsApi, answers, at, bookmaker, breaks, hangs, refusal, serving

EPL, MLB, UCL = (CATALOGUE[key] for key in ("epl", "mlb", "ucl"))


async def fetch(clock, fake, kind, league=EPL, key=KEY, region="eu"):
    async with serving(fake), feed_client(clock) as http:
        api = TheOddsApi(http, Secret(key), [league], region=region, address=fake.url)
        assert await api.leagues() == [league]
        return await api.fetch(kind, league, clock.now())


async def test_fixtures_are_free_and_whole(clock):
    fake = FakeOddsApi(clock)
    starts = at(clock, days=2)
    fake.event("ab" * 16, "Arsenal", "Chelsea", starts)
    fake.event("cd" * 16, None, None, starts)
    answer = await fetch(clock, fake, CallKind.FIXTURES)
    (one,) = answer.fixtures
    assert (one.ref, one.home, one.away, one.starts_ms, one.status) == (
        "ab" * 16,
        "Arsenal",
        "Chelsea",
        to_millis(starts),
        "NS",
    )
    assert (one.markets, one.tells_results) == (None, False)
    assert (answer.skipped, answer.cost, answer.remaining) == (1, 0, 500), "an outright has no teams"
    assert answer.lists == (to_millis(clock.now()), to_millis(clock.now() + timedelta(days=3650)))
    assert KEY not in str(answer)


async def test_a_game_that_is_still_listed_after_its_start_is_not_said_to_be_unplayed(clock):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, hours=-2))
    (one,) = (await fetch(clock, fake, CallKind.FIXTURES)).fixtures
    assert one.status is None


@pytest.mark.parametrize("turned", [False, True])
async def test_the_order_of_outcomes_never_swaps_sides(clock, turned):
    fake = FakeOddsApi(clock)
    h2h = [("Chelsea", 3.6), ("Draw", 3.4), ("Arsenal", 2.1)]
    spreads = [("Arsenal", 1.9, -0.25), ("Chelsea", 1.95, 0.25)]
    totals = [("Under", 1.88, 2.5), ("Over", 1.98, 2.5)]
    found = {"h2h": h2h, "spreads": spreads, "totals": totals}
    if turned:
        found = {name: outcomes[::-1] for name, outcomes in found.items()}
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=1), bookmakers=[bookmaker("one", clock.now(), **found)])
    answer = await fetch(clock, fake, CallKind.PRICES)
    (one,) = answer.fixtures
    assert one.status is None
    told = {
        (market.market, price.selection): (price.odds.text, price.line)
        for market in one.markets
        for price in market.prices
    }
    assert told == {
        ("1x2", "home"): ("2.1", None),
        ("1x2", "draw"): ("3.4", None),
        ("1x2", "away"): ("3.6", None),
        ("asian_handicap", "home"): ("1.9", -1),
        ("asian_handicap", "away"): ("1.95", 1),
        ("total", "over"): ("1.98", 10),
        ("total", "under"): ("1.88", 10),
    }
    assert (answer.cost, answer.remaining) == (3, 497)


async def test_a_bookmaker_may_have_several_lines_of_a_market(clock):
    """Recorded: half and whole goals in one list; -100 is even money."""
    fake = FakeOddsApi(clock)
    spreads = [("France", 120, 0.5), ("Spain", -110, -0.5), ("France", 130, 1.0), ("Spain", -100, -1.0)]
    fake.event("a", "Spain", "France", at(clock, days=1), bookmakers=[bookmaker("one", clock.now(), spreads=spreads)])
    answer = await fetch(clock, fake, CallKind.PRICES, region="us")
    assert fake.asked[0].query["oddsFormat"] == "american"
    prices = {
        (price.selection, price.line): price.odds.ratio
        for market in answer.fixtures[0].markets
        for price in market.prices
    }
    assert prices == {("home", -2): (21, 11), ("away", 2): (11, 5), ("home", -4): (2, 1), ("away", 4): (23, 10)}


@pytest.mark.parametrize(
    "outcomes",
    [
        [("Arsenal", 2.1), ("Chelsea", 3.6)],
        [("Arsenal", 2.1), ("Chelsea", 3.6), ("Draw", 1.0)],
        [("Arsenal", 2.1), ("Chelsea", 3.6), ("Leeds", 3.0)],
        [("Arsenal", 2.1), ("Arsenal", 2.2), ("Draw", 3.0), ("Chelsea", 3.0)],
        [("Arsenal", "2.1"), ("Chelsea", 3.6), ("Draw", 3.0)],
        [("Arsenal", None), ("Chelsea", 3.6), ("Draw", 3.0)],
        [("Arsenal", 1e308), ("Chelsea", 3.6), ("Draw", 3.0)],
        [],
    ],
)
async def test_a_market_that_is_not_whole_is_left_out(clock, outcomes):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=1), bookmakers=[bookmaker("one", clock.now(), h2h=outcomes)])
    answer = await fetch(clock, fake, CallKind.PRICES)
    assert answer.fixtures[0].markets == ()


async def test_scores_are_texts_by_name_and_no_score_is_a_doubt_elsewhere(clock):
    fake = FakeOddsApi(clock)
    starts = at(clock, hours=-3)
    scores = [{"name": "Chelsea", "score": "1"}, {"name": "Arsenal", "score": "2"}]
    fake.event("a", "Arsenal", "Chelsea", starts, completed=True, scores=scores, last_update=None)
    fake.event("b", "Leeds", "Burnley", starts, completed=True)
    fake.event(
        "c", "Fulham", "Everton", starts, scores=[{"name": "Fulham", "score": "1"}, {"name": "Everton", "score": "0"}]
    )
    fake.event("d", "Wolves", "Brentford", at(clock, hours=3))
    answer = await fetch(clock, fake, CallKind.RESULTS)
    told = {one.ref: one for one in answer.fixtures}
    assert told["a"].result.result.regulation == (2, 1)
    assert (told["a"].status, told["a"].result.doubt) == ("FT", "")
    assert (told["b"].status, told["b"].result.result.regulation) == ("FT", None)
    assert [(told[ref].status, told[ref].result) for ref in "cd"] == [("LIVE", None), (None, None)]
    assert all(one.tells_results for one in answer.fixtures)
    assert answer.lists is None


async def test_a_final_score_says_nothing_of_regulation(clock):
    fake = FakeOddsApi(clock)
    scores = [{"name": "Arsenal", "score": "3"}, {"name": "Porto", "score": "1"}]
    sport = UCL.refs["the_odds_api"]
    fake.event("a", "Arsenal", "Porto", at(clock, hours=-3), sport, completed=True, scores=scores)
    (one,) = (await fetch(clock, fake, CallKind.RESULTS, UCL)).fixtures
    assert not one.result.tells_regulation


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "MISSING_KEY", Refusal.KEY),
        (401, "INVALID_KEY", Refusal.KEY),
        (401, "DEACTIVATED_KEY", Refusal.KEY),
        (401, "OUT_OF_USAGE_CREDITS", Refusal.QUOTA),
        (429, "OUT_OF_USAGE_CREDITS", Refusal.QUOTA),
        (429, "EXCEEDED_FREQ_LIMIT", Refusal.RATE),
        (422, "INVALID_MARKET", Refusal.LEAGUE),
        (404, "UNKNOWN_SPORT", Refusal.LEAGUE),
        (422, "SOMETHING_NEW", Refusal.LEAGUE),
    ],
)
async def test_what_a_refusal_is_stands_in_its_code(clock, status, code, expected):
    fake = FakeOddsApi(clock)
    fake.trouble = [lambda request: refusal(status, code)]
    with pytest.raises(FeedRefused, match=code) as refused:
        await fetch(clock, fake, CallKind.FIXTURES)
    assert refused.value.refusal is expected
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(("status", "expected"), [(401, Refusal.KEY), (429, Refusal.RATE), (418, Refusal.LEAGUE)])
async def test_a_refusal_without_a_code_goes_by_its_status(clock, status, expected):
    fake = FakeOddsApi(clock)
    fake.trouble = [answers("<html>no</html>", status)]
    with pytest.raises(FeedRefused) as refused:
        await fetch(clock, fake, CallKind.FIXTURES)
    assert refused.value.refusal is expected


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (hangs, NotReady),
        (breaks, NotReady),
        (answers("", 503), NotReady),
        (answers("<html>", 200), Unusable),
        (answers({"message": "…"}), Unusable),
    ],
)
async def test_no_usable_answer_is_an_error_and_is_asked_for_once(clock, trouble, error):
    fake = FakeOddsApi(clock)
    fake.trouble = [trouble]
    with pytest.raises(error):
        await fetch(clock, fake, CallKind.FIXTURES)
    assert len(fake.asked) == 1


async def test_a_redirect_is_not_followed_so_that_no_other_host_gets_the_key(clock):
    fake, other = FakeOddsApi(clock), FakeOddsApi(clock)
    async with serving(fake, other), feed_client(clock) as http:
        fake.trouble = [lambda request: web.Response(status=302, headers={"Location": f"{other.url}{request.path_qs}"})]
        api = TheOddsApi(http, Secret(KEY), [EPL], address=fake.url)
        with pytest.raises(Unusable, match="redirects"):
            await api.fetch(CallKind.FIXTURES, EPL, clock.now())
    assert (len(fake.asked), other.asked) == (1, [])


@pytest.mark.parametrize(
    "broken", [3, None, {}, {"id": 1}, {"id": "x", "home_team": "a", "away_team": "b", "commence_time": 5}]
)
async def test_an_event_that_cannot_be_read_is_left_out_alone(clock, broken):
    fake = FakeOddsApi(clock)
    fake.event("a", "Arsenal", "Chelsea", at(clock, days=1))
    good = [{key: value for key, value in fake.events["soccer_epl"][0].items() if key != "bookmakers"}]
    for kind in CallKind:
        fake.trouble = [answers([broken, *good])]
        answer = await fetch(clock, fake, kind)
        assert (len(answer.fixtures), answer.skipped) == (1, 1)


async def test_a_shoot_out_goal_and_extra_innings_are_in_the_total(clock):
    fake = FakeOddsApi(clock)
    scores = [{"name": "Mets", "score": "5"}, {"name": "Cubs", "score": "4"}]
    fake.event("a", "Mets", "Cubs", at(clock, hours=-4), "baseball_mlb", completed=True, scores=scores)
    (one,) = (await fetch(clock, fake, CallKind.RESULTS, MLB)).fixtures
    assert one.result.result.regulation == (5, 4)
