"""Claims, gifts, grants and debts, on each engine where the database decides."""

import asyncio
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger import wallets
from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, RETIRED, find_wallet, season, wallet
from steward.bots.bets.ledger.history import history
from steward.bots.bets.ledger.posting import Movement, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.ledger.seasons import close_season, current_season, standings
from steward.bots.bets.privacy.forgetting import forget_member
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.installed import MIGRATIONS
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances, flaws, ledger_in_memory
from tests.runtime.hand_clock import START, HandClock

SECTION = BetsSection()
HOUR = 3600
ZONES = ("UTC", "Etc/GMT+12", "Pacific/Kiritimati", "Europe/Berlin")


class Bank:
    """A ledger in memory and a clock moved by hand."""

    def __init__(self, run, clock):
        self.run, self.clock, self.section = run, clock, SECTION
        self.uses = 0

    def claim(self, user):
        return self.run(partial(wallets.claim, guild_id=GUILD, user_id=user, section=self.section))

    def give(self, giver, receiver, amount, key=None):
        self.uses += 1
        key = key or f"transfer:{self.uses}"
        return self.run(lambda tx: wallets.give(tx, GUILD, giver, receiver, amount, self.section, key=key))

    def has(self, user):
        found = self.run(lambda tx: find_wallet(tx, GUILD, user))
        return None if found is None else found.balance

    def owes(self, user, amount):
        """Have a member owe so much: what they won is spent, and then taken back."""

        def work(tx):
            won = Movement(f"settle:{user}", "settle", {BOOK: -amount, wallet(user): amount})
            spent = Movement(f"place:{user}", "place", {wallet(user): -amount, BOOK: amount}, user)
            settled, _ = post(tx, GUILD, [won, spent])
            post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values()))

        self.run(work)


@pytest.fixture
def bank():
    clock = HandClock(12 * HOUR)
    with ledger_in_memory(clock) as run:
        yield Bank(run, clock)
        assert run(flaws) == []


def test_the_first_claim_is_the_starting_balance_and_the_others_come_once_a_local_day(bank):
    bank.section = replace(SECTION, zone="America/New_York")
    bank.clock.forward(17.5 * HOUR)  # half past midnight there
    first = bank.claim(ADA)
    assert (first.amount, first.balance, first.is_first) == (1000, 1000, True)
    for _ in range(2):
        with pytest.raises(wallets.ClaimedToday) as refused:
            bank.claim(ADA)
        assert refused.value.again_at == first.again_at
        assert first.again_at.isoformat() == "2026-01-07T05:00:00+00:00"  # midnight there
        bank.clock.forward(23 * HOUR)  # 23:30: there it is still the same day
    second = bank.claim(ADA)
    assert (second.amount, second.balance, second.is_first) == (100, 1100, False)


def test_a_day_of_23_hours_has_one_claim_too(bank):
    bank.section = replace(SECTION, zone="Europe/Berlin")
    bank.clock.forward(81 * 24 * HOUR + 11.5 * HOUR)  # 28 March, 00:30; in the next night the clocks change
    assert bank.claim(ADA).again_at.isoformat() == "2026-03-28T23:00:00+00:00"
    bank.clock.forward(24 * HOUR)
    assert bank.claim(ADA).again_at.isoformat() == "2026-03-29T22:00:00+00:00"


def test_a_claim_late_in_the_evening_is_followed_by_one_in_the_next(bank):
    bank.clock.forward(11 * HOUR)  # 23:00
    assert bank.claim(ADA).again_at.isoformat() == "2026-01-06T19:00:00+00:00"


@pytest.mark.parametrize(("before", "after"), [("UTC", "Pacific/Kiritimati"), ("Pacific/Kiritimati", "Etc/GMT+12")])
def test_a_zone_moved_across_midnight_gives_no_second_claim_within_20_hours(bank, before, after):
    bank.section = replace(SECTION, zone=before)
    bank.claim(ADA)
    bank.section = replace(SECTION, zone=after)
    with pytest.raises(wallets.ClaimedToday) as refused:
        bank.claim(ADA)
    bank.clock.forward(20 * HOUR - 1)
    with pytest.raises(wallets.ClaimedToday):
        bank.claim(ADA)
    bank.clock.seconds = (refused.value.again_at - START).total_seconds()
    assert bank.claim(ADA).amount == 100


@given(st.lists(st.tuples(st.floats(0, 60), st.sampled_from(ZONES)), max_size=12))
def test_claims_are_20_hours_and_a_local_day_apart_wherever_the_clock_is(moves):
    clock = HandClock()
    claimed = []
    with ledger_in_memory(clock) as run:
        for hours, zone in moves:
            clock.forward(hours * HOUR)
            section = replace(SECTION, zone=zone)
            due = run(lambda tx, own=section: wallets.next_claim(tx, GUILD, ADA, own))
            claim = partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=section)
            if due.at is None:
                done = run(claim)
                assert (
                    (done.amount, done.is_first)
                    == (due.amount, due.is_first)
                    == (100 if claimed else 1000, not claimed)
                )
                claimed.append((clock.seconds, clock.now().astimezone(section.zone_info).date()))
            else:
                with pytest.raises(wallets.ClaimedToday) as refused:
                    run(claim)
                assert refused.value.again_at == due.at > clock.now()
        balance = run(lambda tx: find_wallet(tx, GUILD, ADA))
    assert (balance.balance if balance else 0) == max(0, 900 + 100 * len(claimed)) * bool(claimed)
    assert all(later - earlier >= 20 * HOUR for (earlier, _), (later, _) in pairwise(claimed))
    assert len({day for _, day in claimed}) == len(claimed)


def test_who_begins_with_nothing_has_the_daily_claim_at_once(bank):
    bank.section = replace(SECTION, starting_balance=0)
    assert (bank.claim(ADA).amount, bank.has(ADA)) == (100, 100)
    bank.clock.forward(24 * HOUR)
    assert bank.claim(ADA).balance == 200


def test_what_is_promised_is_what_a_claim_gives_however_the_wallet_was_opened(bank):
    def promised():
        due = bank.run(lambda tx: wallets.next_claim(tx, GUILD, ADA, SECTION))
        return due.amount, due.is_first

    assert promised() == (1000, True)
    bank.run(lambda tx: wallets.grant(tx, GUILD, ADA, 5, actor_id=OLGA, key="grant:1"))
    assert promised() == (1000, True)
    assert bank.claim(ADA).balance == 1005
    assert promised() == (100, False)


def test_who_is_forgotten_has_no_second_starting_balance_until_the_next_season(bank):
    bank.claim(ADA)
    bank.run(lambda tx: forget_member(tx, GUILD, ADA))
    with pytest.raises(wallets.ClaimedToday):
        bank.claim(ADA)  # nor a second claim of the day
    for _ in range(2):
        bank.clock.forward(24 * HOUR)
        assert bank.claim(ADA).amount == 100
        bank.run(lambda tx: forget_member(tx, GUILD, ADA))
    bank.run(lambda tx: wallets.claim(tx, 2, ADA, SECTION))  # elsewhere it is another matter
    assert bank.run(lambda tx: find_wallet(tx, 2, ADA)).balance == 1000
    assert bank.claim(BEN).is_first
    bank.run(lambda tx: close_season(tx, GUILD, 1, 700, OLGA))
    bank.clock.forward(24 * HOUR)
    assert bank.claim(ADA).amount == 1000


def test_claiming_giving_and_being_forgotten_again_and_again_makes_no_more_than_staying(bank):
    bank.section = replace(SECTION, gift_limit=10_000, daily_gift_limit=10_000)
    for _ in range(20):
        bank.claim(ADA)
        bank.clock.forward(24 * HOUR)
        bank.give(ADA, BEN, bank.has(ADA))
        bank.run(lambda tx: forget_member(tx, GUILD, ADA))
    assert bank.has(BEN) == 1000 + 19 * 100


def test_what_is_kept_of_the_forgotten_has_no_id_and_is_another_in_each_guild(bank):
    for guild in (GUILD, 2):
        bank.run(lambda tx, guild=guild: wallets.claim(tx, guild, ADA, SECTION))
        bank.run(lambda tx, guild=guild: forget_member(tx, guild, ADA))
    kept = bank.run(lambda tx: tx.all("SELECT member_stand_in FROM bet_former_members"))
    assert len({one for (one,) in kept}) == 2
    assert not any(str(ADA) == one for (one,) in kept)
    assert all(len(one) == 32 for (one,) in kept)


def test_half_told_twice_is_the_half_of_then(bank):
    bank.claim(ADA)
    bank.clock.forward(24 * HOUR)

    def give(typed):
        return bank.run(lambda tx: wallets.give_typed(tx, GUILD, ADA, BEN, typed, SECTION, key="transfer:one"))

    assert [give("half") for _ in range(3)] == [500, 500, 500]
    assert (bank.has(ADA), bank.has(BEN)) == (500, 500)
    bank.run(lambda tx: forget_member(tx, GUILD, ADA))
    assert give("half") == 500


def test_a_debt_forgiven_is_answered_alike_when_told_twice(bank):
    bank.claim(ADA)
    bank.owes(ADA, 1250)
    forgive = partial(wallets.forgive, guild_id=GUILD, user_id=ADA, actor_id=OLGA, key="forgive:1")
    assert [bank.run(forgive) for _ in range(2)] == [250, 250]
    assert bank.has(ADA) == 0


def test_who_was_given_points_first_still_gets_the_starting_balance(bank):
    bank.run(lambda tx: wallets.grant(tx, GUILD, ADA, 5, actor_id=OLGA, key="grant:1"))
    assert bank.claim(ADA).balance == 1005


def test_where_there_is_no_daily_claim_there_is_the_first_only(bank):
    bank.section = replace(SECTION, daily_claim=0)
    assert bank.claim(ADA).amount == 1000
    bank.clock.forward(24 * HOUR)
    with pytest.raises(BetsError, match="no daily claim"):
        bank.claim(ADA)


def test_where_units_are_tracked_nobody_has_a_wallet(bank):
    bank.section = replace(SECTION, mode=BetsMode.UNITS)
    for use in (lambda: bank.claim(ADA), lambda: bank.give(ADA, BEN, 1)):
        with pytest.raises(BetsError, match="units"):
            use()
    assert bank.has(ADA) is None


def test_gifts_keep_to_the_limits_at_once_and_of_the_day(bank):
    bank.claim(ADA)
    with pytest.raises(BetsError, match="wallet is new"):
        bank.give(ADA, BEN, 1)
    bank.clock.forward(24 * HOUR)
    with pytest.raises(BetsError, match="at once is 500 points"):
        bank.give(ADA, BEN, 501)
    assert bank.give(ADA, BEN, 500) == 500
    assert bank.give(ADA, CARLA, 400) == 100
    with pytest.raises(BetsError, match="Left for today: 100 points"):
        bank.give(ADA, BEN, 101)
    with pytest.raises(BetsError, match="new"):
        bank.give(BEN, ADA, 101)  # what came in is not what was given
    bank.clock.forward(12 * HOUR)  # the next day
    with pytest.raises(BetsError, match="You have 100 points, and this takes 101 points"):
        bank.give(ADA, BEN, 101)
    assert bank.give(ADA, BEN, 100) == 0
    bank.section = replace(SECTION, gift_limit=0)
    with pytest.raises(BetsError, match="can't give"):
        bank.give(BEN, ADA, 1)
    with pytest.raises(BetsError, match="empty"):
        bank.section = SECTION
        bank.give(OLGA, ADA, 1)


def test_a_gift_that_is_told_twice_is_made_once_even_beyond_the_limit(bank):
    bank.claim(ADA)
    bank.clock.forward(24 * HOUR)
    bank.section = replace(SECTION, daily_gift_limit=300)
    assert [bank.give(ADA, BEN, 300, "transfer:one") for _ in range(3)] == [700, 700, 700]
    assert (bank.has(ADA), bank.has(BEN)) == (700, 300)


def test_who_owes_can_give_nothing_repays_by_claims_and_can_be_forgiven(bank):
    bank.claim(ADA)
    bank.owes(ADA, 1250)
    bank.clock.forward(24 * HOUR)
    with pytest.raises(BetsError, match="You owe 250 points"):
        bank.give(ADA, BEN, 1)
    assert bank.claim(ADA).balance == -150
    forgive = partial(wallets.forgive, guild_id=GUILD, user_id=ADA, actor_id=OLGA)
    assert [bank.run(partial(forgive, key=f"forgive:{number}")) for number in range(2)] == [150, 0]
    assert bank.has(ADA) == 0
    assert bank.run(partial(forgive, user_id=CARLA, key="forgive:3")) == 0


def test_a_season_keeps_who_had_what_and_the_next_begins_with_the_same_for_all(bank):
    for user in (ADA, BEN, CARLA, OLGA):
        bank.claim(user)
    bank.run(lambda tx: wallets.grant(tx, GUILD, BEN, 500, actor_id=OLGA, key="grant:1"))
    bank.owes(CARLA, 1300)
    bank.run(lambda tx: wallets.retire(tx, GUILD, OLGA))
    now = bank.run(lambda tx: standings(tx, GUILD))
    assert [(one.place, one.user_id, one.points) for one in now.places] == [
        (1, BEN, 1500),
        (2, ADA, 1000),
        (3, CARLA, -300),
    ]
    for _ in range(2):  # whoever presses twice ends it once
        bank.run(lambda tx: close_season(tx, GUILD, 1, 700, OLGA))
        assert bank.run(lambda tx: current_season(tx, GUILD)) == 2
    ended = bank.run(lambda tx: standings(tx, GUILD, 1))
    assert (ended.is_over, ended.places) == (True, now.places)
    assert {bank.has(user) for user in (ADA, BEN, CARLA)} == {700}
    bank.clock.forward(24 * HOUR)
    assert bank.claim(ADA).amount == 100  # no second start
    assert bank.claim(OLGA).is_first  # a stranger
    with pytest.raises(BetsError, match="Season 3 hasn't begun: this is season 2"):
        bank.run(lambda tx: standings(tx, GUILD, 3))
    with pytest.raises(BetsError, match="hasn't begun"):
        bank.run(lambda tx: close_season(tx, GUILD, 3, 700, OLGA))
    bank.run(lambda tx: wallets.retire(tx, GUILD, BEN))
    after = bank.run(lambda tx: standings(tx, GUILD, 1))
    assert [(one.place, one.points) for one in after.places] == [(1, 1500), (2, 1000), (3, -300)]
    assert after.places[0].user_id < 0
    assert bank.run(balances)[RETIRED] == 1700


def test_ties_share_a_place(bank):
    """21 of the complaints."""
    for user in (ADA, BEN, CARLA):
        bank.claim(user)
    bank.owes(CARLA, 1)
    found = bank.run(lambda tx: standings(tx, GUILD))
    assert [one.place for one in found.places] == [1, 1, 3]


def test_a_season_in_which_nobody_had_anything_ends_too(bank):
    bank.run(lambda tx: close_season(tx, GUILD, 1, 0, OLGA))
    bank.run(lambda tx: close_season(tx, GUILD, 2, 1000, OLGA))
    assert bank.run(lambda tx: current_season(tx, GUILD)) == 3
    assert bank.run(balances) == {}
    assert bank.run(lambda tx: standings(tx, GUILD, 2)).places == ()


def test_history_pages_through_every_entry_once(bank):
    bank.claim(ADA)
    for day in range(24):
        bank.clock.forward(24 * HOUR)
        bank.give(ADA, BEN, day + 1)
    pages = [bank.run(lambda tx, page=page: history(tx, GUILD, ADA, page)) for page in range(4)]
    assert [(len(page.lines), page.has_more) for page in pages] == [(10, True), (10, True), (5, False), (0, False)]
    lines = [line for page in pages for line in page.lines]
    assert [line.amount for line in lines] == [*(-day for day in range(24, 0, -1)), 1000]
    assert {line.other_id for line in lines} == {BEN, None}
    assert lines[0].balance == pages[0].balance == 1000 - 300
    assert bank.run(lambda tx: history(tx, GUILD, CARLA, 0)).lines == ()


async def test_wallets_work_on_each_database(clock, database):
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=SECTION))
        await asyncio.sleep(24 * HOUR)
        assert (await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=SECTION))).balance == 1100
        assert await store.write(lambda tx: wallets.give(tx, GUILD, ADA, BEN, 200, SECTION, key="transfer:1")) == 900
        await store.write(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
        await store.write(lambda tx: wallets.retire(tx, GUILD, BEN))
        assert await store.read(balances) == {ISSUANCE: -2100, wallet(ADA): 500, RETIRED: 500, season(1): 1100}
        found = await store.read(lambda tx: history(tx, GUILD, ADA, 0))
        assert [line.kind for line in found.lines] == ["season_begin", "season_close", "transfer", "claim", "claim"]
        assert await store.read(flaws) == []


async def test_two_transfers_of_a_whole_balance_at_once_make_one(clock, database):
    """1 of the complaints."""
    section = replace(SECTION, gift_limit=1000, daily_gift_limit=100_000)
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        await store.write(partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=section))
        await asyncio.sleep(24 * HOUR)

        async def give(number, receiver):
            await store.write(
                lambda tx: wallets.give(tx, GUILD, ADA, receiver, 1000, section, key=f"transfer:{number}")
            )

        told = await asyncio.gather(*(give(number, 50 + number) for number in range(20)), return_exceptions=True)
        assert sum(one is None for one in told) == 1
        assert {type(one) for one in told} == {type(None), BetsError}
        assert sum((await store.read(balances)).values()) == 0
        assert await store.read(flaws) == []


async def test_many_claims_at_once_pay_once(clock, database):
    """2 of the complaints."""
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        claim = partial(wallets.claim, guild_id=GUILD, user_id=ADA, section=SECTION)
        told = await asyncio.gather(*(store.write(claim) for _ in range(20)), return_exceptions=True)
        assert sum(isinstance(one, wallets.Claimed) for one in told) == 1
        assert await store.read(balances) == {ISSUANCE: -1000, wallet(ADA): 1000}
