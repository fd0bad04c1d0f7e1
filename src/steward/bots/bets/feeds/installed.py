"""The providers that an operator has set up, with their budgets; the code of each is imported only then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

from steward.bots.bets.settings import BetsSettings
from steward.runtime.clock import Clock
from steward.store import Store

if TYPE_CHECKING:
    from steward.bots.bets.feeds.budget import FeedBudget
    from steward.bots.bets.feeds.polling import FeedPolling, GamesWithBets
    from steward.bots.bets.feeds.provider import FeedProvider
    from steward.bots.bets.feeds.reports import FeedReport
    from steward.bots.bets.fixtures.results import OnFinal
    from steward.runtime.http import HttpClient

PER_MINUTE = 10
"""Of both services: eight at once trip the one's limit, and the other's free plan has so many."""
TIMEOUT = 20.0
"""A call over API-Sports' limit hangs for 10 to 15 s, and then says so."""


def feed_client(clock: Clock) -> HttpClient:
    """
    Return the client for providers.

    It retries nothing by itself, since each attempt costs a request, and follows no redirect: keys would go with it.
    """
    from steward.runtime.http import HostLimits, HttpClient

    return HttpClient(
        clock, limits=HostLimits(at_once=1, timeout=TIMEOUT, attempts=1), connections=4, follow_redirects=False
    )


def installed_feeds(settings: BetsSettings, http: HttpClient, clock: Clock) -> list[tuple[FeedProvider, FeedBudget]]:
    """Return the providers that are set up."""
    from steward.bots.bets.feeds.budget import FeedBudget
    from steward.bots.bets.fixtures.leagues import CATALOGUE

    followed = [CATALOGUE[key] for key in settings.bets_leagues]
    feeds: list[tuple[FeedProvider, FeedBudget]] = []
    if settings.odds_api_key is not None:
        from steward.bots.bets.feeds.the_odds_api import TheOddsApi

        budget = FeedBudget(settings.odds_api_requests_per_day, PER_MINUTE)
        feeds.append((TheOddsApi(http, settings.odds_api_key, followed, region=settings.odds_api_region), budget))
    if settings.api_sports_key is not None:
        from steward.bots.bets.feeds.api_sports import ApiSports

        budget = FeedBudget(settings.api_sports_requests_per_day, PER_MINUTE)
        feeds.append((ApiSports(http, settings.api_sports_key, followed), budget))
    if settings.bets_csv_folder is not None:
        from steward.bots.bets.feeds.csv_files import CsvFiles

        feeds.append((CsvFiles(settings.bets_csv_folder, clock), FeedBudget()))
    return feeds


class BetFeeds:
    """The providers of the bets bot, asked as long as it runs."""

    def __init__(self, store: Store, clock: Clock, settings: BetsSettings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._polling: FeedPolling | None = None
        self._holder = token_hex(8) if store.shared else "steward"

    @property
    def is_set_up(self) -> bool:
        """Whether there is anybody to ask."""
        return self._settings.has_feed

    @property
    def problems(self) -> list[str]:
        """What is wrong with providers, a sentence each."""
        return [] if self._polling is None else self._polling.problems

    async def run(self, *, games_with_bets: GamesWithBets, on_final: OnFinal) -> None:
        """
        Ask until cancelled; one call at a time.

        Args:
            games_with_bets: returns the games on which bets are open; their leagues come first.
            on_final: called once a version of a result is ready, in that transaction.

        """
        from steward.bots.bets.feeds.polling import FeedPolling

        async with feed_client(self._clock) as http:
            self._polling = FeedPolling(
                self._store,
                self._clock,
                installed_feeds(self._settings, http, self._clock),
                holder=self._holder,
                games_with_bets=games_with_bets,
                on_final=on_final,
            )
            await self._polling.run()

    async def reports(self) -> Sequence[FeedReport]:
        """Return how each provider is, whichever process asks it."""
        from steward.bots.bets.feeds.reports import feed_reports

        feeds = installed_feeds(self._settings, feed_client(self._clock), self._clock)
        noticed = {} if self._polling is None else self._polling.noticed
        return await self._store.read(partial(feed_reports, feeds=feeds, noticed=dict(noticed)))
