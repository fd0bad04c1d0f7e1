"""Asks the providers, each in a loop of its own, within their budgets, and takes in what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from steward.bots.bets.feeds import keeping
from steward.bots.bets.feeds.budget import FeedBudget, may_spend
from steward.bots.bets.feeds.keeping import FeedState
from steward.bots.bets.feeds.provider import FeedProvider, FeedRefused, Refusal
from steward.bots.bets.feeds.schedule import PlannedCall, plan, resting
from steward.bots.bets.fixtures import unmatched
from steward.bots.bets.fixtures.intake import take_in
from steward.bots.bets.fixtures.leagues import League, keep_leagues
from steward.bots.bets.fixtures.results import OnFinal
from steward.errors import Broken, NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.http import Unusable
from steward.runtime.limits import Limiter, LimitReached, Rule
from steward.runtime.logs.loggers import get_logger
from steward.runtime.resilience.failures import retry_after
from steward.runtime.waiting import wait_within
from steward.store import Store, Transaction, to_millis

log = get_logger(__name__)

LOOK_EVERY = 60.0
LOOK_MS = round(LOOK_EVERY * 1000)
AT_ONCE = 50
"""Calls of one round, after which it is looked anew what is due."""
BASE_DELAY, MAX_DELAY = 60.0, 1800.0
RESTS: Mapping[Refusal, timedelta] = {
    Refusal.KEY: timedelta(hours=1),
    Refusal.QUOTA: timedelta(hours=6),
    Refusal.RATE: timedelta(minutes=2),
    Refusal.LEAGUE: timedelta(hours=12),
}
BROKEN_RESTS = timedelta(minutes=30)

GamesWithBets = Callable[[Transaction], Collection[int]]
"""Returns the games on which bets are open."""


class FeedReport(NamedTuple):
    """How a provider is, for the operator."""

    title: str
    budget: FeedBudget
    state: FeedState
    problems: Sequence[str]


class _Feed(NamedTuple):
    provider: FeedProvider
    budget: FeedBudget
    limiter: Limiter


class FeedPolling:
    """
    Asks providers for what bets need.

    Guarantee: no more requests a day and a minute than a provider's budget; one that fails, hangs or refuses holds up
    no other, and is asked again later and later, up to half an hour.

    Args:
        feeds: providers with their budgets.
        games_with_bets: whose leagues come first.
        on_final: see there.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        feeds: Sequence[tuple[FeedProvider, FeedBudget]],
        *,
        games_with_bets: GamesWithBets,
        on_final: OnFinal,
    ) -> None:
        self._store = store
        self._clock = clock
        self._feeds = [
            _Feed(provider, budget, Limiter({"minute": Rule(budget.per_minute, per=60.0)}, clock))
            for provider, budget in feeds
        ]
        self._games_with_bets = games_with_bets
        self._on_final = on_final
        self._problems: dict[str, Sequence[str]] = {}
        self._numbers: dict[str, int] = {}

    @property
    def problems(self) -> list[str]:
        """What is wrong with providers, a sentence each."""
        return [problem for problems in self._problems.values() for problem in problems]

    async def run(self) -> None:
        """Ask until cancelled; one call of this at a time."""
        async with asyncio.TaskGroup() as running:
            for feed in self._feeds:
                running.create_task(self._run(feed), name=f"poll {feed.provider.name}")

    async def reports(self) -> list[FeedReport]:
        """Return how each provider is."""

        def work(tx: Transaction) -> list[FeedReport]:
            return [
                FeedReport(
                    feed.provider.title,
                    feed.budget,
                    keeping.feed_state(tx, feed.provider.name),
                    keeping.problems_of(tx, feed.provider.name),
                )
                for feed in self._feeds
            ]

        return await self._store.read(work)

    async def _run(self, feed: _Feed) -> None:
        with self._store.listening(unmatched.TOPIC) as decided:
            while True:
                decided.clear()
                pause = LOOK_EVERY
                try:
                    pause = await self._round(feed)
                except (NotReady, NeedsOperator) as error:  # the database, or the operator's folder
                    feed.provider.tell_anew()
                    if self._problems.get(feed.provider.name) != [str(error)]:  # one line an outage, not one a minute
                        log.warning("bets_feed_delayed", feed=feed.provider.name, error=str(error))
                    self._problems[feed.provider.name] = [str(error)]
                except Exception as error:  # what one feed tells, however odd, holds up no other
                    feed.provider.tell_anew()
                    log.error("bets_feed_broken", feed=feed.provider.name, exc_info=error)
                    self._problems[feed.provider.name] = [f"What {feed.provider.title} tells can't be read."]
                    pause = BROKEN_RESTS.total_seconds()
                await wait_within(decided, pause)
                if decided.is_set():
                    feed.provider.tell_anew()

    async def _round(self, feed: _Feed) -> float:
        """Make the calls that are due, and return the seconds until it is worth to look again."""
        provider = feed.provider
        leagues = {league.key: league for league in await provider.leagues()}
        if not leagues.keys() <= self._numbers.keys():
            self._numbers = await self._store.write(partial(keep_leagues, leagues=leagues.values()))
        by_number = {self._numbers[key]: league for key, league in leagues.items()}
        for _ in range(AT_ONCE):
            planned, state = await self._store.read(partial(self._plan, feed=feed, leagues=list(by_number)))
            self._problems[provider.name] = [] if state.problem is None else [state.problem]
            now = self._clock.now()
            now_ms, rests_ms = to_millis(now), resting(state.rests_until_ms, to_millis(now))
            due = [one for one in planned if max(one.due_ms, rests_ms) <= now_ms]
            if not due:
                wait_ms = max(min((one.due_ms for one in planned), default=now_ms + LOOK_MS), rests_ms) - now_ms
                return max(1.0, min(LOOK_MS, wait_ms) / 1000)
            call = next((one for one in due if self._may(feed, one, state, now)), None)
            if call is None:
                return LOOK_EVERY
            try:
                await feed.limiter.check(minute=provider.name)
            except LimitReached as reached:
                return reached.retry_after
            await self._ask(provider, call, by_number[call.league])
        return 0.0

    def _may(self, feed: _Feed, call: PlannedCall, state: FeedState, now: datetime) -> bool:
        cost = feed.provider.calls[call.kind].cost
        return may_spend(feed.budget, state.spent, cost, now, is_urgent=call.is_urgent)

    def _plan(self, tx: Transaction, feed: _Feed, leagues: Sequence[int]) -> tuple[list[PlannedCall], FeedState]:
        needs = keeping.needs_of(tx, feed.provider.name, leagues, self._games_with_bets(tx))
        return plan(needs, feed.provider.calls, tx.now_ms), keeping.feed_state(tx, feed.provider.name)

    async def _ask(self, provider: FeedProvider, call: PlannedCall, league: League) -> None:
        """Make a call, and take in its answer; what goes wrong with it is kept."""
        cost, kinds = provider.calls[call.kind]

        def taken(tx: Transaction) -> None:
            take_in(tx, league, call.league, provider.name, answer, self._on_final)
            keeping.spend(tx, provider.name, max(0, (answer.cost or 0) - cost))
            keeping.note_success(tx, provider.name, call.league, kinds, answer.remaining)

        if cost:
            await self._store.write(partial(keeping.spend, provider=provider.name, cost=cost))
        try:
            answer = await provider.fetch(call.kind, league, self._clock.now())
        except FeedRefused as refused:
            log.warning("bets_feed_refused", feed=provider.name, league=league.key, error=str(refused))
            await self._rest(
                provider, RESTS[refused.refusal], refused, call if refused.refusal is Refusal.LEAGUE else None
            )
            return
        except (NotReady, Unusable) as error:
            await self._back_off(provider.name, error)
            return
        try:
            await self._store.write(taken)
        except (NotReady, NeedsOperator):
            raise
        except Exception as error:
            log.error("bets_feed_broken", feed=provider.name, league=league.key, exc_info=error)
            provider.tell_anew()
            await self._rest(
                provider, BROKEN_RESTS, Broken(f"What {provider.title} tells of {league.name} can't be kept."), call
            )

    async def _rest(
        self, provider: FeedProvider, rests: timedelta, error: Exception, call: PlannedCall | None = None
    ) -> None:
        """Have a provider rest, or only what one call asks for."""
        until_ms = to_millis(self._clock.now() + rests)
        note = partial(keeping.note_failure, provider=provider.name, until_ms=until_ms, problem=str(error))
        if call is not None:
            note = partial(
                keeping.note_refusal,
                provider=provider.name,
                league=call.league,
                kind=call.kind,
                until_ms=until_ms,
                problem=str(error),
            )
        await self._store.write(note)

    async def _back_off(self, provider: str, error: Exception) -> None:
        """Have a provider rest that has no usable answer, the longer the more often."""

        def work(tx: Transaction) -> int:
            failures = keeping.feed_state(tx, provider).failures + 1
            rest = full_jitter(failures, base_delay=BASE_DELAY, max_delay=MAX_DELAY)
            until = tx.now + timedelta(seconds=max(rest, retry_after(error)))
            keeping.note_failure(tx, provider, to_millis(until), str(error))
            return failures

        if await self._store.write(work) == 1:  # one line an outage, not one a try
            log.warning("bets_feed_failed", feed=provider, error=str(error))
