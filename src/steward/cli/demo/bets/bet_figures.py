"""The figures of a demo's bets: what members know and reckon, compared with what the bot stores."""

from __future__ import annotations

from dataclasses import dataclass

from steward.cli.demo.event_figures import EventTally

NONE = EventTally(0, 0)


@dataclass(frozen=True, slots=True)
class BetFigures:
    """
    The figures of one run's bets.

    Attributes:
        placed: bets as members confirmed them, and those in the bot's database.
        parlays: how many of them have several legs.
        asked_again: slips whose odds had moved when they were confirmed.
        settled: bets with what they pay, reckoned from the scores, and those in the database.
        refunded: bets on a game that was put off, and those that were void.
        corrected: bets that a corrected result pays otherwise, and those that were settled twice.
        market: stakes in a member's market with what they pay, reckoned, and those in the database.
        posts: messages about games that were due, and those that were there.
        wallets: members with the points that they reckon, and those in the ledger.
        staked, paid: points, in bets and in the market.
        transactions, entries: of the whole ledger; `flaws`: where it doesn't add up, as `steward bets audit` finds it.
        failed: what members could not do, a sentence each.

    """

    placed: EventTally = NONE
    parlays: int = 0
    asked_again: int = 0
    settled: EventTally = NONE
    refunded: EventTally = NONE
    corrected: EventTally = NONE
    market: EventTally = NONE
    posts: EventTally = NONE
    wallets: EventTally = NONE
    staked: int = 0
    paid: int = 0
    transactions: int = 0
    entries: int = 0
    flaws: int = 0
    failed: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """What is wrong, in a few words each."""
        tallies = {
            "a bet was not recorded as it was confirmed": self.placed,
            "a bet was not paid as its games ended": self.settled,
            "a bet on the game that was put off was not refunded once": self.refunded,
            "a bet that a corrected result pays otherwise was not settled anew once": self.corrected,
            "a stake in the market was not paid as agreed": self.market,
            "a message about a game is missing or was sent twice": self.posts,
            "a wallet doesn't hold what its member reckons": self.wallets,
        }
        found = [words for words, compared in tallies.items() if not compared.holds]
        if self.flaws:
            found.append(f"the ledger doesn't add up in {self.flaws} places")
        return found + list(self.failed)
