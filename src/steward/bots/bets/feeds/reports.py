"""How each provider is, for the operator: its budget, what is left of it, its last answer, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from steward.bots.bets.feeds import keeping
from steward.bots.bets.feeds.budget import FeedBudget
from steward.bots.bets.feeds.keeping import FeedState
from steward.bots.bets.feeds.provider import FeedProvider
from steward.bots.bets.fixtures.results import count_waiting_results
from steward.bots.bets.fixtures.unmatched import count_waiting
from steward.store import Transaction
from steward.text.plurals import counted


class FeedReport(NamedTuple):
    """How a provider is; `problems` are sentences."""

    title: str
    budget: FeedBudget
    state: FeedState
    problems: Sequence[str]


def what_waits(tx: Transaction) -> list[str]:
    """Return how much of bets waits for the operator, as a sentence; nothing if nothing does."""
    names, results = count_waiting(tx), count_waiting_results(tx)
    parts = [counted(names, "name of a team or game", "names of teams or games")] if names else []
    parts += [counted(results, "result")] if results else []
    if not parts:
        return []
    verb = "waits" if names + results == 1 else "wait"
    return [f"{' and '.join(parts)} of bets {verb} for you: see `steward bets waiting`."]


def feed_reports(tx: Transaction, feeds: Collection[tuple[FeedProvider, FeedBudget]]) -> list[FeedReport]:
    """Return how providers are."""
    leagues = [league for (league,) in tx.all("SELECT id FROM bet_leagues")]
    return [
        FeedReport(
            provider.title,
            budget,
            keeping.feed_state(tx, provider.name),
            keeping.problems_of(tx, provider.name, leagues),
        )
        for provider, budget in feeds
    ]
