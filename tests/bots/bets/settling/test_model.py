"""Whatever results come in whatever order and slices, bets pay what their last results say."""

from functools import partial
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.grading.rules import NO_ROWS
from steward.bots.bets.ledger.accounts import escrow
from steward.bots.bets.odds.prices import Odds, reduced
from steward.bots.bets.placing.bets import BetStatus, cancel
from steward.bots.bets.settling.game_grader import GameGrader, ended
from tests.bots.bets.ledger.book import GUILD, balances, flaws, ledger_in_memory
from tests.bots.bets.settling.games import (
    KICK_OFF,
    bet,
    give,
    leg,
    make_game,
    one_bet,
    one_step,
    score,
    settle_all,
    tell,
    wallets,
)
from tests.runtime.hand_clock import HandClock

MEMBERS, GAMES, PURSE = range(11, 15), range(3), 1000
TEAMS = (("Arsenal", "Chelsea"), ("Leeds", "Everton"), ("Fulham", "Burnley"))
LONDON = ZoneInfo("Europe/London")

picks = st.one_of(
    st.sampled_from(["home", "draw", "away"]).map(lambda side: BetPick("1x2", side)),
    st.tuples(st.sampled_from(["home", "away"]), st.integers(-6, 6)).map(lambda one: BetPick("asian_handicap", *one)),
    st.tuples(st.sampled_from(["over", "under"]), st.integers(6, 14)).map(lambda one: BetPick("total", *one)),
)
odds = st.integers(101, 900).map(lambda hundredths: Odds(*reduced(hundredths, 100)))
legs = st.lists(st.tuples(st.sampled_from(GAMES), picks, odds), min_size=1, max_size=3, unique_by=lambda one: one[0])
bets = st.lists(st.tuples(st.sampled_from(MEMBERS), legs, st.integers(1, 40)), min_size=1, max_size=12)
results = st.one_of(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda one: score(*one)),
    st.just(GameResult(GameStatus.CANCELLED)),
)
finals = st.lists(st.tuples(st.sampled_from(GAMES), results, st.integers(1, 5)), max_size=8)


def played(placed, told, *, between=lambda run, numbers: None):
    """LegPlace bets, tell results one after the other, and return what was left in the end."""
    clock = HandClock()
    with ledger_in_memory(clock) as run:
        run(partial(give, members=MEMBERS, points=PURSE))
        games = [run(partial(make_game, home=home, away=away)) for home, away in TEAMS]
        numbers = [
            run(
                lambda tx, user=user, own=own, stake=stake: bet(
                    tx, user, *(leg(games[game], pick, odds) for game, pick, odds in own), stake=stake
                )
            )
            for user, own, stake in placed
        ]
        clock.seconds = 26 * 3600
        for game, result, most in told:
            clock.forward(60)
            run(lambda tx, game=game, result=result: tell(tx, games[game], result))
            run(partial(one_step, most=most))
            between(run, numbers)
            settle_all(run, most=most)
            stakes(run, numbers)
        return run(wallets), [one_bet(run, number) for number in numbers]


def stakes(run, numbers):
    """See that each stake is in escrow as long as its bet is open, whole, and not after that."""
    held = run(balances)
    for number in numbers:
        found = one_bet(run, number)
        assert held.get(escrow(number), 0) == (found.stake if found.status is BetStatus.OPEN else 0)
    assert run(flaws) == []


@given(bets, finals)
@settings(max_examples=40)
def test_bets_pay_what_their_last_results_say(placed, told):
    purses, found = played(placed, told)
    graders = {
        game: GameGrader("soccer", LONDON, result, KICK_OFF, NO_ROWS) for game, result, _ in told
    }  # the last of each
    expected = dict.fromkeys(MEMBERS, PURSE)
    for (user, own, stake), one in zip(placed, found, strict=True):
        graded = [
            leg(game, pick, taken)._replace(
                grade=graders[game].grade(leg(game, pick, taken), 0) if game in graders else None
            )
            for game, pick, taken in own
        ]
        end = ended(stake, graded)
        assert (one.outcome, one.payout) == ((None, None) if end is None else end)
        expected[user] += (0 if end is None else end.payout) - stake
    assert purses == {user: points for user, points in expected.items() if points}


@given(bets, finals, st.permutations(GAMES), st.integers(1, 5))
@settings(max_examples=20)
def test_neither_the_order_of_games_nor_the_size_of_slices_says_what_is_paid(placed, told, order, most):
    last = {game: result for game, result, _ in told}
    again = [(game, last[game], most) for game in order if game in last]
    (purses, found), (others, same) = played(placed, told), played(placed, again)
    assert purses == others
    assert [one.payout for one in found] == [one.payout for one in same]


@given(bets, results, results)
@settings(max_examples=20)
def test_a_correction_that_is_taken_back_leaves_all_as_it_was(placed, first, other):
    once = [(0, first, 3)]
    purses, found = played(placed, once)
    there_and_back, same = played(placed, [*once, (0, other, 2), *once])
    assert purses == there_and_back
    assert [(one.outcome, one.payout) for one in found] == [(one.outcome, one.payout) for one in same]


@given(bets, finals, st.data())
@settings(max_examples=20)
def test_a_bet_is_cancelled_or_settled_and_never_both(placed, told, data):
    def between(run, numbers):
        number = data.draw(st.sampled_from(numbers))
        found = one_bet(run, number)
        if found.status is BetStatus.OPEN:
            run(lambda tx: cancel(tx, GUILD, found.user_id, number))

    purses, found = played(placed, told, between=between)
    expected = dict.fromkeys(MEMBERS, PURSE)
    for one in found:
        back = one.stake if one.status is BetStatus.CANCELLED else one.payout or 0
        expected[one.user_id] += back - one.stake
    assert purses == {user: points for user, points in expected.items() if points}
