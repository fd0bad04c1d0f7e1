"""How each provider is, for the operator: its budget, what is left of it, its last answer, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from steward.bots.bets.feeds import keeping
from steward.bots.bets.feeds.budget import FeedBudget
from steward.bots.bets.feeds.keeping import FeedState
from steward.bots.bets.feeds.provider import FeedProvider
from steward.bots.bets.fixtures.results import count_waiting_results
from steward.bots.bets.fixtures.unmatched import count_waiting
from steward.store import Transaction
from steward.text.plurals import counted

USED_UP = "Its requests of today are used up. What costs any is asked for again from midnight (UTC) on."
NONE_LEFT = "By its own count it has no requests left for another call."


class FeedReport(NamedTuple):
    """How a provider is; `problems` are sentences."""

    title: str
    budget: FeedBudget
    state: FeedState
    problems: Sequence[str]

    @property
    def spent(self) -> int:
        """Requests of today."""
        return sum(self.state.spent.values())


def what_waits(tx: Transaction) -> list[str]:
    """Return how much of bets waits for the operator, as a sentence; nothing if nothing does."""
    names, results = count_waiting(tx), count_waiting_results(tx)
    parts = [counted(names, "name of a team or game", "names of teams or games")] if names else []
    parts += [counted(results, "result")] if results else []
    if not parts:
        return []
    verb = "waits" if names + results == 1 else "wait"
    return [f"{' and '.join(parts)} of bets {verb} for you: see `/feeds`."]


def feed_reports(
    tx: Transaction,
    feeds: Collection[tuple[FeedProvider, FeedBudget]],
    noticed: Mapping[str, Sequence[str]] | None = None,
) -> list[FeedReport]:
    """
    Return how providers are.

    Args:
        noticed: what is wrong with a provider by its name, as the process knows that asks it.

    """
    leagues = [league for (league,) in tx.all("SELECT id FROM bet_leagues")]
    reports = []
    for provider, budget in feeds:
        state = keeping.feed_state(tx, provider.name)
        problems = [*keeping.problems_of(tx, provider.name, leagues), *(noticed or {}).get(provider.name, ())]
        problems += _used_up(provider, budget, state)
        reports.append(FeedReport(provider.title, budget, state, list(dict.fromkeys(problems))))
    return reports


def _used_up(provider: FeedProvider, budget: FeedBudget, state: FeedState) -> list[str]:
    """Return what is left of no budget, a sentence each."""
    costs = [call.cost for call in provider.calls.values() if call.cost]
    if not costs:
        return []
    over = budget.per_day is not None and sum(state.spent.values()) + min(costs) > budget.per_day
    empty = state.remaining is not None and state.remaining < min(costs)
    return [USED_UP] * over + [NONE_LEFT] * empty
