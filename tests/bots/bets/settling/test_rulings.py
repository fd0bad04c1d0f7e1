"""Disputes freeze a game in one guild; a bet manager without a bet rules, and late corrections take two."""

from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.results import decide
from steward.bots.bets.placing.preferences import prefer
from steward.bots.bets.settlement.results import GameResult, GameStatus
from steward.bots.bets.settling.finals import result_is_ready
from steward.bots.bets.settling.gradings import all_gradings
from steward.bots.bets.settling.reviews import ReviewKind, all_reviews, begin_review, forget_reviews
from steward.bots.bets.settling.rulings import (
    CHANGED,
    GONE,
    OWN_BET,
    OWN_PROPOSAL,
    dispute,
    may_dispute,
    pending_game,
    pending_games,
    rule,
)
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, flaws, ledger_in_memory
from tests.bots.bets.settling.games import (
    AWAY,
    bet,
    give,
    leg,
    make_game,
    posts,
    score,
    settle_all,
    tell,
    wallets,
)
from tests.runtime.hand_clock import HandClock

HOUR = 3600
PETRA, ELSEWHERE = 98, 2
VOID = GameResult(GameStatus.CANCELLED)


@pytest.fixture
def clock():
    return HandClock(HOUR)


@pytest.fixture
def run(clock):
    with ledger_in_memory(clock) as run:
        run(partial(give, members=(ADA, BEN), points=100))
        run(partial(give, members=(ADA,), points=100, guild_id=ELSEWHERE))
        yield run
        assert run(flaws) == []


@pytest.fixture
def game(run, clock):
    """A game that Ada won and Ben lost, settled two hours after its start."""
    number = run(make_game)
    run(lambda tx: (bet(tx, ADA, leg(number)), bet(tx, BEN, leg(number, AWAY))))
    run(lambda tx: bet(tx, ADA, leg(number), guild_id=ELSEWHERE))
    clock.seconds = 26 * HOUR
    run(lambda tx: tell(tx, number, score(2, 1)))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90}
    return number


def ruling(tx, game, result, by=OLGA, reason="the league says so", seen=None):
    found = pending_game(tx, GUILD, game)
    return rule(tx, GUILD, by, game, result, reason, seen=seen or (found.seen if found else ""))


def titles(run):
    return [key.split(":", 3)[3] for key in run(posts) if key.startswith(f"bets:{GUILD}:")]


def test_a_dispute_freezes_the_game_in_its_guild_only_until_a_manager_rules(run, clock, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "the second goal was mine"))
    run(lambda tx: tell(tx, game, score(0, 1)))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90}
    assert run(lambda tx: wallets(tx, ELSEWHERE)) == {ADA: 90}
    (pending,) = run(lambda tx: pending_games(tx, GUILD))
    assert (pending.review.reason, pending.newer) == ("the second goal was mine", score(0, 1))
    run(lambda tx: ruling(tx, game, score(0, 1)))
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    assert titles(run) == ["settled:1", "review:1", "regraded:2"]
    assert "Decided by <@99>: the league says so" in list(run(posts).values())[-1]
    assert not run(lambda tx: pending_games(tx, GUILD))
    log = run(lambda tx: all_gradings(tx, GUILD, game))
    assert [(one.version, one.grader_id) for one in log] == [(None, OLGA), (1, None)]


def test_who_has_a_bet_on_the_game_never_rules_on_it(run, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    with pytest.raises(BetsError, match=str(OWN_BET)):
        run(lambda tx: ruling(tx, game, VOID, by=ADA))
    run(partial(give, members=(OLGA,), points=100))
    run(lambda tx: bet(tx, OLGA, leg(game)))  # after the dispute began
    with pytest.raises(BetsError, match=str(OWN_BET)):
        run(lambda tx: ruling(tx, game, VOID))


def test_a_game_is_disputed_once_by_its_bettors_for_a_day_and_never_after_a_ruling(run, clock, game):
    with pytest.raises(BetsError, match="Only those with a bet"):
        run(lambda tx: dispute(tx, GUILD, CARLA, game, "wrong"))
    assert [one.id for one in run(lambda tx: may_dispute(tx, GUILD, BEN))] == [game]
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    with pytest.raises(BetsError, match="disputed already"):
        run(lambda tx: dispute(tx, GUILD, ADA, game, "no, right"))
    run(lambda tx: ruling(tx, game, score(2, 1)))
    with pytest.raises(BetsError, match="has ruled"):
        run(lambda tx: dispute(tx, GUILD, ADA, game, "once more"))
    assert run(lambda tx: may_dispute(tx, GUILD, BEN)) == []
    assert run(wallets) == {ADA: 110, BEN: 90}
    clock.seconds += 24 * HOUR
    with pytest.raises(BetsError, match="24 hours"):
        run(lambda tx: dispute(tx, ELSEWHERE, ADA, game, "too late"))


def test_a_dispute_about_which_nobody_rules_ends_after_two_days_and_changes_nothing(run, clock, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    settle_all(run)
    clock.seconds += 48 * HOUR - 1
    settle_all(run)
    assert run(lambda tx: pending_game(tx, GUILD, game)) is not None
    clock.seconds += 1
    settle_all(run)
    settle_all(run)
    assert titles(run) == ["settled:1", "review:1", "undisputed:1"]
    assert run(lambda tx: pending_game(tx, GUILD, game)) is None
    assert run(wallets) == {ADA: 110, BEN: 90}
    with pytest.raises(BetsError, match=str(GONE)):
        run(lambda tx: ruling(tx, game, VOID))


def test_a_correction_that_came_in_time_is_followed_once_a_silent_dispute_has_ended(run, clock, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    clock.seconds += HOUR
    run(lambda tx: tell(tx, game, score(0, 3)))
    clock.seconds += 48 * HOUR
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    assert titles(run) == ["settled:1", "undisputed:1", "regraded:2"]


def test_a_late_correction_takes_two_managers_without_a_bet(run, clock, game):
    clock.seconds += 25 * HOUR
    run(lambda tx: tell(tx, game, score(0, 1)))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90}
    assert run(lambda tx: ruling(tx, game, score(0, 1))).grading is None
    with pytest.raises(BetsError, match=str(OWN_PROPOSAL)):
        run(lambda tx: ruling(tx, game, score(0, 1)))
    with pytest.raises(BetsError, match=str(OWN_BET)):
        run(lambda tx: ruling(tx, game, score(0, 1), by=ADA))
    assert run(lambda tx: ruling(tx, game, VOID, by=PETRA)).grading is None  # another proposal takes its place
    found = run(lambda tx: ruling(tx, game, VOID, by=OLGA)).grading
    settle_all(run)
    assert (found.grader_id, found.seconder_id) == (PETRA, OLGA)
    assert run(wallets) == {ADA: 100, BEN: 100}


def test_one_manager_can_leave_it_as_it_is_and_a_withdrawn_proposal_is_nobodys(run, clock, game):
    clock.seconds += 25 * HOUR
    run(lambda tx: tell(tx, game, score(0, 1)))
    run(lambda tx: ruling(tx, game, score(0, 1)))
    run(lambda tx: forget_reviews(tx, GUILD, OLGA))
    assert run(lambda tx: ruling(tx, game, score(0, 1), by=PETRA)).grading is None
    assert run(lambda tx: ruling(tx, game, score(2, 1), by=OLGA)).stands
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90}
    run(lambda tx: tell(tx, game, score(0, 1)))  # a ruling stands, whatever feeds tell, until somebody looks
    assert run(wallets) == {ADA: 110, BEN: 90}
    assert run(lambda tx: pending_game(tx, GUILD, game)).newer == score(0, 1)


def test_only_an_open_proposal_of_somebody_forgotten_is_withdrawn(run, clock, game):
    clock.seconds += 25 * HOUR
    run(lambda tx: tell(tx, game, score(0, 1)))
    run(lambda tx: ruling(tx, game, score(0, 1)))
    run(lambda tx: ruling(tx, game, score(0, 1), by=PETRA))
    settle_all(run)
    run(lambda tx: begin_review(tx, GUILD, game, ReviewKind.CORRECTION))
    run(lambda tx: ruling(tx, game, VOID, reason="not so fast"))
    run(lambda tx: forget_reviews(tx, GUILD, OLGA))
    newest, decided = run(lambda tx: all_reviews(tx, GUILD, game))
    assert (newest.proposed, newest.proposer_id, newest.proposal) == (None, None, "")
    assert (decided.proposed, decided.proposer_id, decided.proposal) == (score(0, 1), None, "the league says so")
    (graded, *_) = run(lambda tx: all_gradings(tx, GUILD, game))
    assert (graded.result, graded.grader_id, graded.seconder_id) == (score(0, 1), None, PETRA)


def test_what_the_operator_says_late_is_a_proposal_that_one_manager_confirms(run, clock, game):
    clock.seconds += 30 * HOUR
    run(lambda tx: decide(tx, find_games(tx, [game])[game], score(0, 1), result_is_ready))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90}
    assert run(lambda tx: ruling(tx, game, VOID)).grading is None
    assert run(lambda tx: ruling(tx, game, score(0, 1))).grading is not None
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    assert run(lambda tx: wallets(tx, ELSEWHERE)) == {ADA: 110}


def test_a_result_that_is_not_certain_waits_in_each_guild_with_bets_and_a_ruling_pays(run, clock):
    number = run(make_game)
    run(lambda tx: bet(tx, ADA, leg(number)))
    clock.seconds = 26 * HOUR
    run(lambda tx: tx.execute("UPDATE bet_games SET stage = 'waiting', note = 'It was abandoned.', stage_at = ?", (5,)))
    assert [one.why for one in run(lambda tx: pending_games(tx, GUILD))] == ["It was abandoned."]
    assert run(lambda tx: pending_games(tx, ELSEWHERE)) == []
    run(lambda tx: ruling(tx, number, score(1, 0)))
    settle_all(run)
    assert run(wallets)[ADA] == 110
    assert run(lambda tx: pending_games(tx, GUILD)) == []


def test_a_ruling_on_what_was_seen_before_something_changed_is_refused(run, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    seen = run(lambda tx: pending_game(tx, GUILD, game)).seen
    with pytest.raises(BetsError, match=str(CHANGED)):
        run(lambda tx: ruling(tx, game, VOID, seen=f"{seen} then"))
    run(lambda tx: ruling(tx, game, VOID, seen=seen))
    with pytest.raises(BetsError, match=str(GONE)):
        run(lambda tx: ruling(tx, game, VOID, by=PETRA, seen=seen))


def test_winners_are_mentioned_only_if_they_want_it(run, clock):
    number = run(make_game)
    run(lambda tx: (bet(tx, ADA, leg(number)), bet(tx, BEN, leg(number))))
    run(lambda tx: prefer(tx, GUILD, BEN, mentioned=True))
    clock.seconds = 26 * HOUR
    run(lambda tx: tell(tx, number, score(2, 1)))
    settle_all(run)
    (post,) = run(posts).values()
    assert '"allowed_mentions":{"users":["12"]}' in post
    assert '"content":"<@12>"' in post
