"""A market for tests, with a clock moved by hand; what is due is done as the bot does it."""

from __future__ import annotations

from steward.bots.bets.ledger.accounts import wallet
from steward.bots.bets.markets import early, resolving, staking
from steward.bots.bets.markets.rows import market_of
from steward.bots.bets.privacy.forgetting import forget_member
from steward.store.due import due
from tests.bots.bets.ledger.book import ADA, BEN, CARLA, GUILD, OLGA, balances
from tests.bots.bets.markets.made import MARKET, bet

HOUR, DAY = 3600, 86_400
DORA, EVA, FINN = 14, 15, 16


class Fair:
    """A market, and a clock moved by hand; what is due is done as the bot does it."""

    def __init__(self, run, clock):
        self.run, self.clock = run, clock

    def bet(self, user, outcome, amount, press, **options):
        return self.run(lambda tx: bet(tx, user, outcome, amount, press, **options))

    def back(self, user):
        return self.run(lambda tx: staking.take_back(tx, GUILD, user, MARKET))

    def propose(self, user, answer, *, manages=False):
        return self.run(lambda tx: resolving.propose(tx, GUILD, user, MARKET, answer, manages=manages))

    def confirm(self, user, answer):
        return self.run(lambda tx: resolving.confirm(tx, GUILD, user, MARKET, answer))

    def object(self, user):
        return self.run(lambda tx: resolving.object_to(tx, GUILD, user, MARKET))

    def decide(self, user, answer):
        return self.run(lambda tx: resolving.decide(tx, GUILD, user, MARKET, answer))

    def close(self, user, *, manages=False):
        return self.run(lambda tx: early.close_market(tx, GUILD, user, MARKET, manages=manages))

    def void(self, user, reason="A typo"):
        return self.run(lambda tx: early.void_market(tx, GUILD, user, MARKET, reason))

    def forget(self, user):
        self.run(lambda tx: forget_member(tx, GUILD, user))

    @property
    def former(self):
        """Of how many parts in markets stand-ins are kept."""
        return self.run(lambda tx: tx.value("SELECT COUNT(*) FROM bet_market_former_members"))

    def later(self, seconds):
        self.clock.forward(seconds)

        def work(tx):
            while (item := due.first(tx, ["bet_market"], GUILD)) is not None:
                assert due.drop(tx, item)
                resolving.happen(tx, item)

        self.run(work)

    def confirmed(self, answer):
        """Close the market, and have two people agree."""
        self.later(HOUR)
        self.propose(OLGA, answer)
        self.confirm(DORA, answer)

    @property
    def market(self):
        return self.run(lambda tx: market_of(tx, MARKET))

    @property
    def points(self):
        now = self.run(balances)
        return [now.get(wallet(user), 0) for user in (ADA, BEN, CARLA)]

    def told(self, words):
        return self.run(lambda tx: tx.value("SELECT COUNT(*) FROM outbox WHERE payload LIKE ?", (f"%{words}%",)))
