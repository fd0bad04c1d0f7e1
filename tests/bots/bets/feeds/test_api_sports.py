"""API-Sports football as it is known to answer."""

import pytest

from steward.bots.bets.feeds.api_sports import ApiSports, read_fixture
from steward.bots.bets.feeds.installed import feed_client
from steward.bots.bets.feeds.provider import CallKind, FeedRefused, Refusal
from steward.bots.bets.fixtures.ladder import doubt_of
from steward.bots.bets.fixtures.leagues import CATALOGUE
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.errors import NotReady
from steward.runtime.http import Unusable
from steward.settings.secret import Secret
from steward.store import to_millis
from tests.bots.bets.feeds.fakes import KEY, FakeApiSports, answers, at, game, hangs, serving

EPL, MLS = CATALOGUE["epl"], CATALOGUE["mls"]


async def fetch(clock, fake, league=EPL, key=KEY):
    async with serving(fake), feed_client(clock) as http:
        api = ApiSports(http, Secret(key), [league, CATALOGUE["nfl"]], address=fake.url)
        assert await api.leagues() == [league]
        return await api.fetch(CallKind.FIXTURES, league, clock.now())


async def test_one_call_tells_what_is_to_come_and_what_is_over(clock):
    fake = FakeApiSports(clock)
    starts = at(clock, hours=-2)
    fake.games = [
        game(7, "Arsenal", "Chelsea", starts, "FT", (2, 1), halftime=(1, 0), fulltime=(2, 1)),
        game(8, "Leeds", "Burnley", at(clock, days=3)),
    ]
    answer = await fetch(clock, fake)
    over, ahead = answer.fixtures
    assert (over.ref, over.home, over.starts_ms, over.status) == ("7", "Arsenal", to_millis(starts), "FT")
    assert over.result.result == GameResult(regulation=(2, 1), periods={"h1": (1, 0)})
    assert (ahead.result, ahead.tells_results, ahead.markets) == (None, True, None)
    assert (answer.remaining, answer.cost, answer.skipped) == (99, 1, 0)
    assert answer.lists[0] == to_millis(clock.now())
    (request,) = fake.asked
    assert dict(request.query) == {"league": "39", "season": "2025", "from": "2026-01-03", "to": "2026-01-15"}
    assert request.headers["x-apisports-key"] == KEY


async def test_a_season_is_called_by_the_year_in_which_it_begins(clock):
    fake = FakeApiSports(clock)
    await fetch(clock, fake, MLS)
    assert fake.asked[0].query["season"] == "2026"


def result_of(clock, status, goals, **scores):
    return read_fixture(game(1, "Arsenal", "Chelsea", at(clock, hours=-3), status, goals, **scores)).result


def doubt(found):
    return found.doubt or doubt_of("soccer", found.result)


async def test_extra_time_is_not_cumulative(clock):
    """Recorded: goals 3-1, fulltime 1-1, extratime 2-0."""
    found = result_of(clock, "AET", (3, 1), halftime=(0, 0), fulltime=(1, 1), extratime=(2, 0))
    assert (found.result.regulation, found.result.overtime, doubt(found)) == ((1, 1), (2, 0), "")


async def test_a_shoot_out_enters_no_score(clock):
    """Recorded: goals 1-1, penalty 2-4."""
    found = result_of(clock, "PEN", (1, 1), halftime=(0, 0), fulltime=(1, 1), extratime=(0, 0), penalty=(2, 4))
    assert (found.result.regulation, found.result.overtime) == ((1, 1), (0, 0))
    assert (found.result.shootout, found.result.qualified, doubt(found)) == ("away", "away", "")


async def test_a_half_time_that_is_missing_is_not_made_up(clock):
    found = result_of(clock, "FT", (2, 1), fulltime=(2, 1))
    assert (found.result.periods, doubt(found)) == ({}, "")


@pytest.mark.parametrize(
    ("status", "goals", "scores"),
    [
        ("FT", (2, 1), {}),
        ("FT", (None, None), {}),
        ("FT", (2, 1), {"fulltime": (1, 1)}),
        ("FT", (2, 1), {"fulltime": (2, None)}),
        ("AET", (3, 1), {"fulltime": (1, 1), "extratime": (3, 1)}),
        ("AET", (3, 1), {"fulltime": (1, 1)}),
        ("PEN", (1, 1), {"fulltime": (1, 1), "extratime": (0, 0)}),
        ("PEN", (1, 1), {"fulltime": (1, 1), "extratime": (0, 0), "penalty": (3, 3)}),
        ("AWD", (3, 0), {}),
        ("WO", (3, 0), {}),
        ("ABD", (0, 0), {}),
    ],
)
async def test_what_contradicts_itself_waits_for_a_person(clock, status, goals, scores):
    assert doubt(result_of(clock, status, goals, **scores))


@pytest.mark.parametrize("status", ["CANC", "Canc"])
async def test_a_cancelled_game_is_over_without_a_score(clock, status):
    told = read_fixture(game(1, "Arsenal", "Chelsea", at(clock, hours=1), status))
    assert (told.status, told.result.result, doubt(told.result)) == ("CANC", GameResult(GameStatus.CANCELLED), "")


@pytest.mark.parametrize("status", ["AWD", "WO"])
async def test_an_awarded_game_has_the_score_that_it_was_awarded_with(clock, status):
    told = read_fixture(game(1, "Arsenal", "Chelsea", at(clock, hours=-3), status, (3, 0)))
    assert told.result.result == GameResult(GameStatus.AWARDED, regulation=(3, 0))


@pytest.mark.parametrize("status", ["NS", "TBD", "1H", "HT", "2H", "ET", "BT", "P", "SUSP", "INT", "PST", "LIVE"])
async def test_what_is_not_over_has_no_result(clock, status):
    """Suspended: live goals, no full time."""
    told = read_fixture(game(1, "Arsenal", "Chelsea", at(clock, hours=-1), status, (1, 0), halftime=(1, 0)))
    assert (told.status, told.result, told.tells_results) == (status, None, True)


async def test_the_real_start_is_told_where_it_is_known(clock):
    row = game(1, "Arsenal", "Chelsea", at(clock, hours=-1), "1H")
    assert read_fixture(row).began_ms is None
    row["fixture"]["periods"]["first"] = int(at(clock, minutes=-50).timestamp())
    assert read_fixture(row).began_ms == to_millis(at(clock, minutes=-50))


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({"token": "Error/Missing application key."}, Refusal.KEY),
        ({"requests": "You have reached the request limit for the day."}, Refusal.QUOTA),
        ({"rateLimit": "Too many requests."}, Refusal.RATE),
        ({"plan": "Free plans do not have access to this season."}, Refusal.LEAGUE),
        ({"season": "The Season field is required."}, Refusal.LEAGUE),
        (["what"], Refusal.LEAGUE),
    ],
)
async def test_errors_come_inside_a_success(clock, errors, expected):
    fake = FakeApiSports(clock)
    fake.trouble = [lambda request: fake.says([], errors)]
    with pytest.raises(FeedRefused) as refused:
        await fetch(clock, fake)
    assert refused.value.refusal is expected


async def test_a_wrong_key_is_named_and_never_shown(clock):
    wrong = "ffffffffffffffffffffffffffffffff"
    with pytest.raises(FeedRefused, match="refuses the key") as refused:
        await fetch(clock, FakeApiSports(clock), key=wrong)
    assert wrong not in str(refused.value)
    assert "STEWARD_API_SPORTS_KEY" in str(refused.value)


async def test_a_call_over_the_limit_hangs_and_then_says_so(clock):
    with pytest.raises(FeedRefused) as refused:
        await fetch(clock, FakeApiSports(clock, per_day=0))
    assert refused.value.refusal is Refusal.QUOTA


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (hangs, NotReady),
        (answers("", 502), NotReady),
        (answers("<html>"), Unusable),
        (answers("[]"), Unusable),
        (answers({"errors": [], "response": None}), Unusable),
    ],
)
async def test_no_usable_answer_is_an_error(clock, trouble, error):
    fake = FakeApiSports(clock)
    fake.trouble = [trouble]
    with pytest.raises(error):
        await fetch(clock, fake)


@pytest.mark.parametrize("broken", [None, 3, {}, {"fixture": None}, {"fixture": {"id": 1, "status": {}}, "teams": {}}])
async def test_a_game_that_cannot_be_read_is_left_out_alone(clock, broken):
    fake = FakeApiSports(clock)
    fake.games = [broken, game(7, "Arsenal", "Chelsea", at(clock, days=1))]
    answer = await fetch(clock, fake)
    assert (len(answer.fixtures), answer.skipped) == (1, 1)


async def test_a_list_of_several_pages_says_nothing_about_what_is_missing(clock):
    fake = FakeApiSports(clock)
    body = {"errors": [], "response": [], "paging": {"current": 1, "total": 2}}
    fake.trouble = [answers(body)]
    assert (await fetch(clock, fake)).lists is None
