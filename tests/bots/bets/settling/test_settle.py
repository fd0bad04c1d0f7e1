"""Placed bets are settled, settled anew and refunded, each once."""

from contextlib import suppress
from functools import partial

import pytest

from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.grading.picks import BetPick
from steward.bots.bets.grading.results import GameResult, GameStatus
from steward.bots.bets.grading.rules import NO_ROWS
from steward.bots.bets.ledger.accounts import RETIRED, escrow, season
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.placing.bets import BetGone, BetStatus, cancel, forget_bets
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settling import steps
from steward.bots.bets.settling.finals import expired, games_with_open_bets
from steward.bots.bets.settling.settle import settle_some
from steward.store.due import due
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws, ledger_in_memory
from tests.bots.bets.settling.games import (
    AWAY,
    HOUR,
    KICK_OFF,
    bet,
    give,
    heard,
    leg,
    make_game,
    next_work,
    one_bet,
    one_step,
    posts,
    score,
    settle_all,
    sweep,
    tell,
    wallets,
)
from tests.runtime.hand_clock import HandClock

HALF_TIME = BetPick("1x2", "home", period="h1")


@pytest.fixture
def clock():
    return HandClock(3600)


@pytest.fixture
def run(clock):
    """Run units of work on a ledger in which three members have 100 points each."""
    with ledger_in_memory(clock) as run:
        run(partial(give, members=(ADA, BEN, CARLA), points=100))
        yield run
        assert run(flaws) == []


def told(run):
    return "\n".join(run(posts).values())


def after_the_game(clock):
    clock.seconds = 26 * 3600


def test_winners_are_paid_and_losers_are_not(run, clock):
    game = run(make_game)
    won, lost = run(lambda tx: (bet(tx, ADA, leg(game)), bet(tx, BEN, leg(game, AWAY))))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(2, 1)))
    settle_all(run)
    assert (one_bet(run, won).status, one_bet(run, won).outcome, one_bet(run, won).payout) == ("settled", "win", 20)
    assert (one_bet(run, lost).outcome, one_bet(run, lost).payout) == ("lose", 0)
    assert run(wallets) == {ADA: 110, BEN: 90, CARLA: 100}
    assert not {account for account in run(balances) if account.kind in {"escrow", "book"}}


def test_bets_are_settled_once_however_often_the_work_is_begun(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    version = run(lambda tx: tell(tx, game, score(2, 1)))
    settle_all(run)
    for sql in (None, "UPDATE bet_gradings SET done_at = NULL, reached = 0", "UPDATE bet_legs SET version = 0"):
        run(lambda tx, sql=sql: sql and tx.execute(sql))
        run(lambda tx: settle_some(tx, GUILD, game, NO_ROWS, 500))
    assert (version, one_bet(run, number).settlements, run(wallets)[ADA]) == (1, 1, 110)


def test_work_is_done_in_slices_and_goes_on_where_it_was(run, clock):
    game = run(make_game)
    run(lambda tx: [bet(tx, ADA, leg(game), stake=1) for _ in range(7)])
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    left = []
    while run(partial(one_step, most=3)):
        left.append(run(lambda tx: tx.value("SELECT COUNT(*) FROM bet_bets WHERE status = 'open'")))
    assert left == [4, 1, 0]
    assert len(run(posts)) == 1


def test_a_bet_placed_once_the_game_was_on_is_void(run, clock):
    game = run(make_game)
    in_time = run(lambda tx: bet(tx, ADA, leg(game)))
    clock.seconds = 24 * 3600
    late = run(lambda tx: bet(tx, BEN, leg(game)))
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert (one_bet(run, in_time).outcome, one_bet(run, late).outcome) == (BetOutcome.WIN, BetOutcome.VOID)
    assert run(wallets)[BEN] == 100


def test_units_have_an_outcome_and_no_money(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game, odds=Odds(191, 100)), stake=125, mode=BetsMode.UNITS))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    found = one_bet(run, number)
    assert (found.status, found.outcome, found.payout) == (BetStatus.SETTLED, BetOutcome.WIN, 238)
    assert run(wallets) == {ADA: 100, BEN: 100, CARLA: 100}
    (post,) = run(posts).values()
    assert "won 2.38 units, 1.13 units more than staked" in post


def two_games(tx):
    return make_game(tx), make_game(tx, "Leeds", "Everton")


def test_a_parlay_stays_open_with_open_legs_and_is_lost_by_one(run, clock):
    first, second = run(two_games)
    parlay, other = run(
        lambda tx: (
            bet(tx, ADA, leg(first), leg(second)),
            bet(tx, BEN, leg(first, AWAY), leg(second)),
        )
    )
    after_the_game(clock)
    run(lambda tx: tell(tx, first, score(1, 0)))
    settle_all(run)
    assert [one_bet(run, number).status for number in (parlay, other)] == ["open", "settled"]
    assert "1 parlay with this game goes on" in told(run)
    run(lambda tx: tell(tx, second, score(3, 0)))
    settle_all(run)
    assert (one_bet(run, parlay).payout, one_bet(run, other).payout) == (40, 0)
    assert all(one.grade for number in (parlay, other) for one in one_bet(run, number).legs)


def test_a_parlay_is_priced_anew_without_a_leg_that_is_void(run, clock):
    first, second = run(two_games)
    parlay = run(lambda tx: bet(tx, ADA, leg(first), leg(second, odds=Odds(3, 1))))
    after_the_game(clock)
    run(lambda tx: tell(tx, first, GameResult(GameStatus.CANCELLED)))
    settle_all(run)
    assert one_bet(run, parlay).status == "open"
    run(lambda tx: tell(tx, second, score(1, 0)))
    settle_all(run)
    assert one_bet(run, parlay).payout == 30


def test_a_correction_takes_back_what_was_paid_and_a_wallet_may_owe(run, clock):
    game = run(make_game)
    won = run(lambda tx: bet(tx, ADA, leg(game), stake=100))
    lost = run(lambda tx: bet(tx, BEN, leg(game, AWAY), stake=100))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    other = run(partial(make_game, home="Leeds", away="Everton", starts_ms=KICK_OFF + 48 * HOUR))
    run(lambda tx: bet(tx, ADA, leg(other), stake=150))
    clock.forward(23 * 3600)
    run(lambda tx: tell(tx, game, score(1, 2)))
    settle_all(run)
    assert (one_bet(run, won).outcome, one_bet(run, lost).outcome) == ("lose", "win")
    assert [one_bet(run, number).settlements for number in (won, lost)] == [2, 2]
    assert run(wallets) == {ADA: -150, BEN: 200, CARLA: 100}
    assert [key.split(":")[3] for key in run(posts)] == ["settled", "regraded"]
    assert "Corrected: Arsenal v Chelsea 1-2" in told(run)


def test_a_bet_keeps_when_it_was_settled_first_whatever_becomes_of_it(run, clock):
    first, second = run(two_games)
    single, parlay = (
        run(lambda tx, legs=legs: bet(tx, ADA, *legs)) for legs in ((leg(first),), (leg(first), leg(second)))
    )
    after_the_game(clock)

    def settled_at():
        return run(lambda tx: [row[0] for row in tx.all("SELECT settled_at FROM bet_bets ORDER BY id")])

    assert settled_at() == [None, None]
    run(lambda tx: tell(tx, first, score(0, 1)))
    settle_all(run)
    began = run(lambda tx: tx.now_ms)
    clock.forward(3600)
    run(lambda tx: tell(tx, first, score(1, 0)))
    settle_all(run)
    run(lambda tx: tell(tx, second, score(1, 0)))
    settle_all(run)
    assert [one_bet(run, number).settlements for number in (single, parlay)] == [2, 2]
    assert settled_at() == [began, began]


def test_a_correction_that_changes_no_bet_is_told_to_nobody(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    for result in (score(1, 0), score(2, 0)):
        clock.forward(300)
        run(lambda tx, result=result: tell(tx, game, result))
        settle_all(run)
    assert (one_bet(run, number).settlements, len(run(posts))) == (1, 1)


def test_a_correction_a_day_later_is_not_followed(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    clock.forward(24 * 3600)
    run(lambda tx: tell(tx, game, score(1, 2)))
    settle_all(run)
    assert (one_bet(run, number).outcome, run(wallets)[ADA]) == ("win", 110)


def test_a_lost_parlay_is_open_again_where_a_correction_saves_it(run, clock):
    first, second = run(two_games)
    parlay = run(lambda tx: bet(tx, ADA, leg(first), leg(second)))
    after_the_game(clock)
    run(lambda tx: tell(tx, first, score(0, 1)))
    settle_all(run)
    run(lambda tx: tell(tx, first, score(1, 0)))
    settle_all(run)
    again = one_bet(run, parlay)
    assert (again.status, again.outcome, again.payout) == (BetStatus.OPEN, None, None)
    assert run(balances)[escrow(parlay)] == 10
    run(lambda tx: tell(tx, second, score(1, 0)))
    settle_all(run)
    assert (one_bet(run, parlay).payout, run(wallets)[ADA]) == (40, 130)


def test_what_was_settled_in_a_season_that_has_ended_stays_and_is_told(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    run(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
    run(lambda tx: tell(tx, game, score(0, 1)))
    settle_all(run)
    found = one_bet(run, number)
    assert (found.outcome, found.settlements, found.legs[0].grade.outcome) == ("win", 1, "win")
    assert run(wallets)[ADA] == 500
    assert "1 bet of a season that has ended stays as it was" in told(run)


def test_what_a_bet_of_a_season_that_has_ended_pays_or_gives_back_goes_to_that_season(run, clock):
    game = run(make_game)
    won, back, _ = run(lambda tx: [bet(tx, user, leg(game), stake=100) for user in (ADA, BEN, CARLA)])
    run(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
    run(lambda tx: close_season(tx, GUILD, 2, 700, OLGA))
    now = run(lambda tx: bet(tx, ADA, leg(game)))
    run(lambda tx: cancel(tx, GUILD, BEN, back))
    run(lambda tx: forget_bets(tx, GUILD, CARLA))
    assert (run(balances)[season(1)], run(balances)[RETIRED]) == (100, 100)
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert [one_bet(run, number).payout for number in (won, now)] == [200, 20]
    assert run(wallets) == {ADA: 710, BEN: 700, CARLA: 700}
    assert run(balances)[season(1)] == 300
    run(lambda tx: tell(tx, game, GameResult(GameStatus.CANCELLED)))
    settle_all(run)
    assert (run(wallets)[ADA], run(balances)[season(1)], run(balances)[season(2)]) == (700, 200, 1500)


def test_a_leg_of_which_the_result_says_nothing_waits_and_holds_up_no_other(run, clock):
    game = run(make_game)
    waits, goes = run(lambda tx: (bet(tx, ADA, leg(game, HALF_TIME)), bet(tx, BEN, leg(game))))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert [one_bet(run, number).status for number in (waits, goes)] == ["open", "settled"]
    assert "1 bet waits: the result doesn't say all that they need" in told(run)
    run(lambda tx: tell(tx, game, score(1, 0, periods={"h1": (0, 0)})))
    settle_all(run)
    assert (one_bet(run, waits).outcome, one_bet(run, goes).settlements) == ("lose", 1)


@pytest.mark.parametrize("status", ["NS", "PST", "ABD", "CANC", "TBD"])
def test_what_is_not_played_in_its_window_is_refunded_unaided(run, clock, status):
    game = run(partial(make_game, status=status))
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    run(partial(heard, game=game, unbegun_ms=KICK_OFF + 48 * HOUR + 1))
    clock.seconds = (24 + 48) * 3600
    sweep(run)
    assert one_bet(run, number).status == "open"
    clock.forward(1)
    sweep(run)
    found = one_bet(run, number)
    assert (found.outcome, found.payout, found.legs[0].version, run(wallets)[ADA]) == ("void", 10, -1, 100)
    (told,) = run(posts).values()
    assert "1 bet refunded" in told
    sweep(run)
    assert len(run(posts)) == 1


@pytest.mark.parametrize("status", ["NS", "TBD"])
def test_a_game_of_which_no_feed_told_since_its_window_may_have_been_played_and_waits(run, clock, status):
    game = run(partial(make_game, status=status))
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    run(partial(heard, game=game, unbegun_ms=KICK_OFF + 48 * HOUR))
    for hours, outcome in ((24 + 13 * 24, None), (24 + 14 * 24, None), (25 + 14 * 24, "void")):
        clock.seconds = hours * 3600
        sweep(run)
        assert one_bet(run, number).outcome == outcome


def test_a_game_that_no_feed_lists_any_more_is_refunded_after_its_window(run, clock):
    game, other = run(two_games)
    gone, listed = run(lambda tx: (bet(tx, ADA, leg(game)), bet(tx, BEN, leg(other))))
    run(partial(heard, game=game, gone_ms=KICK_OFF - HOUR))
    run(partial(heard, game=other))
    clock.seconds = (24 + 49) * 3600
    sweep(run)
    assert (one_bet(run, gone).outcome, one_bet(run, listed).outcome) == ("void", None)


def test_a_result_that_comes_after_bets_were_refunded_corrects_that(run, clock):
    game = run(make_game)
    won, lost = run(lambda tx: (bet(tx, ADA, leg(game)), bet(tx, BEN, leg(game, AWAY))))
    run(partial(heard, game=game, unbegun_ms=KICK_OFF + 48 * HOUR + 1))
    clock.seconds = (24 + 49) * 3600
    sweep(run)
    assert run(wallets) == {ADA: 100, BEN: 100, CARLA: 100}
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert run(wallets) == {ADA: 110, BEN: 90, CARLA: 100}
    found = one_bet(run, won)
    assert (found.outcome, found.settlements, found.legs[0].version, one_bet(run, lost).outcome) == (
        "win",
        2,
        1,
        "lose",
    )


def test_of_a_game_that_was_not_played_parlays_are_told_apart_from_what_is_refunded(run, clock):
    frozen = run(make_game)
    other = run(partial(make_game, home="Leeds", away="Burnley", starts_ms=KICK_OFF + 72 * HOUR))
    later = leg(other, listed_ms=KICK_OFF + 72 * HOUR)
    single, parlay = run(lambda tx: (bet(tx, ADA, leg(frozen)), bet(tx, BEN, leg(frozen), later)))
    run(partial(heard, game=frozen, unbegun_ms=KICK_OFF + 49 * HOUR))
    clock.seconds = (24 + 49) * 3600
    sweep(run)
    assert [one_bet(run, number).status for number in (single, parlay)] == ["settled", "open"]
    assert "1 bet refunded, 1 parlay goes on without it." in told(run)


def test_a_parlay_that_had_lost_already_is_not_told_as_refunded(run, clock):
    frozen, other = run(two_games)
    single, lost = run(lambda tx: (bet(tx, ADA, leg(frozen)), bet(tx, BEN, leg(frozen), leg(other))))
    run(partial(heard, game=frozen, unbegun_ms=KICK_OFF + 49 * HOUR))
    after_the_game(clock)
    run(lambda tx: tell(tx, other, score(0, 1)))
    settle_all(run)
    clock.seconds = (24 + 49) * 3600
    sweep(run)
    assert [one_bet(run, number).outcome for number in (single, lost)] == ["void", "lose"]
    assert "or nobody told how it ended: 1 bet refunded." in told(run)


def test_a_bet_that_won_no_more_than_its_stake_is_not_told_as_refunded(run, clock):
    game = run(make_game)
    run(lambda tx: bet(tx, ADA, leg(game, odds=Odds(101, 100))))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert run(wallets)[ADA] == 100
    assert "1 bet settled: 1 won" in told(run)


def test_what_was_played_waits_two_weeks_for_its_result(run, clock):
    game = run(partial(make_game, status="2H"))
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    for hours, outcome in ((14 * 24, None), (15 * 24 + 1, "void")):
        clock.seconds = hours * 3600
        sweep(run)
        assert one_bet(run, number).outcome == outcome


def test_a_guild_may_wait_longer_for_football(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    patient = BetsSection(variants=("soccer_three_days",))
    run(partial(heard, game=game, unbegun_ms=KICK_OFF + 50 * HOUR))
    clock.seconds = (24 + 50) * 3600
    sweep(run, patient)
    assert one_bet(run, number).outcome is None
    sweep(run)
    assert one_bet(run, number).outcome == "void"


def test_a_bet_on_the_new_date_stands_where_one_on_the_old_is_refunded(run, clock):
    game = run(make_game)
    old = run(lambda tx: bet(tx, ADA, leg(game)))
    later = KICK_OFF + 72 * HOUR
    run(lambda tx: tx.execute("UPDATE bet_games SET starts_at = ? WHERE id = ?", (later, game)))
    new = run(lambda tx: bet(tx, BEN, leg(game, listed_ms=later)))
    clock.seconds = (24 + 49) * 3600
    sweep(run)
    clock.seconds = (24 + 74) * 3600
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert (one_bet(run, old).outcome, one_bet(run, new).outcome) == ("void", "win")


def test_a_result_that_moved_out_of_the_window_refunds(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    run(lambda tx: tx.execute("UPDATE bet_games SET starts_at = ?", (KICK_OFF + 49 * HOUR,)))
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    assert one_bet(run, number).outcome == "void"


def test_a_result_that_was_missed_is_found(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    run(lambda tx: (tx.execute("DELETE FROM due"), tx.execute("DELETE FROM bet_gradings")))
    sweep(run)
    assert one_bet(run, number).outcome == "win"


def test_a_bet_that_was_cancelled_is_left_alone(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    run(lambda tx: cancel(tx, GUILD, ADA, number))
    run(lambda tx: tell(tx, game, score(1, 0)))
    assert not run(one_step)
    clock.seconds = 400 * 3600
    sweep(run)
    found = one_bet(run, number)
    assert (found.status, found.outcome, found.legs[0].version, run(wallets)[ADA]) == ("cancelled", None, -1, 100)
    assert run(posts) == {}


def test_a_bet_that_is_settled_cannot_be_cancelled(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(0, 1)))
    settle_all(run)
    with pytest.raises(BetGone):
        run(lambda tx: cancel(tx, GUILD, ADA, number))


def test_a_correction_finds_the_points_of_somebody_forgotten_out_of_circulation(run, clock):
    game = run(make_game)
    number = run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run)
    run(lambda tx: forget_member(tx, GUILD, ADA))
    run(lambda tx: tell(tx, game, score(0, 0, status=GameStatus.CANCELLED)))
    settle_all(run)
    assert one_bet(run, number).outcome == "void"
    assert (run(balances)[RETIRED], run(wallets)) == (100, {BEN: 100, CARLA: 100})


def test_guilds_are_settled_apart(run, clock):
    game = run(make_game)
    run(partial(give, members=(ADA,), points=100, guild_id=2))
    here, there = run(lambda tx: (bet(tx, ADA, leg(game)), bet(tx, ADA, leg(game), guild_id=2, key="other")))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    assert run(one_step)
    assert [one_bet(run, number).status for number in (here, there)] == ["settled", "open"]
    settle_all(run)
    assert run(lambda tx: wallets(tx, 2)) == {ADA: 110}


def test_where_no_channel_is_chosen_nothing_is_told(run, clock):
    game = run(make_game)
    run(lambda tx: bet(tx, ADA, leg(game)))
    after_the_game(clock)
    run(lambda tx: tell(tx, game, score(1, 0)))
    settle_all(run, BetsSection())
    assert run(posts) == {}


def test_games_with_open_bets_are_those_that_feeds_ask_for_first(run):
    first, second = run(two_games)
    run(lambda tx: (bet(tx, ADA, leg(first)), bet(tx, BEN, leg(second))))
    run(lambda tx: forget_bets(tx, GUILD, BEN))
    assert run(games_with_open_bets) == [first]


def test_a_league_in_a_zone_that_nobody_knows_holds_up_no_other_refund(run, clock):
    broken, sound = run(make_game), run(partial(make_game, home="Leeds", away="Hull", league="championship"))
    run(lambda tx: (bet(tx, ADA, leg(broken)), bet(tx, BEN, leg(sound))))
    run(lambda tx: tx.execute("UPDATE bet_leagues SET zone = 'Nowhere' WHERE league_key = 'epl'"))
    run(partial(heard, game=broken, unbegun_ms=KICK_OFF + 49 * HOUR))
    run(partial(heard, game=sound, unbegun_ms=KICK_OFF + 49 * HOUR))
    clock.seconds = (24 + 49) * 3600
    run(lambda tx: steps.sweep(tx, sorted(expired(tx, lambda _: NO_ROWS))))
    while (item := run(next_work)) is not None:
        with suppress(KeyError):
            run(lambda tx, item=item: steps.void(tx, item, BetsSection()))
        run(lambda tx, item=item: due.drop(tx, item))
    assert run(wallets) == {ADA: 90, BEN: 100, CARLA: 100}
