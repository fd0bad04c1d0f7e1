"""What a person says of what feeds leave open counts once, if it can be so."""

import asyncio

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.fixture import FeedResult
from steward.bots.bets.fixtures.results import ready_result, waiting_results
from steward.bots.bets.fixtures.unmatched import waiting
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.grading.typed import VOID_RESULT
from steward.bots.bets.queue.deciding import BadDecision, TypedScores, decide_item, decide_result, open_item
from steward.bots.bets.queue.decisions import ItemChoice, ItemDecision
from tests.bots.bets.fixtures.kept import DAY, keeping

NEW, IGNORED = ItemDecision(ItemChoice.NEW), ItemDecision(ItemChoice.IGNORED)
ALREADY = "Somebody has decided that already"
AWARDED = FeedResult(GameResult(GameStatus.AWARDED))


async def unknown(kept, ref="x"):
    """Have a second feed tell of a team that nobody knows, and return what waits."""
    await kept.tell(kept.fixture("derby"))
    await kept.tell(kept.fixture(ref, "Gunners", "Chelsea"), provider="api")
    (item,) = await kept.read(waiting)
    return item


async def played(kept, league="epl"):
    """Return a game whose result waits."""
    await kept.tell(kept.fixture("derby"), league=league)
    kept.pass_by(2 * DAY)
    told = kept.fixture("derby", after=-DAY, status="AWD", result=AWARDED, tells_results=True)
    await kept.tell(told, league=league)
    (game,) = await kept.read(waiting_results)
    return game.id


async def test_of_decisions_at_once_one_is_kept(clock, database):
    async with keeping(clock, database) as kept:
        item = await unknown(kept)
        said = [NEW, IGNORED, ItemDecision(ItemChoice.TEAM, (await kept.game()).home), NEW]
        done = await asyncio.gather(*(kept.write(decide_item, item.id, one) for one in said), return_exceptions=True)
        failed = [one for one in done if isinstance(one, BadDecision)]
        assert [str(one)[: len(ALREADY)] for one in failed] == [ALREADY] * 3
        assert await kept.read(waiting) == []


async def test_what_is_ignored_is_decided(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        item = await unknown(kept)
        assert await kept.write(decide_item, item.id, IGNORED) == 0
        with pytest.raises(BadDecision, match=ALREADY):
            await kept.write(decide_item, item.id, NEW)


async def test_a_number_that_is_given_again_is_known_by_since_when_it_waits(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        first = await unknown(kept)
        await kept.write(decide_item, first.id, NEW, since_ms=first.since_ms)
        kept.pass_by(1)
        await kept.tell(kept.fixture("y", "Spurs", "Chelsea"), provider="api")
        (second,) = await kept.read(waiting)
        assert second.id == first.id
        with pytest.raises(BadDecision, match=ALREADY):
            await kept.write(decide_item, first.id, NEW, since_ms=first.since_ms)
        assert await kept.read(open_item, second.id, second.since_ms) == second


@pytest.mark.parametrize("choice", [ItemChoice.GAME, ItemChoice.SWAPPED, ItemChoice.TEAM])
async def test_a_team_is_no_game_and_none_of_another_league(clock, tmp_path, choice):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        item = await unknown(kept)
        await kept.tell(kept.fixture("n", "Jets", "Giants"), league="nfl")
        jets = next(game for game in await kept.games() if game.home_name == "Jets")
        wrong = jets.home if choice is ItemChoice.TEAM else jets.id
        with pytest.raises(BadDecision, match="of this league"):
            await kept.write(decide_item, item.id, ItemDecision(choice, wrong))
        assert await kept.read(waiting) == [item]


async def test_a_result_that_waits_is_said_once_and_later_on_only_where_that_is_meant(clock, database):
    async with keeping(clock, database) as kept:
        game = await played(kept)
        await kept.write(decide_result, game, TypedScores((2, 1), half=(1, 0)), waits=True)
        assert (await kept.read(ready_result, game)).result == GameResult(regulation=(2, 1), periods={"h1": (1, 0)})
        with pytest.raises(BadDecision, match=ALREADY):
            await kept.write(decide_result, game, None, waits=True)
        await kept.write(decide_result, game, None)
        assert (await kept.read(ready_result, game)).result == VOID_RESULT


async def test_a_game_ends_as_its_sport_allows(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        game = await played(kept, "nhl")
        with pytest.raises(BetsError, match="goes on until one side wins"):
            await kept.write(decide_result, game, TypedScores((2, 2)))
        await kept.write(decide_result, game, TypedScores((2, 2), shootout="away"))
        assert (await kept.read(ready_result, game)).result.shootout == "away"


async def test_a_game_that_has_not_begun_has_no_score_and_may_be_void(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        await kept.tell(kept.fixture("derby"))
        game = (await kept.game()).id
        with pytest.raises(BadDecision, match="hasn't begun"):
            await kept.write(decide_result, game, TypedScores((2, 1)))
        with pytest.raises(BadDecision, match="There is no game 99"):
            await kept.write(decide_result, 99, None)
        await kept.write(decide_result, game, None)
        assert (await kept.read(ready_result, game)).result == VOID_RESULT
