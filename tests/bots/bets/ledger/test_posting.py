"""Transactions are posted once each, all or none, and nothing is taken that isn't there."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from steward.bots.bets.errors import BetsError
from steward.bots.bets.ledger.accounts import (
    BOOK,
    BREAKAGE,
    ISSUANCE,
    RETIRED,
    Account,
    AccountKind,
    escrow,
    pool,
    season,
    wallet,
)
from steward.bots.bets.ledger.posting import KeyReused, Movement, NotEnough, find, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.ledger.seasons import close_season
from steward.bots.bets.ledger.wallets import retire
from steward.bots.installed import MIGRATIONS
from steward.errors import Broken
from steward.store import open_store
from tests.bots.bets.ledger.book import ADA, BEN, GUILD, OLGA, balances, flaws, ledger_in_memory
from tests.runtime.hand_clock import HandClock


@pytest.fixture
def run():
    with ledger_in_memory(HandClock()) as run:
        yield run


def posted(run, *movements, guild=GUILD):
    return run(lambda tx: post(tx, guild, movements))


def issue(key="c1", amount=100, to=ADA):
    return Movement(key, "claim", {ISSUANCE: -amount, wallet(to): amount}, to)


def placed(key="p1", stake=100, by=ADA, bet=1):
    return Movement(key, "place", {wallet(by): -stake, escrow(bet): stake}, by)


def won(key="s1", stake=100, payout=250, by=ADA, bet=1):
    return Movement(key, "settle", {escrow(bet): -stake, BOOK: stake - payout, wallet(by): payout})


PEOPLE = {"A": 1, "B": 2, "C": 3}


def account(name, bet):
    """Read a name of the cases; their escrow is that of the bet at hand."""
    kind, _, owner = name.partition(":")
    if kind == "escrow":
        return escrow(bet)
    return Account(AccountKind(kind), PEOPLE.get(owner) or int(owner or 0))


def named(found):
    """Return balances by the cases' names, in which there is one escrow."""
    letters = {number: letter for letter, number in PEOPLE.items()}
    totals = Counter()
    for one, balance in found.items():
        named = f"wallet:{letters[one.owner_id]}" if one.kind == "wallet" else str(one)
        totals["escrow" if one.kind == "escrow" else named] += balance
    return {name: total for name, total in totals.items() if total}


async def test_every_case_of_the_oracle_ends_with_its_balances(clock, database, shared_data):
    cases = json.loads((shared_data / "bets" / "settlement-cases.json").read_text())["ledger"]
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        for guild_id, case in enumerate(cases, 1):
            bet, ids = 0, {}
            for step in case["steps"]:
                bet += step["kind"] in {"place", "pool"}
                entries = {account(name, bet): amount for name, amount in step["entries"]}
                movement = Movement(step["key"], step["kind"], entries, reverses=ids.get(step["reverses"]))

                def work(tx, step=step, movement=movement, guild_id=guild_id):
                    if movement.reverses is not None:  # the mirror that we make is the one of the case
                        made = reversals(tx, guild_id, [movement.reverses])[movement.reverses]
                        assert made.entries == movement.entries
                    (done,) = post(tx, guild_id, [movement])
                    return done

                try:
                    done = await store.write(work)
                    result = "duplicate" if done.is_replay else "ok"
                    ids[step["key"]] = done.id
                except NotEnough:
                    result = "insufficient"
                assert result == step["result"], (case["title"], step["key"])
                now = await store.read(lambda tx, guild_id=guild_id: balances(tx, guild_id))
                assert named(now) == step["balances"], (case["title"], step["key"])
        assert len(cases) == 12
        assert await store.read(flaws) == []


def test_the_same_key_with_the_same_body_returns_the_first_answer(run):
    (first,) = posted(run, issue())
    posted(run, placed())
    (again,) = posted(run, issue())
    assert (again.id, again.balances, again.is_replay) == (first.id, first.balances, True)
    assert run(balances) == {ISSUANCE: -100, escrow(1): 100}
    assert run(lambda tx: find(tx, GUILD, "c1")) == first.id


@pytest.mark.parametrize(
    "other", [issue(amount=101), issue(to=BEN), replace(issue(), kind="grant"), replace(issue(), reverses=1)]
)
def test_the_same_key_with_another_body_is_an_error(run, other):
    posted(run, issue())
    with pytest.raises(KeyReused):
        posted(run, other)
    with pytest.raises(KeyReused):
        posted(run, issue("c2"), replace(other, key="c2"))
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 100}


def test_a_key_is_of_its_guild(run):
    posted(run, issue())
    (other,) = posted(run, issue(amount=5), guild=2)
    assert not other.is_replay
    assert run(lambda tx: balances(tx, 2)) == {ISSUANCE: -5, wallet(ADA): 5}


def test_what_does_not_sum_to_zero_is_refused(run):
    with pytest.raises(Broken, match=r"sum to \+1"):
        posted(run, Movement("x", "claim", {ISSUANCE: -100, wallet(ADA): 101}))
    assert run(balances) == {}


def test_all_are_posted_or_none(run):
    with pytest.raises(NotEnough):
        posted(run, issue(), issue("c2", to=BEN), placed(stake=101))
    assert run(lambda tx: tx.all("SELECT * FROM bet_accounts")) == []


def test_what_one_transaction_brings_the_next_of_the_same_post_may_spend_and_not_the_other_way_round(run):
    posted(run, issue(), placed())
    with pytest.raises(NotEnough) as refused:
        posted(run, placed("p2", bet=2), issue("c2"))
    assert (refused.value.account, refused.value.balance, refused.value.needed) == (wallet(ADA), 0, 100)
    posted(run, issue("c2"), placed("p2", bet=2))
    assert run(balances) == {ISSUANCE: -200, escrow(1): 100, escrow(2): 100}
    assert run(flaws) == []


def test_a_bet_is_settled_or_cancelled_once_whatever_the_key(run):
    """3, 4, 5 of the complaints: the escrow of a bet holds its stake once."""
    posted(run, issue(), placed())
    cancelled = Movement("cancel:1", "cancel", {escrow(1): -100, wallet(ADA): 100}, ADA)
    posted(run, cancelled)
    for again in (replace(cancelled, key="cancel:1 again"), won()):
        with pytest.raises(NotEnough, match="escrow:1"):
            posted(run, again)
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 100}


def test_a_pool_pays_at_most_what_is_in_it(run):
    """8 of the complaints."""
    posted(run, issue(), Movement("j1", "join", {wallet(ADA): -100, pool(7): 100}))
    with pytest.raises(NotEnough, match="pool:7"):
        posted(run, Movement("s1", "settle", {pool(7): -101, wallet(ADA): 101}))
    posted(run, Movement("s1", "settle", {pool(7): -100, wallet(ADA): 99, BREAKAGE: 1}))
    assert run(balances) == {ISSUANCE: -100, wallet(ADA): 99, BREAKAGE: 1}


def test_settle_then_reverse_is_as_if_nothing_had_been(run):
    posted(run, issue(), placed())
    before = run(balances)
    (settled,) = posted(run, won())
    for _ in range(2):  # the second is a replay
        run(lambda tx: post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values())))
        assert run(balances) == before
    assert run(flaws) == []


def test_a_wallet_is_overdrawn_by_a_reversal_only_and_repaid_by_what_comes_in(run):
    """7 of the complaints."""
    posted(run, issue(), placed())
    (settled,) = posted(run, won())
    posted(run, Movement("t1", "transfer", {wallet(ADA): -200, wallet(BEN): 200}, ADA))
    lost = Movement("s2", "settle", {escrow(1): -100, BOOK: 100})
    run(lambda tx: post(tx, GUILD, [reversals(tx, GUILD, [settled.id])[settled.id], lost]))
    assert run(balances)[wallet(ADA)] == -200
    for refused in (placed("p2", stake=1, bet=2), Movement("t2", "transfer", {wallet(ADA): -1, wallet(BEN): 1})):
        with pytest.raises(NotEnough):
            posted(run, refused)
    posted(run, issue("c2", 150))
    assert run(balances)[wallet(ADA)] == -50
    posted(run, issue("c3", 60), placed("p3", stake=10, bet=3))
    assert wallet(ADA) not in run(balances)
    assert run(flaws) == []


def test_what_a_closed_season_has_settled_stays(run):
    posted(run, issue(), placed())
    (settled,) = posted(run, won())
    run(lambda tx: close_season(tx, GUILD, 1, 500, OLGA))
    with pytest.raises(BetsError, match="season that has ended"):
        run(lambda tx: reversals(tx, GUILD, [settled.id]))
    (later,) = posted(run, placed("p2", stake=200, bet=2))
    run(lambda tx: reversals(tx, GUILD, [later.id]))
    with pytest.raises(LookupError):
        run(lambda tx: reversals(tx, 2, [later.id]))


def test_what_is_taken_back_of_a_forgotten_member_is_taken_of_the_retired(run):
    posted(run, issue(), placed())
    (settled,) = posted(run, won())
    run(lambda tx: retire(tx, GUILD, ADA))
    run(lambda tx: post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values())))
    assert run(balances) == {ISSUANCE: -100, escrow(1): 100}
    assert run(flaws) == []
    assert RETIRED not in run(balances)


def test_a_reversal_told_again_after_its_member_was_forgotten_is_the_one_of_then(run):
    posted(run, issue(), placed())
    (settled,) = posted(run, won())

    def take_back():
        return run(lambda tx: post(tx, GUILD, list(reversals(tx, GUILD, [settled.id]).values())))

    (first,) = take_back()
    run(lambda tx: retire(tx, GUILD, ADA))
    (again,) = take_back()
    assert (again.id, again.is_replay) == (first.id, True)
    assert run(balances) == {ISSUANCE: -100, escrow(1): 100}


async def test_ten_thousand_bets_are_settled_in_few_statements(clock, database):
    many = 10_000 if database.startswith("sqlite") else 1000
    people = range(1000, 1000 + many // 2)
    async with open_store(database, clock, migrations=MIGRATIONS) as store:
        for bets in (range(many // 2), range(many // 2, many)):
            both = [(bet, people[bet % len(people)]) for bet in bets]
            moves = [issue(f"c{bet}", 10, by) for bet, by in both] + [
                placed(f"p{bet}", 10, by, bet) for bet, by in both
            ]
            await store.write(lambda tx, moves=moves: post(tx, GUILD, moves))
        settle = [won(f"settle:{bet}:1", 10, 25, people[bet % len(people)], bet) for bet in range(many)]
        before = store.watch.queries
        done = await store.write(lambda tx: post(tx, GUILD, settle))
        assert store.watch.queries - before < 500  # some 20,000 accounts, 200 in each
        assert len({one.id for one in done}) == many
        again = await store.write(lambda tx: post(tx, GUILD, settle[: many // 10]))
        assert [(one.id, one.balances, one.is_replay) for one in again] == [
            (one.id, one.balances, True) for one in done[: many // 10]
        ]
        left = await store.read(balances)
        assert left == {ISSUANCE: -10 * many, BOOK: -15 * many, **{wallet(by): 50 for by in people}}
        assert await store.read(flaws) == []
        assert season(1) not in left
