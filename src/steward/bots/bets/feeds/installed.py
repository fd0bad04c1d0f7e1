"""The providers that an operator has set up, with their budgets; the code of each is imported only then."""

from __future__ import annotations

from steward.bots.bets.feeds.budget import FeedBudget
from steward.bots.bets.feeds.provider import FeedProvider
from steward.bots.bets.feeds.settings import FeedSettings
from steward.bots.bets.fixtures.leagues import CATALOGUE
from steward.runtime.clock import Clock
from steward.runtime.http import HostLimits, HttpClient

PER_MINUTE = 10
"""Of both services: eight at once trip the one's limit, and the other's free plan has so many."""
TIMEOUT = 20.0
"""A call over API-Sports' limit hangs for 10 to 15 s, and then says so."""


def feed_client(clock: Clock) -> HttpClient:
    """Return the client for providers: no retries of its own, since each attempt costs a request."""
    return HttpClient(clock, limits=HostLimits(at_once=1, timeout=TIMEOUT, attempts=1), connections=4)


def installed_feeds(settings: FeedSettings, http: HttpClient, clock: Clock) -> list[tuple[FeedProvider, FeedBudget]]:
    """Return the providers that are set up."""
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
