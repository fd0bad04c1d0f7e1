"""Who is ahead: the sums are the database's, the places are ours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.boards.leaderboard import (
    BetSum,
    BoardOrder,
    BoardPeriod,
    added,
    beginning,
    begins_ms,
    leaderboard,
    sports_of,
    sums_by_member,
)
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.placing.bets import forget_bets
from steward.bots.bets.section import BetsMode
from tests.bots.bets.boards.bets import ADA, BEN, CARLA, GUILD, done, on
from tests.bots.bets.fixtures.kept import DAY, HOUR, keeping, one_x_two

UNITS = BetsMode.UNITS
PROFIT, ROI, CLOSING = BoardOrder


def of(profit, bets=1, staked=100):
    return BetSum(bets, staked, staked + profit)


def places(board):
    return [(one.place, one.user_id) for one in board.places]


@pytest.mark.parametrize(
    ("period", "now", "zone", "began"),
    [
        (BoardPeriod.WEEK, datetime(2026, 12, 2, tzinfo=UTC), "UTC", datetime(2026, 11, 30, tzinfo=UTC)),
        (
            BoardPeriod.WEEK,
            datetime(2026, 11, 30, 2, tzinfo=UTC),
            "America/New_York",
            datetime(2026, 11, 23, 5, tzinfo=UTC),
        ),
        (
            BoardPeriod.MONTH,
            datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
            "Europe/Berlin",
            datetime(2026, 11, 30, 23, tzinfo=UTC),
        ),
    ],
)
def test_weeks_and_months_begin_by_the_guilds_clock(period, now, zone, began):
    assert beginning(period, now, ZoneInfo(zone)) == began


def test_ties_share_a_place_and_the_next_is_skipped():
    # 21 of the complaints
    board = leaderboard({1: of(70), 2: of(70), 3: of(50), 4: of(-10)}, PROFIT, 1, 0, ())
    assert places(board) == [(1, 1), (1, 2), (3, 3), (4, 4)]


def test_who_left_or_was_forgotten_has_no_place_and_counts_in_the_sums():
    # 20 of the complaints
    board = leaderboard({1: of(70), 2: of(60), 3: of(50), None: of(-500, bets=7)}, PROFIT, 1, 0, {1})
    assert places(board) == [(1, 2), (2, 3)]
    assert (board.total.profit, board.total.bets, board.members) == (-320, 10, 4)


def test_return_on_stakes_asks_for_a_number_of_bets_and_profit_does_not():
    sums = {1: of(90, bets=1), 2: of(20, bets=10), 3: of(40, bets=12, staked=400)}
    assert places(leaderboard(sums, ROI, 10, 0, ())) == [(1, 2), (2, 3)]
    assert leaderboard(sums, ROI, 10, 0, ()).short == 1
    assert places(leaderboard(sums, PROFIT, 10, 0, ())) == [(1, 1), (2, 3), (3, 2)]


def test_who_has_no_closing_line_value_has_no_place_by_it():
    sums = {1: BetSum(3, 1, 1, 2, -7), 2: BetSum(3, 1, 1), 3: BetSum(3, 1, 1, 1, 5)}
    assert places(leaderboard(sums, CLOSING, 1, 0, ())) == [(1, 3), (2, 1)]
    assert sums[1].closing_bps == -4


@given(
    st.dictionaries(st.integers(1, 300), st.integers(-5, 5), max_size=130),
    st.integers(0, 20),
    st.sets(st.integers(1, 300)),
)
def test_pages_have_everybody_who_is_there_once_up_to_the_hundredth(profits, page, absent):
    sums = {user_id: of(profit) for user_id, profit in profits.items()}
    every = [leaderboard(sums, PROFIT, 1, at, absent) for at in range(11)]
    shown = [one for board in dict.fromkeys(every) for one in board.places]
    first = sorted(profits, key=lambda user_id: (-profits[user_id], user_id))[:100]
    assert [one.user_id for one in shown] == [user_id for user_id in first if user_id not in absent]
    assert all(one.place == 1 + sum(other.total.profit > one.total.profit for other in shown) for one in shown)
    assert leaderboard(sums, PROFIT, 1, page, absent).total == added(sums.values())


async def test_sums_are_of_settled_bets_of_a_time_a_mode_and_a_sport(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a", after=HOUR, markets=(one_x_two("2.40", "3.40", "3.60"),)))
        await kept.tell(kept.fixture("b", "Lakers", "Kings", HOUR), league="nba")
        kept.pass_by(2 * HOUR)
        football, basketball = sorted(await kept.games(), key=lambda game: game.home_name)

        def work(tx):
            now = tx.now_ms
            done(tx, ADA, "win", 250, on(football))
            done(tx, ADA, "lose", 0, on(football, odds="2.30"))
            done(tx, ADA, "void", 100, on(football))
            done(tx, ADA, "push", 100, on(basketball, market="spread", line=8))
            done(tx, ADA, "win", 900, on(football), at_ms=now - 30 * DAY)
            done(tx, BEN, "half_win", 120, on(basketball, market="spread", line=9))
            done(tx, CARLA, "lose", 0, on(football))
            forget_bets(tx, GUILD, CARLA)
            return now

        now = await kept.store.write(work)
        # Closing line value: 2.50 and 2.30 against 2.40.
        ada = BetSum(3, 300, 350, 2, 416 - 417)
        assert await kept.read(sums_by_member, GUILD, UNITS, now - DAY) == {
            ADA: ada,
            BEN: BetSum(1, 100, 120, 0, 0),
            None: BetSum(1, 100, 0, 1, 416),
        }
        assert await kept.read(sums_by_member, GUILD, UNITS, now - DAY, "soccer") == {
            ADA: BetSum(2, 200, 250, 2, -1),
            None: BetSum(1, 100, 0, 1, 416),
        }
        assert (await kept.read(sums_by_member, GUILD, UNITS, 0))[ADA].returned == 1250
        assert await kept.read(sums_by_member, GUILD, BetsMode.HOUSE, 0) == {}
        assert await kept.read(sums_by_member, GUILD + 1, UNITS, 0) == {}
        assert await kept.read(sports_of, GUILD, UNITS) == ["nba", "soccer"]


async def test_a_season_begins_as_the_one_before_ends(clock, database):
    async with keeping(clock, database) as kept:
        utc = ZoneInfo("UTC")
        assert await kept.read(begins_ms, GUILD, BoardPeriod.SEASON, utc) == 0
        await kept.write(close_season, GUILD, 1, 1000, 5)
        closed = kept.now
        kept.pass_by(DAY)
        assert await kept.read(begins_ms, GUILD, BoardPeriod.SEASON, utc) == pytest.approx(closed, abs=1000)


async def test_sums_are_made_of_an_index_alone(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        assert await kept.read(steps_of, lambda tx: sums_by_member(tx, GUILD, UNITS, 0, "soccer")) == [
            "SEARCH bet_bets USING COVERING INDEX bet_bets_sums (guild_id=? AND mode=? AND status=?)",
            "SEARCH bet_manual_slips USING COVERING INDEX bet_manual_slips_sums (guild_id=? AND status=?)",
        ]
        in_points = await kept.read(steps_of, lambda tx: sums_by_member(tx, GUILD, BetsMode.HOUSE, 0))
        assert in_points[1:] == [
            "SEARCH bet_market_stakes USING COVERING INDEX bet_market_stakes_sums (guild_id=? AND status=?)"
        ]


def steps_of(tx, work):
    """Return how SQLite goes about what a unit of work reads."""
    seen = []
    read = tx.all
    tx.all = lambda sql, params=(): seen.append((sql, params)) or read(sql, params)
    work(tx)
    return [str(row["detail"]) for sql, params in seen for row in read(f"EXPLAIN QUERY PLAN {sql}", params)]
