"""Whatever is done in whatever order, the ledger says what a simple model says, and an audit finds nothing."""

from contextlib import ExitStack

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from steward.bots.bets.ledger.accounts import BOOK, ISSUANCE, RETIRED, escrow, season, wallet
from steward.bots.bets.ledger.posting import Movement, NotEnough, post
from steward.bots.bets.ledger.reversals import reversals
from steward.bots.bets.ledger.seasons import close_season, current_season
from steward.bots.bets.ledger.wallets import retire
from tests.bots.bets.ledger.book import GUILD, OLGA, balances, flaws, ledger_in_memory
from tests.runtime.hand_clock import HandClock

members = st.integers(11, 14)
amounts = st.integers(1, 150)


class LedgerMachine(RuleBasedStateMachine):
    """The model: what each account has, and of each bet its stake, its bettor and its settlement, if any."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.run = self.stack.enter_context(ledger_in_memory(HandClock()))
        self.model = {}
        self.bets = {}
        self.posted = []
        self.count = 0

    def teardown(self):
        self.stack.close()

    def move(self, kind, entries, **options):
        """Post one, in the model too; return its id, or None where the model says that something lacks."""
        self.count += 1
        movement = Movement(f"{kind}:{self.count}", kind, entries, **options)
        lacks = any(
            amount < 0 and self.model.get(account, 0) < -amount
            for account, amount in entries.items()
            if account.kind in {"wallet", "escrow"} and "reverses" not in options
        )
        if lacks:
            with pytest.raises(NotEnough):
                self.run(lambda tx: post(tx, GUILD, [movement]))
            return None
        (done,) = self.run(lambda tx: post(tx, GUILD, [movement]))
        self.apply(entries)
        assert done.balances == {account: self.model[account] for account, amount in entries.items() if amount}
        self.posted.append((movement, done))
        return done.id

    def apply(self, entries):
        for account, amount in entries.items():
            self.model[account] = self.model.get(account, 0) + amount

    @rule(member=members, amount=amounts)
    def claim(self, member, amount):
        self.move("claim", {ISSUANCE: -amount, wallet(member): amount})

    @rule(giver=members, receiver=members, amount=amounts)
    def give(self, giver, receiver, amount):
        if giver != receiver:
            self.move("transfer", {wallet(giver): -amount, wallet(receiver): amount}, actor_id=giver)

    @rule(member=members, stake=amounts)
    def place(self, member, stake):
        bet = self.count + 1
        if self.move("place", {wallet(member): -stake, escrow(bet): stake}, actor_id=member) is not None:
            self.bets[bet] = [member, stake, None]

    @rule(data=st.data(), payout=st.integers(0, 400))
    def settle(self, data, payout):
        bet = data.draw(st.sampled_from(sorted(self.bets) or [0]))
        if bet:
            member, stake, settled = self.bets[bet]
            entries = {escrow(bet): -stake, BOOK: stake - payout, wallet(member): payout}
            done = self.move("settle", entries)
            assert (done is None) == (settled is not None)
            if done is not None:
                self.bets[bet][2] = done, entries

    @rule(data=st.data())
    def take_back(self, data):
        done = sorted(bet for bet, (_, _, settled) in self.bets.items() if settled)
        bet = data.draw(st.sampled_from(done or [0]))
        if bet:
            id_, entries = self.bets[bet][2]
            (movement,) = self.run(lambda tx: reversals(tx, GUILD, [id_])).values()
            assert movement.entries == {account: -amount for account, amount in entries.items() if amount}
            self.run(lambda tx: post(tx, GUILD, [movement]))
            self.apply(movement.entries)
            self.bets[bet][2] = None

    @rule(data=st.data())
    def replay(self, data):
        if self.posted:
            movement, done = data.draw(st.sampled_from(self.posted))
            (again,) = self.run(lambda tx: post(tx, GUILD, [movement]))
            assert (again.id, again.balances, again.is_replay) == (done.id, done.balances, True)

    @rule(member=members)
    def forget(self, member):
        self.run(lambda tx: retire(tx, GUILD, member))
        had = self.model.pop(wallet(member), 0)
        self.model[RETIRED] = self.model.get(RETIRED, 0) + had
        self.posted = [one for one in self.posted if wallet(member) not in one[0].entries]
        self.bets = {bet: one for bet, one in self.bets.items() if one[0] != member}

    @rule(start=st.integers(0, 300))
    def end_season(self, start):
        number = self.run(lambda tx: current_season(tx, GUILD))
        self.run(lambda tx: close_season(tx, GUILD, number, start, OLGA))
        for account in [one for one in self.model if one.kind == "wallet"]:
            self.apply({season(number): self.model[account], ISSUANCE: -start, account: start - self.model[account]})
        self.bets = {bet: one for bet, one in self.bets.items() if one[2] is None}

    @invariant()
    def the_ledger_is_what_the_model_says(self):
        assert self.run(balances) == {account: amount for account, amount in self.model.items() if amount}
        assert self.run(flaws) == []


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(max_examples=60, stateful_step_count=40)
