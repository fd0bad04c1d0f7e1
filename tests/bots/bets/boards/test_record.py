"""A member's record, closing line value, and pages of their bets, on each engine."""

from zoneinfo import ZoneInfo

from steward.bots.bets.boards.leaderboard import sums_by_member
from steward.bots.bets.boards.own_bets import own_bets
from steward.bots.bets.boards.record import bet_record, profit_by_day
from steward.bots.bets.boards.streaks import BettingStreaks, betting_streaks
from steward.bots.bets.grading.grades import BetResult
from steward.bots.bets.placing.bets import cancel, find_bets
from steward.bots.bets.section import BetsMode, BetsSection
from steward.runtime.wall_time import day_begins, wall_of
from steward.store import Transaction, to_millis
from tests.bots.bets.boards.bets import ADA, BEN, GUILD, done, on, placed, settled
from tests.bots.bets.fixtures.kept import DAY, HOUR, keeping, one_x_two

UNITS = BetsMode.UNITS


async def two_games(kept):
    await kept.tell(kept.fixture("a", after=HOUR, markets=(one_x_two("2.40", "3.40", "3.60"),)))
    await kept.tell(kept.fixture("b", "Lakers", "Kings", 3 * HOUR, markets=()), league="nba")
    return sorted(await kept.games(), key=lambda game: game.home_name)


async def closing_of(kept, number):
    row = await kept.read(lambda tx: tx.one("SELECT sport, closing_bps FROM bet_bets WHERE id = ?", (number,)))
    return tuple(row)


async def test_a_record_counts_how_bets_ended_with_streaks_and_sports(clock, database):
    async with keeping(clock, database) as kept:
        football, basketball = await two_games(kept)
        kept.pass_by(4 * HOUR)

        def work(tx):
            now = tx.now_ms
            ends = [
                ("win", 250),
                ("push", 100),
                ("win", 250),
                ("void", 100),
                ("half_win", 150),
                ("win", 95),
                ("lose", 0),
            ]
            for at, (outcome, payout) in enumerate(ends):
                done(tx, ADA, outcome, payout, on(football), at_ms=now + at)
            done(tx, ADA, "lose", 0, on(basketball), at_ms=now + 10)
            done(tx, BEN, "win", 250, on(football))
            placed(tx, ADA, on(football), stake=75)

        await kept.store.write(work)
        record = await kept.read(bet_record, GUILD, ADA, UNITS)
        assert record.results == {BetResult.WON: 3, BetResult.PUSH: 1, BetResult.VOID: 1, BetResult.LOST: 3}
        assert (record.total.bets, record.total.profit, record.total.roi_bps) == (7, 145, 2071)
        assert (record.total.valued, record.total.closing_bps) == (6, 416)
        assert {sport: total.profit for sport, total in record.sports.items()} == {"soccer": 245, "nba": -100}
        assert record.streaks == BettingStreaks(-3, 3, 3)
        assert (record.open_bets, record.open_stake) == (1, 75)
        assert (await kept.read(bet_record, GUILD, 999, UNITS)).results == {}


async def test_of_many_bets_only_sums_are_read(clock, tmp_path, monkeypatch):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        football, _ = await two_games(kept)
        await kept.store.write(lambda tx: [done(tx, ADA, "win", 250, on(football)) for _ in range(100)])
        read, every = [], Transaction.all
        monkeypatch.setattr(Transaction, "all", lambda *args: read.append(found := every(*args)) or found)
        assert (await kept.read(bet_record, GUILD, ADA, UNITS)).streaks.wins == 100
        assert sum(map(len, read)) < 10


async def test_the_close_is_the_last_price_before_the_real_start(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        football, basketball = await two_games(kept)
        single, parlay = await kept.store.write(
            lambda tx: (placed(tx, ADA, on(football)), placed(tx, ADA, on(football), on(basketball)))
        )
        await kept.write(settled, single, "void", 100)
        assert await closing_of(kept, single.id) == ("soccer", None)  # it has not begun: there is no close yet
        kept.pass_by(HOUR / 2)
        await kept.tell(kept.fixture("a", after=HOUR / 2, markets=(one_x_two("2.00", "3.40", "4.60"),)))
        kept.pass_by(HOUR)
        later = kept.fixture("a", after=-HOUR / 2, status="LIVE", markets=(one_x_two("1.20", "6.40", "9.60"),))
        await kept.tell(later)
        for bet, outcome in ((single, "win"), (parlay, "lose")):
            await kept.write(settled, bet, outcome, 250)
        assert await closing_of(kept, single.id) == ("soccer", 2500)
        assert await closing_of(kept, parlay.id) == ("several", None)  # nobody told a price of the other leg


async def test_a_parlays_closing_value_is_that_of_all_its_legs(clock, tmp_path):
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        markets = (one_x_two("2.00", "3.40", "4.60"),)
        await kept.tell(kept.fixture("a", after=HOUR, markets=markets))
        await kept.tell(kept.fixture("b", "Leeds", "Burnley", HOUR, markets=markets))
        first, second = await kept.games()
        parlay = await kept.store.write(lambda tx: placed(tx, ADA, on(first, odds="2.20"), on(second, odds="2.20")))
        kept.pass_by(2 * HOUR)
        await kept.write(settled, parlay, "win", 484)
        assert await closing_of(kept, parlay.id) == ("soccer", 2100)


async def test_profit_adds_up_day_by_day_of_the_servers_clock(clock, database):
    async with keeping(clock, database) as kept:
        football, _ = await two_games(kept)
        kept.pass_by(10 * DAY)
        zone = ZoneInfo("Asia/Kathmandu")  # 5:45 ahead

        def work(tx):
            today = to_millis(day_begins(wall_of(tx.now, zone).date(), zone))
            done(tx, ADA, "win", 250, on(football), at_ms=today - 3 * DAY + 5)
            done(tx, ADA, "win", 150, on(football), at_ms=today - 2 * DAY - 1)
            done(tx, ADA, "lose", 0, on(football), at_ms=today - DAY)
            done(tx, BEN, "lose", 0, on(football), at_ms=today)
            return today

        today = await kept.store.write(work)
        own = await kept.read(profit_by_day, GUILD, UNITS, zone, ADA)
        days = [((to_millis(at) - today) / DAY, profit) for at, profit in own]
        assert days == [(-3, 0), (-2, 200), (0, 100)]
        assert (await kept.read(profit_by_day, GUILD, UNITS, zone))[-1].profit == 0
        assert await kept.read(profit_by_day, GUILD, UNITS, zone, 999) == []


async def test_a_corrected_bet_counts_when_it_was_settled_first(clock, database):
    async with keeping(clock, database) as kept:
        football, _ = await two_games(kept)
        kept.pass_by(10 * DAY)

        def work(tx):
            first, second = (placed(tx, ADA, on(football)) for _ in range(2))
            settled(tx, first, "win", 250, tx.now_ms - 8 * DAY)
            settled(tx, second, "lose", 0, tx.now_ms - 7 * DAY)
            settled(tx, first, "lose", 0, tx.now_ms)
            settled(tx, first, "win", 300, tx.now_ms)
            return betting_streaks(tx, GUILD, ADA, UNITS), sums_by_member(tx, GUILD, UNITS, tx.now_ms - 2 * DAY)

        assert await kept.store.write(work) == (BettingStreaks(-1, 1, 1), {})
        own = await kept.read(profit_by_day, GUILD, UNITS, ZoneInfo("UTC"), ADA)
        assert [profit for _, profit in own] == [0, 200, 100]


async def test_a_members_bets_are_paged_the_newest_first(clock, database):
    async with keeping(clock, database) as kept:
        football, _ = await two_games(kept)

        def work(tx):
            bets = [placed(tx, ADA, on(football)) for _ in range(8)]
            placed(tx, BEN, on(football))
            cancel(tx, GUILD, ADA, bets[7].id)
            settled(tx, bets[6], "win", 250)
            return [bet.id for bet in bets]

        numbers = await kept.store.write(work)

        def shown(tx, page, *, is_open):
            found = own_bets(tx, GUILD, ADA, page, BetsSection(), is_open=is_open)
            assert found.games == ({football.id: football} if found.bets else {})
            return [bet.id for bet in found.bets], found.has_more

        assert await kept.read(shown, 0, is_open=True) == (numbers[5:0:-1], True)
        assert await kept.read(shown, 1, is_open=True) == (numbers[:1], False)
        assert await kept.read(shown, 0, is_open=False) == (numbers[:5:-1], False)
        assert await kept.read(shown, 9, is_open=True) == ([], False)
        assert (await kept.read(find_bets, [numbers[0]]))[numbers[0]].user_id == ADA
