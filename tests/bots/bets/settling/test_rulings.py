"""Disputes freeze a game in one guild; a bet manager without a bet rules, and late corrections take two."""

import json
from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.fixture import FeedResult
from steward.bots.bets.fixtures.games import find_games
from steward.bots.bets.fixtures.results import Said, decide
from steward.bots.bets.fixtures.results import tell as tell_result
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.placing.bets import cancel
from steward.bots.bets.placing.preferences import prefer
from steward.bots.bets.settling.finals import told_of_result
from steward.bots.bets.settling.gradings import all_gradings
from steward.bots.bets.settling.reviews import ReviewKind, all_reviews, begin_review, forget_reviews
from steward.bots.bets.settling.rulings import (
    CHANGED,
    GONE,
    OWN_BET,
    OWN_PROPOSAL,
    SETTLED_SO,
    dispute,
    game_to_rule,
    games_to_rule,
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
    one_step,
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
    found = game_to_rule(tx, GUILD, game)
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


def test_a_ruling_that_it_stands_while_bets_are_being_settled_settles_the_rest(run, clock):
    number = run(make_game)
    run(lambda tx: [bet(tx, user, leg(number)) for user in (ADA, BEN) for _ in range(3)])
    clock.seconds = 26 * HOUR
    run(lambda tx: tell(tx, number, score(2, 1)))
    run(partial(one_step, most=1))
    run(lambda tx: begin_review(tx, GUILD, number, ReviewKind.WAITING))
    run(lambda tx: ruling(tx, number, score(2, 1)))
    settle_all(run)
    assert run(wallets) == {ADA: 130, BEN: 130}


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
    assert titles(run) == ["settled:1", "review:1", "unruled:1"]
    assert run(lambda tx: pending_game(tx, GUILD, game)) is None
    assert run(wallets) == {ADA: 110, BEN: 90}
    assert run(lambda tx: ruling(tx, game, VOID)).grading is None  # it takes two by now


def test_a_correction_that_came_in_time_is_followed_once_a_silent_dispute_has_ended(run, clock, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    clock.seconds += HOUR
    run(lambda tx: tell(tx, game, score(0, 3)))
    clock.seconds += 48 * HOUR
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    assert titles(run) == ["settled:1", "unruled:1", "regraded:2"]


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
    run(lambda tx: decide(tx, find_games(tx, [game])[game], score(0, 1), told_of_result))
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


def reported(run, clock, number, result, *, hours=0, doubt=""):
    """Have a feed tell a result now, and again five minutes later."""
    clock.forward(hours * HOUR)
    said = Said(FeedResult(result, doubt=doubt))
    for _ in range(2):
        run(lambda tx: tell_result(tx, find_games(tx, [number])[number], "csv", said, "soccer", told_of_result))
        clock.forward(300)
        settle_all(run)


def told(run, guild_id=GUILD):
    """Return the titles and texts of what was told of games that wait."""
    found = [json.loads(post) for key, post in run(posts).items() if key.startswith(f"bets:{guild_id}:")]
    embeds = [post["embeds"][0] for post in found]
    return [(one["title"], one["description"]) for one in embeds if one["title"].startswith("Waits")]


def test_that_a_result_waits_is_told_once_in_each_guild_with_bets_and_what_was_reported(run, clock):
    number = run(make_game)
    run(lambda tx: (bet(tx, ADA, leg(number)), bet(tx, ADA, leg(number), guild_id=ELSEWHERE)))
    run(lambda tx: cancel(tx, ELSEWHERE, ADA, bet(tx, ADA, leg(number), guild_id=ELSEWHERE)))
    clock.seconds = 26 * HOUR
    reported(run, clock, number, score(1, 0), doubt="It was abandoned.")
    ((title, text),) = told(run)
    assert title == "Waits: Arsenal v Chelsea"
    assert "It was abandoned. Feeds tell **1-0**." in text
    assert "`/result rule`. Until then no bet on it is settled." in text
    assert told(run, ELSEWHERE) == told(run)
    run(lambda tx: ruling(tx, number, score(1, 0)))
    settle_all(run)
    assert (run(wallets)[ADA], len(told(run))) == (110, 1)


def test_guilds_without_bets_are_told_of_no_result_that_waits_nor_those_that_ruled_meanwhile(run, clock):
    number = run(make_game)
    run(lambda tx: cancel(tx, GUILD, ADA, bet(tx, ADA, leg(number))))
    run(lambda tx: bet(tx, ADA, leg(number), guild_id=ELSEWHERE))
    clock.seconds = 26 * HOUR
    said = Said(FeedResult(score(1, 0), doubt="It was abandoned."))
    run(lambda tx: tell_result(tx, find_games(tx, [number])[number], "csv", said, "soccer", told_of_result))
    clock.forward(60)

    def rule_elsewhere(tx):
        seen = pending_game(tx, ELSEWHERE, number).seen
        rule(tx, ELSEWHERE, OLGA, number, score(1, 0), "I saw it", seen=seen)

    run(rule_elsewhere)
    settle_all(run)
    assert (told(run), told(run, ELSEWHERE)) == ([], [])


def test_a_result_that_is_corrected_after_more_than_a_day_is_told_at_once(run, clock):
    number = run(make_game)
    run(lambda tx: (bet(tx, ADA, leg(number)), bet(tx, BEN, leg(number, AWAY))))
    clock.seconds = 26 * HOUR
    reported(run, clock, number, score(1, 0))
    assert (told(run), run(wallets)) == ([], {ADA: 110, BEN: 90})
    reported(run, clock, number, score(1, 1), hours=30)
    ((_, text),) = told(run)
    assert "A feed now tells **1-1**, more than a day later." in text
    assert "A bet manager without a bet on it decides with `/result rule`. Until then bets stay settled by 1-0." in text
    reported(run, clock, number, score(1, 1), hours=5)
    assert len(told(run)) == 1


def test_a_ruling_on_what_was_seen_before_something_changed_is_refused(run, game):
    run(lambda tx: dispute(tx, GUILD, BEN, game, "wrong"))
    seen = run(lambda tx: pending_game(tx, GUILD, game)).seen
    with pytest.raises(BetsError, match=str(CHANGED)):
        run(lambda tx: ruling(tx, game, VOID, seen=f"{seen} then"))
    run(lambda tx: ruling(tx, game, VOID, seen=seen))
    with pytest.raises(BetsError, match=str(CHANGED)):
        run(lambda tx: ruling(tx, game, VOID, by=PETRA, seen=seen))


def test_a_game_whose_result_never_comes_is_ruled_on_once_it_has_begun_or_voided(run, clock):
    number, other = run(make_game), run(lambda tx: make_game(tx, "Leeds", "Burnley"))
    run(lambda tx: (bet(tx, ADA, leg(number)), bet(tx, BEN, leg(other))))
    clock.seconds = 24 * HOUR - 1
    assert run(lambda tx: games_to_rule(tx, GUILD)) == []
    with pytest.raises(BetsError, match=str(GONE)):
        run(lambda tx: ruling(tx, number, score(1, 0)))
    clock.seconds = 26 * HOUR
    assert [game.id for game in run(lambda tx: games_to_rule(tx, GUILD))] == [number, other]
    assert (run(lambda tx: pending_games(tx, GUILD)), run(lambda tx: games_to_rule(tx, ELSEWHERE))) == ([], [])
    assert run(lambda tx: game_to_rule(tx, GUILD, number)).why == "Nobody has told for sure how it ended."
    with pytest.raises(BetsError, match=str(OWN_BET)):
        run(lambda tx: ruling(tx, number, score(1, 0), by=ADA))
    with pytest.raises(BetsError, match=str(GONE)):
        run(lambda tx: rule(tx, ELSEWHERE, OLGA, number, VOID, "no", seen=""))
    assert run(lambda tx: ruling(tx, number, score(1, 0))).grading is not None
    run(lambda tx: ruling(tx, other, VOID))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 100}
    run(lambda tx: tell(tx, number, score(0, 1)))  # the feed's own result comes after all
    settle_all(run)
    assert run(wallets)[ADA] == 110
    assert [one.review.kind for one in run(lambda tx: pending_games(tx, GUILD))] == [ReviewKind.CORRECTION]


def test_a_wrong_result_that_nobody_disputes_is_corrected_by_one_manager_within_a_day_only(run, clock, game):
    assert run(lambda tx: game_to_rule(tx, GUILD, game)).why == "Its bets are settled, and nobody disputes it."
    with pytest.raises(BetsError, match=str(SETTLED_SO)):
        run(lambda tx: ruling(tx, game, score(2, 1)))
    clock.forward(23 * HOUR)
    assert run(lambda tx: ruling(tx, game, score(1, 2))).grading is not None
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    assert run(lambda tx: wallets(tx, ELSEWHERE)) == {ADA: 110}


def test_a_late_correction_that_nobody_asked_for_takes_two_managers_within_two_days(run, clock, game):
    clock.forward(25 * HOUR)
    assert run(lambda tx: ruling(tx, game, score(1, 2))).grading is None
    with pytest.raises(BetsError, match=str(OWN_PROPOSAL)):
        run(lambda tx: ruling(tx, game, score(1, 2)))
    (waiting,) = run(lambda tx: pending_games(tx, GUILD))
    assert (waiting.review.kind, waiting.review.proposed) == (ReviewKind.UNASKED, score(1, 2))
    settle_all(run)
    assert titles(run) == ["settled:1"]  # the command tells of the proposal
    clock.forward(48 * HOUR)
    settle_all(run)
    assert titles(run) == ["settled:1", "unruled:1"]
    assert "no second one confirmed it" in run(posts)[f"bets:{GUILD}:{game}:unruled:1"]
    assert (run(lambda tx: pending_games(tx, GUILD)), run(wallets)) == ([], {ADA: 110, BEN: 90})
    run(lambda tx: ruling(tx, game, score(1, 2)))
    assert run(lambda tx: ruling(tx, game, score(1, 2), by=PETRA)).grading is not None
    settle_all(run)
    assert run(wallets) == {ADA: 90, BEN: 110}
    clock.forward(31 * 24 * HOUR)
    with pytest.raises(BetsError, match=str(GONE)):
        run(lambda tx: ruling(tx, game, VOID))


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
