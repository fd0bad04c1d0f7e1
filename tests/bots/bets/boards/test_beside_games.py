"""Stakes in members' markets and slips of cappers are bets like those on games, on each engine."""

from zoneinfo import ZoneInfo

from steward.bots.bets.boards.exposure import MarketExposure, worst_exposures
from steward.bots.bets.boards.leaderboard import sports_of, sums_by_member
from steward.bots.bets.boards.own_bets import own_bets
from steward.bots.bets.boards.record import bet_record, profit_by_day
from steward.bots.bets.boards.streaks import BettingStreaks
from steward.bots.bets.grading.grades import BetOutcome, BetResult
from steward.bots.bets.ledger.history import history
from steward.bots.bets.markets.manual_slips import ManualSlip, delete_slip, grade_slip, post_slip
from steward.bots.bets.markets.market import VOID_ANSWER
from steward.bots.bets.markets.resolving import settle
from steward.bots.bets.markets.rows import locked
from steward.bots.bets.markets.staking import take_back
from steward.bots.bets.odds.prices import Odds, OddsFormat
from steward.bots.bets.placing.bets import cancel
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.settling.game_grader import BetEnd
from steward.bots.bets.settling.settle import pay
from steward.bots.bets.views.records.own_bets import bets_view
from steward.bots.bets.views.records.wallet_history import history_view
from tests.bots.bets.boards.bets import done, on, placed
from tests.bots.bets.fixtures.kept import DAY, keeping
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA
from tests.bots.bets.markets.made import ODDS, a_market, bet

HOUSE, UNITS = BetsMode.HOUSE, BetsMode.UNITS
SLIP = ManualSlip(1, ADA, "Rain in Bergen", Odds(21, 10, "2.10"), 150)


def answered(tx, number, answer):
    settle(tx, locked(tx, number), answer)


def listed(tx, user, *, is_open):
    """Return how a member's bets are shown, a block each."""
    found = own_bets(tx, GUILD, user, 0, BetsSection(), is_open=is_open)
    (embed,) = bets_view(found, BetsSection(), OddsFormat.DECIMAL, str, is_open=is_open)["embeds"]
    return embed["description"].split("\n\n")


async def test_stakes_in_markets_are_in_records_sums_and_charts(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"))
        game = await kept.game()

        def first(tx):
            a_market(tx)
            a_market(tx, ODDS, number=501)
            a_market(tx, number=502)
            bet(tx, ADA, 1, 40, 1)
            bet(tx, BEN, 2, 60, 2)
            bet(tx, ADA, 2, 10, 3, number=501)
            bet(tx, ADA, 1, 5, 4, number=502)
            answered(tx, 500, 1)

        def second(tx):
            done(tx, ADA, "win", 250, on(game), mode=HOUSE)
            answered(tx, 501, 1)

        await kept.store.write(first)
        kept.pass_by(2 * DAY)
        await kept.store.write(second)
        record = await kept.read(bet_record, GUILD, ADA, HOUSE)
        assert record.results == {BetResult.WON: 2, BetResult.LOST: 1}
        assert {sport: total.profit for sport, total in record.sports.items()} == {"markets": 50, "soccer": 150}
        assert (record.total.profit, record.open_bets, record.open_stake) == (200, 1, 5)
        assert record.streaks == BettingStreaks(-1, 2, 1)
        await kept.write(answered, 502, VOID_ANSWER)
        record = await kept.read(bet_record, GUILD, ADA, HOUSE)
        assert (record.results[BetResult.VOID], record.total.bets, record.open_bets) == (1, 3, 0)
        sums = await kept.read(sums_by_member, GUILD, HOUSE, 0)
        assert {user: total.profit for user, total in sums.items()} == {ADA: 200, BEN: -60}
        assert await kept.read(sums_by_member, GUILD, HOUSE, 0, "markets") != sums
        assert await kept.read(sports_of, GUILD, HOUSE) == ["markets", "soccer"]
        days = await kept.read(profit_by_day, GUILD, HOUSE, ZoneInfo("UTC"), ADA)
        assert [day.profit for day in days] == [0, 60, 200]
        assert (await kept.read(bet_record, GUILD, ADA, UNITS)).results == {}


async def test_slips_are_in_records_of_units_and_stay_in_the_week_of_their_first_grade(clock, database):
    async with keeping(clock, database) as kept:

        def work(tx):
            for number in range(1, 6):
                post_slip(tx, GUILD, ADA, SLIP._replace(id=number), BetsSection(mode=UNITS))
            for number, outcome in ((1, BetOutcome.WIN), (2, BetOutcome.HALF_LOSS), (3, BetOutcome.VOID)):
                grade_slip(tx, GUILD, number, outcome, OLGA)
            delete_slip(tx, GUILD, 4, ADA)

        await kept.store.write(work)
        record = await kept.read(bet_record, GUILD, ADA, UNITS)
        assert record.results == {BetResult.WON: 1, BetResult.LOST: 1, BetResult.VOID: 1}
        assert (record.total.profit, record.open_bets, record.open_stake) == (165 - 75, 1, 150)
        assert record.streaks == BettingStreaks(-1, 1, 1)
        kept.pass_by(8 * DAY)
        since = kept.now - 2 * DAY
        await kept.write(grade_slip, GUILD, 1, BetOutcome.LOSE, OLGA)
        assert await kept.read(sums_by_member, GUILD, UNITS, since) == {}
        assert (await kept.read(sums_by_member, GUILD, UNITS, 0))[ADA].profit == -150 - 75
        assert (await kept.read(bet_record, GUILD, ADA, HOUSE)).results == {}


async def test_own_bets_have_those_on_games_in_markets_and_slips_in_one_order(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"))
        game = await kept.game()

        def begun(tx):
            a_market(tx)
            a_market(tx, ODDS, number=501)
            bet(tx, ADA, 1, 40, 1)

        await kept.store.write(begun)
        kept.pass_by(1000)
        await kept.write(placed, ADA, on(game))
        kept.pass_by(1000)
        await kept.store.write(lambda tx: (bet(tx, BEN, 2, 60, 2), bet(tx, ADA, 1, 10, 3, number=501)))
        kept.pass_by(1000)
        await kept.store.write(
            lambda tx: [
                post_slip(tx, GUILD, ADA, SLIP._replace(id=number), BetsSection(mode=UNITS)) for number in (1, 2)
            ]
        )
        closes = f"closes <t:{(kept.now + 3_597_000) // 1000}:R> · market in <#70>"
        shown = await kept.read(listed, ADA, is_open=True)
        assert shown == [
            "**Rain in Bergen** 2.10\n1.5 units staked, may return 3.15 units, waits for a bet manager · slip",
            "**Rain in Bergen** 2.10\n1.5 units staked, may return 3.15 units, waits for a bet manager · slip",
            f"**Yes** 2.50 · Who wins?\n10 points staked, may return 25 points, {closes}",
            shown[3],
            f"**Yes** in a pool · Who wins?\n40 points staked, pays 2.50 as it stands, {closes}",
        ]
        assert "Arsenal v Chelsea" in shown[3]

        def over(tx):
            answered(tx, 500, 1)
            take_back(tx, GUILD, ADA, 501)
            grade_slip(tx, GUILD, 1, BetOutcome.HALF_LOSS, OLGA)
            delete_slip(tx, GUILD, 2, ADA)

        await kept.store.write(over)
        today = f"<t:{kept.now // 1000}:d>"
        assert await kept.read(listed, ADA, is_open=False) == [
            f"**Rain in Bergen** 2.10\n🗑️ deleted {today}, 1.5 units staked · slip",
            f"**Rain in Bergen** 2.10\n❌ half lost {today}: 1.5 units staked, 0.75 units back · slip",
            f"**Yes** 2.50 · Who wins?\n🚫 taken back {today}, 10 points staked · market in <#70>",
            f"**Yes** in a pool · Who wins?\n✅ won {today}: 40 points staked, 100 points back · market in <#70>",
        ]
        assert "❌ lost" in (await kept.read(listed, BEN, is_open=False))[0]


async def test_a_market_is_exposed_by_what_its_worst_answer_costs_and_a_pool_by_nothing(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"))
        game = await kept.game()

        def work(tx):
            a_market(tx)
            a_market(tx, ODDS, number=501)
            bet(tx, ADA, 1, 40, 1)
            bet(tx, CARLA, 1, 30, 2, number=501)
            bet(tx, ADA, 1, 10, 3, number=501)
            bet(tx, BEN, 2, 30, 4, number=501)
            placed(tx, BEN, on(game), stake=50, mode=HOUSE)

        await kept.store.write(work)
        found = await kept.read(worst_exposures, GUILD, 10)
        assert found[0].game == game
        assert found[1:] == [
            MarketExposure("Who wins?", is_pool=False, worst=30, bets=3, staked=70),
            MarketExposure("Who wins?", is_pool=True, worst=0, bets=1, staked=40),
        ]
        assert len(await kept.read(worst_exposures, GUILD, 2)) == 2
        await kept.write(answered, 501, 1)
        assert [one.worst for one in await kept.read(worst_exposures, GUILD, 10)] == [75, 0]


async def test_each_entry_of_a_wallet_names_the_game_or_the_market_that_it_is_about(clock, database):
    async with keeping(clock, database) as kept:
        await kept.tell(kept.fixture("a"), kept.fixture("b", "Leeds", "Burnley"))
        arsenal, leeds = sorted(await kept.games(), key=lambda game: game.home_name)

        def shown(tx):
            (embed,) = history_view(history(tx, GUILD, ADA, 0), BetsSection())["embeds"]
            return [line.partition("> ")[2].rpartition(" · ")[0] for line in embed["description"].splitlines()]

        def work(tx):
            a_market(tx)
            a_market(tx, ODDS, number=501)
            single = placed(tx, ADA, on(arsenal), stake=10, mode=HOUSE)
            parlay = placed(tx, ADA, on(arsenal), on(leeds), stake=20, mode=HOUSE)
            pay(tx, GUILD, {parlay.id: parlay}, {parlay.id: BetEnd(BetOutcome.WIN, 18)})
            cancel(tx, GUILD, ADA, single.id)
            bet(tx, ADA, 1, 10, 1)
            bet(tx, ADA, 1, 5, 2)
            bet(tx, BEN, 2, 60, 3)
            bet(tx, ADA, 1, 4, 4, number=501)
            take_back(tx, GUILD, ADA, 501)
            bet(tx, ADA, 1, 4, 5, number=501)
            answered(tx, 500, 1)
            answered(tx, 501, 0)
            return single.id, parlay.id

        single, parlay = await kept.store.write(work)
        assert await kept.read(shown) == [
            "**+4 points** “Who wins?”: stake back",
            "**+75 points** “Who wins?”: won",
            "**-4 points** staked on “Who wins?”",
            "**+4 points** “Who wins?”: stake taken back",
            "**-4 points** staked on “Who wins?”",
            "**-5 points** staked on “Who wins?”",
            "**-10 points** staked on “Who wins?”",
            f"**+10 points** Arsenal v Chelsea (bet {single}): cancelled, stake back",
            f"**+18 points** a parlay of 2 legs (bet {parlay}): lost, a part of the stake back",
            f"**-20 points** staked on a parlay of 2 legs (bet {parlay})",
        ]
