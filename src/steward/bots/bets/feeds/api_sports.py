"""
API-Sports football, version 3: fixtures with their results, in one call.

Errors come inside a 200, and calls over the limit hang. Of extra time `score.extratime` has the goals of it alone, so
regulation is `score.fulltime`; half-time may be missing for good. Facts as of recorded responses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from steward.bots.bets.feeds.provider import CallKind, FeedCall, FeedRefused, Refusal
from steward.bots.bets.fixtures.fixture import FeedAnswer, FeedFixture, FeedResult
from steward.bots.bets.fixtures.leagues import API_SPORTS, PROVIDER_TITLES, League
from steward.bots.bets.grading.results import GameResult, GameStatus, Score
from steward.runtime.http import HttpAnswer, HttpClient, HttpRefused, Unusable
from steward.settings.secret import Secret
from steward.store import to_millis

ADDRESS = "https://v3.football.api-sports.io"
DAYS_BACK, DAYS_AHEAD = 2, 10
REFUSALS: Mapping[str, Refusal] = {
    "token": Refusal.KEY,
    "requests": Refusal.QUOTA,
    "rateLimit": Refusal.RATE,
}
"""By the name of the error; every other one is of one call, such as `plan`."""
UNAUTHORIZED = frozenset({401, 403})
BODILESS = {"CANC": GameStatus.CANCELLED, "AWD": GameStatus.AWARDED, "WO": GameStatus.AWARDED}
LONGEST_STATUS = 10
CONTRADICTION = "The scores that the feed tells contradict each other."


class ApiSports:
    """API-Sports football."""

    name, title = API_SPORTS, PROVIDER_TITLES[API_SPORTS]
    calls: Mapping[CallKind, FeedCall] = {
        CallKind.FIXTURES: FeedCall(1, frozenset({CallKind.FIXTURES, CallKind.RESULTS}))
    }

    def __init__(self, http: HttpClient, key: Secret, followed: Sequence[League], *, address: str = ADDRESS) -> None:
        self._http = http
        self._key = key
        self._leagues = [league for league in followed if API_SPORTS in league.refs]
        self._address = address

    async def leagues(self) -> Sequence[League]:
        """See `FeedProvider`."""
        return self._leagues

    def tell_anew(self) -> None:
        """See `FeedProvider`: each answer is whole."""

    async def fetch(self, kind: CallKind, league: League, now: datetime) -> FeedAnswer:
        """See `FeedProvider`."""
        first, last = now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_AHEAD)
        params: dict[str, str | int] = {
            "league": league.refs[API_SPORTS],
            "season": now.year if now.month >= league.season_month else now.year - 1,
            "from": f"{first:%Y-%m-%d}",
            "to": f"{last:%Y-%m-%d}",
        }
        headers = {"x-apisports-key": self._key.reveal()}
        try:
            answer = await self._http.send("GET", f"{self._address}/fixtures", params=params, headers=headers)
        except HttpRefused as error:
            refusal = Refusal.KEY if error.status in UNAUTHORIZED else Refusal.LEAGUE
            raise _refused(refusal, str(error.status), league) from error
        said = answer.json()
        if not isinstance(said, dict):
            raise Unusable(answer.host, "answers with something else than an object")
        errors = said.get("errors")
        if errors:
            name = next(iter(errors)) if isinstance(errors, dict) else "errors"
            raise _refused(REFUSALS.get(str(name), Refusal.LEAGUE), str(name), league)
        rows = said.get("response")
        if not isinstance(rows, list):
            raise Unusable(answer.host, "answers without a list of games")
        fixtures = []
        for row in rows:
            try:
                fixtures.append(read_fixture(row))
            except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
                continue  # counted as skipped
        whole = (said.get("paging") or {}).get("total", 1) in {0, 1}
        return FeedAnswer(
            tuple(fixtures),
            (to_millis(now), to_millis(_midnight(last))) if whole else None,
            _remaining(answer),
            1,
            len(rows) - len(fixtures),
        )


def read_fixture(row: Mapping[str, Any]) -> FeedFixture:
    """
    Return a game of the feed.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: it is not as documented.

    """
    game, teams = row["fixture"], row["teams"]
    status = str(game["status"]["short"]).upper()[:LONGEST_STATUS]  # `Canc` was seen
    began = (game.get("periods") or {}).get("first")
    return FeedFixture(
        str(game["id"]),
        str(teams["home"]["name"]),
        str(teams["away"]["name"]),
        to_millis(datetime.fromisoformat(game["date"])),
        status,
        str(teams["home"].get("id") or ""),
        str(teams["away"].get("id") or ""),
        began_ms=1000 * int(began) if began else None,
        result=_result(status, row),
        tells_results=True,
    )


def _result(status: str, row: Mapping[str, Any]) -> FeedResult | None:
    """Return the result of a game; None if it isn't over."""
    if status in BODILESS:
        goals = _score(row.get("goals")) if BODILESS[status] is GameStatus.AWARDED else None
        return FeedResult(GameResult(BODILESS[status], regulation=goals))
    if status == "ABD":
        elapsed = row["fixture"]["status"].get("elapsed")
        goals = _score(row.get("goals"))
        return FeedResult(GameResult(GameStatus.ABANDONED, regulation=goals, progress=int(elapsed or 0)))
    if status not in {"FT", "AET", "PEN"}:
        return None
    scores = row.get("score") or {}
    half, full, extra, shootout = (
        _score(scores.get(name)) for name in ("halftime", "fulltime", "extratime", "penalty")
    )
    goals = _score(row.get("goals"))
    overtime = (extra or (0, 0)) if status != "FT" else (0, 0)
    winner = "" if shootout is None or status != "PEN" else _side(shootout)
    result = GameResult(
        regulation=full,
        overtime=overtime,
        shootout=winner,
        qualified=winner,
        periods={} if half is None else {"h1": half},
    )
    return FeedResult(result, _doubt(status, result, goals, extra))


def _doubt(status: str, result: GameResult, goals: Score | None, extra: Score | None) -> str:
    if result.regulation is None:
        return ""  # which says enough, see `doubt_of`
    if goals is not None and goals != tuple(map(sum, zip(result.regulation, result.overtime, strict=True))):
        return CONTRADICTION
    is_level = result.regulation[0] == result.regulation[1]
    if (status == "AET" and extra is None) or (status != "FT" and not is_level and extra is None):
        return CONTRADICTION
    return CONTRADICTION if status == "PEN" and not result.shootout else ""


def _score(given: Any) -> Score | None:
    """Return a score; None unless both sides are told."""
    if not isinstance(given, dict) or given.get("home") is None or given.get("away") is None:
        return None
    return int(given["home"]), int(given["away"])


def _side(score: Score) -> str:
    return "home" if score[0] > score[1] else "away" if score[0] < score[1] else ""


def _midnight(moment: datetime) -> datetime:
    """Return the end of a day, which `to` includes."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _remaining(answer: HttpAnswer) -> int | None:
    said = answer.headers.get("x-ratelimit-requests-remaining", "").strip()
    return int(said) if said.isascii() and said.isdecimal() else None


def _refused(refusal: Refusal, what: str, league: League) -> FeedRefused:
    what = what[:50] if what.isprintable() else "unreadable"
    if refusal is Refusal.KEY:
        return FeedRefused(refusal, f"API-Sports refuses the key ({what}).", remedy="Check STEWARD_API_SPORTS_KEY.")
    if refusal is Refusal.LEAGUE:
        return FeedRefused(refusal, f"API-Sports has nothing for {league.name} ({what}).")
    return FeedRefused(refusal, f"API-Sports takes no more requests now ({what}).")
