"""Asks the providers, each in a loop of its own, within their budgets, and takes in what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from steward.bots.bets.feeds import keeping
from steward.bots.bets.feeds.budget import FeedBudget, next_call
from steward.bots.bets.feeds.keeping import FeedState
from steward.bots.bets.feeds.provider import FeedProvider, FeedRefused, Refusal
from steward.bots.bets.feeds.reports import what_waits
from steward.bots.bets.feeds.schedule import PlannedCall, plan, resting
from steward.bots.bets.fixtures import unmatched
from steward.bots.bets.fixtures.intake import IntakeCount, take_in
from steward.bots.bets.fixtures.leagues import League, keep_leagues
from steward.bots.bets.fixtures.results import OnFinal
from steward.errors import Broken, NeedsOperator, NotReady
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.runtime.http import Unusable
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


class _Feed(NamedTuple):
    provider: FeedProvider
    budget: FeedBudget


class _Look(NamedTuple):
    """What is due of a provider, and how it is."""

    planned: Sequence[PlannedCall]
    state: FeedState
    problems: Sequence[str]
    waiting: list[str]


class FeedPolling:
    """
    Asks providers for what bets need.

    Guarantee: no more requests a day and a minute than a provider's budget, however many processes share a database
    and however often they restart; one that fails, hangs or refuses holds up no other, and is asked again later and
    later, up to half an hour.

    Args:
        feeds: providers with their budgets.
        holder: the name of this process, which no other one has.
        games_with_bets: whose leagues come first.
        on_final: see there.

    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        feeds: Sequence[tuple[FeedProvider, FeedBudget]],
        *,
        holder: str,
        games_with_bets: GamesWithBets,
        on_final: OnFinal,
    ) -> None:
        self._store = store
        self._clock = clock
        self._feeds = [_Feed(*feed) for feed in feeds]
        self._holder = holder
        self._games_with_bets = games_with_bets
        self._on_final = on_final
        self._problems: dict[str, Sequence[str]] = {}
        self._waiting: list[str] = []
        self._numbers: dict[str, int] = {}

    @property
    def problems(self) -> list[str]:
        """What is wrong with providers, a sentence each."""
        return [problem for problems in self._problems.values() for problem in problems] + self._waiting

    @property
    def noticed(self) -> Mapping[str, Sequence[str]]:
        """What this process knows to be wrong with a provider, by its name: also what can't be kept."""
        return self._problems

    async def run(self) -> None:
        """Ask until cancelled; one call of this at a time."""
        async with asyncio.TaskGroup() as running:
            for feed in self._feeds:
                running.create_task(self._run(feed), name=f"poll {feed.provider.name}")

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
        if not await self._store.write(partial(keeping.hold, provider=provider.name, holder=self._holder)):
            self._problems[provider.name] = []  # the process that asks it tells them
            return LOOK_EVERY
        leagues = {league.key: league for league in await provider.leagues()}
        if not leagues.keys() <= self._numbers.keys():
            self._numbers = await self._store.write(partial(keep_leagues, leagues=leagues.values()))
        by_number = {self._numbers[key]: league for key, league in leagues.items()}
        for _ in range(AT_ONCE):
            look = await self._store.read(partial(self._look, feed=feed, leagues=list(by_number)))
            planned, state, self._problems[provider.name], self._waiting = look
            now = self._clock.now()
            now_ms, rests_ms = to_millis(now), resting(state.rests_until_ms, to_millis(now))
            due = [one for one in planned if max(one.due_ms, rests_ms) <= now_ms]
            if not due:
                wait_ms = max(min((one.due_ms for one in planned), default=now_ms + LOOK_MS), rests_ms) - now_ms
                return max(1.0, min(LOOK_MS, wait_ms) / 1000)
            call = next_call(due, feed.budget, provider.calls, state.spent, now)
            if call is None:
                return LOOK_EVERY
            wait = await self._store.write(partial(self._reserve, feed=feed, call=call))
            if wait:
                return wait
            await self._ask(provider, call, by_number[call.league])
        return 0.0

    def _look(self, tx: Transaction, feed: _Feed, leagues: Sequence[int]) -> _Look:
        name = feed.provider.name
        needs = keeping.needs_of(tx, name, leagues, self._games_with_bets(tx))
        planned = plan(needs, feed.provider.calls, tx.now_ms)
        problems = keeping.problems_of(tx, name, leagues)
        return _Look(planned, keeping.feed_state(tx, name), problems, what_waits(tx))

    def _reserve(self, tx: Transaction, feed: _Feed, call: PlannedCall) -> float:
        """Return 0 if a call may be made now, by this process; else the seconds to wait."""
        if not keeping.hold(tx, feed.provider.name, self._holder):
            return LOOK_EVERY
        return keeping.reserve(tx, feed.provider.name, call.kind, feed.provider.calls[call.kind].cost, feed.budget)

    async def _ask(self, provider: FeedProvider, call: PlannedCall, league: League) -> None:
        """Make a call, and take in its answer; what goes wrong with it is kept."""
        cost, kinds = provider.calls[call.kind]

        def taken(tx: Transaction) -> IntakeCount:
            count = take_in(tx, league, call.league, provider.name, answer, self._on_final)
            keeping.spend_more(tx, provider.name, (answer.cost or 0) - cost)
            keeping.note_success(tx, provider.name, call.league, kinds, answer.remaining)
            return count

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
            count = await self._store.write(taken)
        except (NotReady, NeedsOperator):
            raise
        except Exception as error:
            log.error("bets_feed_broken", feed=provider.name, league=league.key, exc_info=error)
            provider.tell_anew()
            await self._rest(
                provider, BROKEN_RESTS, Broken(f"What {provider.title} tells of {league.name} can't be kept."), call
            )
        else:
            if count.new or answer.skipped:
                found = {**count._asdict(), "skipped": answer.skipped}
                log.info("bets_feed_told", feed=provider.name, league=league.key, **found)

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
