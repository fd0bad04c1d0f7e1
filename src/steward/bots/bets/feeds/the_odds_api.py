"""
The Odds API, version 4: fixtures for free, prices by region and market, scores.

It knows no postponed games and no scores of periods, and a finished game leaves its lists. Facts as of its
documentation and of recorded responses; `error_code` says what a refusal is, since the status differs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from steward.bots.bets.feeds.consensus import middle_of
from steward.bots.bets.feeds.provider import CallKind, FeedCall, FeedRefused, Refusal
from steward.bots.bets.fixtures.fixture import (
    ENDED,
    LONGEST_REF,
    NOT_STARTED,
    PLAYING,
    FeedAnswer,
    FeedFixture,
    FeedPrice,
    FeedResult,
    PricedMarket,
)
from steward.bots.bets.fixtures.leagues import ODDS_API, PROVIDER_TITLES, League
from steward.bots.bets.grading.lines import QUARTERS
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.odds.prices import BadOdds, Odds, OddsFormat, read_odds
from steward.runtime.http import HostAway, HttpAnswer, HttpClient, HttpRefused, Unusable
from steward.settings.secret import Secret
from steward.store import to_millis
from steward.text.cutting import cut_label

ADDRESS = "https://api.the-odds-api.com/v4"
MARKETS = ("h2h", "spreads", "totals")
HANDICAPS = frozenset({"spread", "asian_handicap"})
KINDS: Mapping[tuple[str, bool], tuple[str, list[str]]] = {
    ("h2h", True): ("1x2", ["away", "draw", "home"]),
    ("h2h", False): ("moneyline", ["away", "home"]),
    ("spreads", True): ("asian_handicap", ["away", "home"]),
    ("spreads", False): ("spread", ["away", "home"]),
    ("totals", True): ("total", ["over", "under"]),
    ("totals", False): ("total", ["over", "under"]),
}
"""Our market and its selections, by theirs and whether it is of soccer."""
DAYS_FROM = 2  # scores of so many days
REFUSALS: Mapping[str, Refusal] = {
    "MISSING_KEY": Refusal.KEY,
    "INVALID_KEY": Refusal.KEY,
    "DEACTIVATED_KEY": Refusal.KEY,
    "EXCEEDED_FREQ_LIMIT": Refusal.RATE,
    "OUT_OF_USAGE_CREDITS": Refusal.QUOTA,
}
"""Every other code is of one call."""
BY_STATUS: Mapping[str, Refusal] = {"401": Refusal.KEY, "403": Refusal.KEY, "429": Refusal.RATE}


class TheOddsApi:
    """
    The Odds API.

    Args:
        region: whose bookmakers; each costs as much again.
        followed: the leagues to ask for.

    """

    name, title = ODDS_API, PROVIDER_TITLES[ODDS_API]
    calls: Mapping[CallKind, FeedCall] = {
        CallKind.FIXTURES: FeedCall(0, frozenset({CallKind.FIXTURES})),
        CallKind.PRICES: FeedCall(len(MARKETS), frozenset({CallKind.PRICES})),
        CallKind.RESULTS: FeedCall(2, frozenset({CallKind.RESULTS})),
    }

    def __init__(
        self, http: HttpClient, key: Secret, followed: Sequence[League], *, region: str = "eu", address: str = ADDRESS
    ) -> None:
        self._http = http
        self._key = key
        self._leagues = [league for league in followed if ODDS_API in league.refs]
        self._region = region
        self._format = OddsFormat.AMERICAN if region.startswith("us") else OddsFormat.DECIMAL
        self._address = address

    async def leagues(self) -> Sequence[League]:
        """See `FeedProvider`."""
        return self._leagues

    def tell_anew(self) -> None:
        """See `FeedProvider`: each answer is whole."""

    async def fetch(self, kind: CallKind, league: League, now: datetime) -> FeedAnswer:
        """See `FeedProvider`."""
        answer = await self._ask(kind, league)
        events = answer.json()
        if not isinstance(events, list):
            raise Unusable(answer.host, "answers with something else than a list")
        read = {CallKind.FIXTURES: _fixture, CallKind.PRICES: self._priced, CallKind.RESULTS: _scored}[kind]
        fixtures = []
        for event in events:
            try:
                fixtures.append(_unless_begun(read(event, league), now))
            except (AttributeError, KeyError, TypeError, ValueError):
                continue  # counted as skipped
        return FeedAnswer(
            tuple(fixtures),
            (to_millis(now), to_millis(now + timedelta(days=3650))) if kind is CallKind.FIXTURES else None,
            _number(answer, "x-requests-remaining"),
            _number(answer, "x-requests-last"),
            len(events) - len(fixtures),
            prices=kind is CallKind.PRICES,
        )

    async def _ask(self, kind: CallKind, league: League) -> HttpAnswer:
        path = {CallKind.FIXTURES: "events", CallKind.PRICES: "odds", CallKind.RESULTS: "scores"}[kind]
        params: dict[str, str | int] = {"apiKey": self._key.reveal(), "dateFormat": "iso"}
        if kind is CallKind.PRICES:
            params |= {"regions": self._region, "markets": ",".join(MARKETS), "oddsFormat": self._format.value}
        if kind is CallKind.RESULTS:
            params["daysFrom"] = DAYS_FROM
        url = f"{self._address}/sports/{league.refs[ODDS_API]}/{path}"
        try:
            return await self._http.send("GET", url, params=params)
        except HttpRefused as error:
            raise _refused(error.body, error.status, league) from error
        except HostAway as error:
            if error.body:
                raise _refused(error.body, error.status, league) from error
            raise

    def _priced(self, event: dict[str, Any], league: League) -> FeedFixture:
        fixture = _fixture(event, league)
        offers = (
            offer
            for book in event.get("bookmakers") or ()
            for market in book.get("markets") or ()
            for offer in _offers(market, str(book.get("key") or ""), fixture, league, self._format)
        )
        return replace(fixture, markets=middle_of(offers), status=None)


def _fixture(event: dict[str, Any], _: League) -> FeedFixture:
    home, away = event["home_team"], event["away_team"]
    if not (home and away) or home == away:
        raise ValueError("An event without two teams, such as an outright.")
    return FeedFixture(str(event["id"]), str(home), str(away), _millis(event["commence_time"]), NOT_STARTED)


def _unless_begun(fixture: FeedFixture, now: datetime) -> FeedFixture:
    """Have nothing said of the status of a game whose start has passed: events are listed while they are played."""
    has_passed = fixture.status == NOT_STARTED and fixture.starts_ms <= to_millis(now)
    return replace(fixture, status=None) if has_passed else fixture


def _scored(event: dict[str, Any], league: League) -> FeedFixture:
    fixture = _fixture(event, league)
    scores = {str(one["name"]): one["score"] for one in event.get("scores") or ()}
    if not event.get("completed"):
        return replace(fixture, status=PLAYING if scores else None, tells_results=True)
    home, away = (_points(scores.get(name)) for name in (fixture.home, fixture.away))
    regulation = None if home is None or away is None else (home, away)
    result = FeedResult(GameResult(regulation=regulation), tells_regulation=False)
    return replace(fixture, status=ENDED, result=result, tells_results=True)


def _offers(
    market: dict[str, Any], book: str, fixture: FeedFixture, league: League, style: OddsFormat
) -> list[PricedMarket]:
    """Return what a bookmaker offers: a market for each line, those that are not whole or not known left out."""
    try:
        name, sides = KINDS[str(market["key"]), league.sport == "soccer"]
        told_ms = _millis(market["last_update"]) if market.get("last_update") else None
        by_line: dict[int | None, list[FeedPrice]] = defaultdict(list)
        for price in _prices(market, fixture, style):
            is_turned = name in HANDICAPS and price.selection == "away" and price.line is not None
            by_line[-(price.line or 0) if is_turned else price.line].append(price)
    except (BadOdds, KeyError, OverflowError, TypeError, ValueError):
        return []
    whole = (tuple(prices) for prices in by_line.values() if sorted(price.selection for price in prices) == sides)
    return [PricedMarket(name, prices, told_ms=told_ms, book=book[:LONGEST_REF]) for prices in whole]


def _prices(market: dict[str, Any], fixture: FeedFixture, style: OddsFormat) -> Iterator[FeedPrice]:
    """Yield the prices by side, whose order says nothing."""
    selections = {fixture.home: "home", fixture.away: "away", "Draw": "draw", "Over": "over", "Under": "under"}
    for outcome in market["outcomes"]:
        line = None
        if market["key"] != "h2h":
            line = round(QUARTERS * outcome["point"])
            if line != QUARTERS * outcome["point"]:
                raise ValueError("No line of quarters.")
        yield FeedPrice(selections[outcome["name"]], _odds(outcome["price"], style), line)


def _odds(price: float, style: OddsFormat) -> Odds:
    """Return odds from a number of JSON: its shortest text is what was written."""
    if isinstance(price, bool) or not isinstance(price, int | float):
        raise TypeError("No odds.")
    return read_odds(str(price) if style is OddsFormat.DECIMAL else f"{price:+.0f}", style)


def _points(score: Any) -> int | None:
    """Return a score, which is a text; None for one that is none."""
    text = str(score).strip()
    return int(text) if text.isascii() and text.isdecimal() else None


def _millis(moment: str) -> int:
    return to_millis(datetime.fromisoformat(moment))


def _number(answer: HttpAnswer, header: str) -> int | None:
    said = answer.headers.get(header, "").strip().partition(".")[0]
    return int(said) if said.isascii() and said.isdecimal() else None


def _refused(body: bytes, status: int, league: League) -> FeedRefused:
    try:
        code = str(json.loads(body).get("error_code") or "")
    except (ValueError, AttributeError):
        code = ""
    refusal = (REFUSALS if code else BY_STATUS).get(code or str(status), Refusal.LEAGUE)
    what = cut_label(code or str(status), 50)
    if refusal is Refusal.KEY:
        return FeedRefused(refusal, f"The Odds API refuses the key ({what}).", remedy="Check STEWARD_ODDS_API_KEY.")
    if refusal is Refusal.LEAGUE:
        return FeedRefused(refusal, f"The Odds API has nothing for {league.name} ({what}).")
    return FeedRefused(refusal, f"The Odds API takes no more requests now ({what}).")
