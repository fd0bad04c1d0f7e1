"""What members call the ends of bets and the periods of leaderboards, in choices of commands and in messages."""

from __future__ import annotations

from steward.bots.bets.boards.leaderboard import BoardPeriod
from steward.bots.bets.fixtures.leagues import PERSON, PROVIDER_TITLES
from steward.bots.bets.grading.grades import BetOutcome, BetResult, result_of

ENDS = {
    BetOutcome.WIN: "won",
    BetOutcome.LOSE: "lost",
    BetOutcome.PUSH: "push, stake back",
    BetOutcome.VOID: "void, stake back",
    BetOutcome.HALF_WIN: "half won",
    BetOutcome.HALF_LOSS: "half lost",
    BetOutcome.DEAD_HEAT: "dead heat",
}
PERIODS = {BoardPeriod.WEEK: "this week", BoardPeriod.MONTH: "this month", BoardPeriod.SEASON: "this season"}
SIGNS = {BetResult.WON: "✅", BetResult.LOST: "❌", BetResult.PUSH: "↩️", BetResult.VOID: "↩️"}
_OF_WINS = {BetResult.WON: "won", BetResult.LOST: "lost in part", BetResult.PUSH: "stake back"}


def ended(outcome: BetOutcome, stake: int, payout: int) -> tuple[str, str]:
    """Return the sign and the words for how a bet ended: one that paid less than its stake wasn't won."""
    result = result_of(outcome, stake, payout)
    return SIGNS[result], _OF_WINS[result] if outcome is BetOutcome.WIN else ENDS[outcome]


def provider_name(provider: str) -> str:
    """Return what a provider of results is called; a person is whoever runs the bot."""
    return "Whoever runs the bot" if provider == PERSON else PROVIDER_TITLES.get(provider, provider)
