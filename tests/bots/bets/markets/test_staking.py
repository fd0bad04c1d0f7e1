"""Bets in markets on each engine: many at once, from the first to the last point paid."""

import asyncio
from functools import partial

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.kinds import MARKET as KIND
from steward.bots.bets.ledger.accounts import ISSUANCE, wallet
from steward.bots.bets.markets import resolving, staking
from steward.bots.bets.markets.market import MarketStatus
from steward.bots.bets.markets.rows import OFFERED, market_of, named_markets, unsettled
from steward.bots.bets.markets.upkeep import shown_market
from steward.bots.bets.placing.confirming import place_slip, require_stake
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.privacy.personal import BETS_DATA
from steward.bots.bets.section import BetsSection
from steward.bots.bets.slips.checks import OverLimit
from steward.bots.bets.slips.kept import SLIPS
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from steward.store.due import due
from tests.bots.bets.fixtures.kept import keeping
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws
from tests.bots.bets.markets.made import MARKET, ODDS, SECTION, a_market, bet
from tests.bots.bets.placing.slips import derby, on_home

HOUR, DAY = 3600, 86_400


async def tried(store, work):
    """Return whether a unit of work was done, and not refused with a sentence."""
    try:
        await store.write(work)
    except BetsError:
        return False
    return True


async def do_what_is_due(store):
    def work(tx):
        while (item := due.first(tx, [KIND], GUILD)) is not None:
            assert due.drop(tx, item)
            resolving.happen(tx, item)

    await store.write(work)


async def test_bets_at_the_same_time_take_no_more_than_is_in_the_wallet_and_are_paid_once(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await store.write(a_market)
        bets = [partial(bet, user=ADA, outcome=1, amount=10, press=press) for press in range(20)]
        bets += [partial(bet, user=BEN, outcome=2, amount=30, press=press) for press in range(100, 106)]
        assert sum(await asyncio.gather(*(tried(store, work) for work in bets))) == 10 + 3
        again = partial(bet, user=BEN, outcome=2, amount=30, press=200)
        back = [partial(staking.take_back, guild_id=GUILD, user_id=BEN, market_id=MARKET) for _ in range(3)]
        assert sum(await asyncio.gather(*(tried(store, work) for work in back))) == 1
        assert all(await asyncio.gather(*(tried(store, again) for _ in range(3))))  # a form that is sent three times
        assert (await store.read(partial(market_of, market_id=MARKET))).staked == 130
        await asyncio.sleep(HOUR)
        propose = partial(resolving.propose, guild_id=GUILD, market_id=MARKET, answer=1, manages=True)
        assert all(await asyncio.gather(*(tried(store, partial(propose, user_id=user)) for user in (OLGA, 21))))
        confirm = partial(resolving.confirm, guild_id=GUILD, market_id=MARKET, answer=1)
        confirmed = await asyncio.gather(*(tried(store, partial(confirm, user_id=user)) for user in range(30, 40)))
        assert sum(confirmed) == 1
        await asyncio.sleep(DAY)
        await asyncio.gather(*(do_what_is_due(store) for _ in range(3)))
        now = await store.read(balances)
        assert now == {ISSUANCE: -300, wallet(ADA): 130, wallet(BEN): 70, wallet(CARLA): 100}
        assert await store.read(flaws) == []


async def test_the_house_risks_no_more_however_many_bet_at_once(clock, database):
    section = BetsSection(market_exposure=60)
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await store.write(partial(a_market, outcomes=ODDS))
        bets = [
            partial(bet, user=user, outcome=1, amount=10, press=10 * user + press, section=section)
            for user in (ADA, BEN, CARLA)
            for press in range(5)
        ]
        assert sum(await asyncio.gather(*(tried(store, work) for work in bets))) == 4  # each risks 15
        assert await store.read(flaws) == []


async def test_a_market_is_listed_shown_and_told_to_who_asks_what_is_kept(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await store.write(a_market)
        await store.write(partial(bet, user=ADA, outcome=1, amount=10, press=1))
        ((market,), has_more) = await store.read(partial(unsettled, guild_id=GUILD, page=0))
        assert (market.status, market.staked, has_more) == (MarketStatus.OPEN, 10, False)
        assert await store.read(partial(named_markets, guild_id=GUILD)) == [("Who wins?", MARKET)]
        shown = await store.read(partial(shown_market, market_id=MARKET, section_of=lambda _: SECTION))
        assert shown.content["embeds"][0]["footer"]["text"].startswith("A pool of 10 points: the winners share")
        await asyncio.sleep(HOUR)
        await store.write(
            partial(resolving.propose, guild_id=GUILD, user_id=OLGA, market_id=MARKET, answer=1, manages=False)
        )

        def told(tx, user):
            found = {data.name: data.read(tx, GUILD, user) for data in BETS_DATA if data.name.startswith("market")}
            return {name: len(records) for name, records in found.items() if records}

        assert await store.read(partial(told, user=ADA)) == {"market_stakes": 1}
        assert await store.read(partial(told, user=OLGA)) == {"markets": 1, "market_steps": 1}
        for user in (ADA, OLGA):
            await store.write(partial(forget_member, guild_id=GUILD, user_id=user))
        assert await store.read(partial(told, user=ADA)) == {}
        assert await store.read(partial(told, user=OLGA)) == {"markets_before": 1}
        with pytest.raises(BetsError, match="your market"):
            await store.write(partial(bet, user=OLGA, outcome=1, amount=10, press=2))
        await asyncio.sleep(2 * DAY)
        await do_what_is_due(store)
        assert await store.read(partial(told, user=OLGA)) == {}
        with pytest.raises(BetsError, match="isn't there"):
            await store.read(partial(market_of, market_id=MARKET, guild_id=GUILD + 1))


async def test_markets_that_are_due_next_are_offered_first_then_the_newest_settled_ones(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:

        def work(tx):
            tx.executemany(
                "INSERT INTO bet_markets (id, guild_id, channel_id, creator_id, question, source, takeout_bps, made_at,"
                " closes_at, deadline_at, status) VALUES (?, ?, 1, 1, 'Who?', 'The scorer', 0, 0, 0, ?, ?)",
                [(number, GUILD, -number, "settled" if number % 2 else "objected") for number in range(OFFERED + 4)],
            )
            return [number for _, number in named_markets(tx, GUILD)]

        unsettled_ones = range(OFFERED + 2, -1, -2)
        settled = range(OFFERED + 3, 0, -2)
        assert await store.write(work) == [*unsettled_ones, *settled][:OFFERED]


@pytest.mark.parametrize(
    ("limits", "outcome", "amount", "told"),
    [
        ({"stake_limit": 30}, 1, 31, "The largest stake here is 30 points."),
        ({"return_limit": 70}, 1, 30, "could return 75 points, and the most here is 70 points"),
        ({"daily_limit": 30}, 2, 31, "You can bet 30 points in a day here. Left: 30 points."),
    ],
)
async def test_what_the_guild_takes_of_a_bet_it_takes_in_a_market(clock, tmp_path, limits, outcome, amount, told):
    async with open_store(f"sqlite:///{tmp_path}/db", clock, migrations=MIGRATIONS) as store:
        await store.write(partial(a_market, outcomes=ODDS))
        section = BetsSection(**limits)
        with pytest.raises(OverLimit, match=told):
            await store.write(partial(bet, user=ADA, outcome=outcome, amount=amount, press=1, section=section))
        await store.write(partial(bet, user=ADA, outcome=2, amount=28, press=2, section=section))


async def test_the_limit_of_one_game_says_nothing_of_markets(clock, tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/db", clock, migrations=MIGRATIONS) as store:
        await store.write(a_market)
        section = BetsSection(game_limit=30)
        await store.write(partial(bet, user=ADA, outcome=1, amount=31, press=1, section=section))


async def test_a_day_counts_bets_and_markets_together(clock, tmp_path):
    section = BetsSection(daily_limit=50)
    async with keeping(clock, f"sqlite:///{tmp_path}/db") as kept:
        game = await derby(kept)
        await kept.write(a_market)
        await kept.write(bet, ADA, 1, 20, 1, section)
        with pytest.raises(OverLimit, match="Left: 30 points"):
            await kept.write(require_stake, GUILD, ADA, on_home(game.id, 1, kept.now, 31), section)
        placed = await kept.write(place_slip, GUILD, ADA, on_home(game.id, 1, kept.now, 30), section, SLIPS)
        assert placed.stake == 30
        with pytest.raises(OverLimit, match="Left: 0 points"):
            await kept.write(bet, ADA, 1, 1, 2, section)
        await kept.write(staking.take_back, GUILD, ADA, MARKET)
        await kept.write(bet, ADA, 1, 20, 3, section)
