"""
Files of football-data.co.uk and their like, read by their header: fixtures, prices and results without any key.

Two layouts: theirs, with a code of the league and British time, and one with country and league by name, in Central
European time. Dates have two or four digits for the year, or come with their time. What stands in a folder is read
whenever it changes.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.bets.feeds.provider import CallKind, FeedCall
from steward.bots.bets.fixtures.fixture import (
    ENDED,
    LAST_MS,
    FeedAnswer,
    FeedFixture,
    FeedPrice,
    FeedResult,
    PricedMarket,
)
from steward.bots.bets.fixtures.intake import PAST_MS
from steward.bots.bets.fixtures.leagues import ANY_TIME, CATALOGUE, CSV, PROVIDER_TITLES, League
from steward.bots.bets.fixtures.matching import NEAR
from steward.bots.bets.fixtures.names import folded
from steward.bots.bets.grading.lines import QUARTERS
from steward.bots.bets.grading.results import GameResult, Score
from steward.bots.bets.odds.prices import BadOdds, OddsFormat, read_odds
from steward.errors import NotReady
from steward.runtime.clock import Clock
from steward.store import to_millis

BRITISH, CENTRAL = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
MOST_BYTES = 32 << 20
DATE_ALONE = len("2026-11-27")
DATES = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d")
BY_CODE: Mapping[str, League] = {league.refs[CSV]: league for league in CATALOGUE.values() if CSV in league.refs}
BY_NAME = {("england", "premier-league"): "E0", ("germany", "bundesliga"): "D1"}
NAMES: Mapping[str, Sequence[str]] = {
    "home": ("HomeTeam", "Home", "HT"),
    "away": ("AwayTeam", "Away", "AT"),
    "home_goals": ("FTHG", "HG"),
    "away_goals": ("FTAG", "AG"),
}
THREE_WAY = {"home": "{}H", "draw": "{}D", "away": "{}A"}
OVER_UNDER = {"over": "{}>2.5", "under": "{}<2.5"}
HANDICAP = {"home": "{}AHH", "away": "{}AHA"}


class _Columns(NamedTuple):
    """Where the prices of a market may stand: the first bookmaker that has all of them counts, at the start first."""

    market: str
    selections: Mapping[str, str]
    closing: Sequence[str]
    earlier: Sequence[str]
    line: str | int | None = None

    @property
    def books(self) -> Sequence[str]:
        return (*self.closing, *self.earlier)


# Pinnacle, the average, bet365; their best prices are of different bookmakers.
COLUMNS = (
    _Columns("1x2", THREE_WAY, ("PSC", "AvgC", "B365C"), ("PS", "P", "Avg", "B365", "BbAv")),
    _Columns("1x2", {"home": "home_{}", "draw": "draw_{}", "away": "away_{}"}, ("close",), ("open",)),
    _Columns("total", OVER_UNDER, ("PC", "AvgC", "B365C"), ("P", "Avg", "B365", "BbAv"), 10),
    _Columns("total", {"over": "over_2.5_{}", "under": "under_2.5_{}"}, ("close",), ("open",), 10),
    _Columns("btts", {"yes": "bts_yes_{}", "no": "bts_no_{}"}, ("close",), ("open",)),
    _Columns("asian_handicap", HANDICAP, ("PC", "AvgC", "B365C"), (), "AHCh"),
    _Columns("asian_handicap", HANDICAP, (), ("P", "Avg", "B365"), "AHh"),
    _Columns("asian_handicap", HANDICAP, (), ("BbAv",), "BbAHh"),
)
WRITTEN = "\0written"
"""Stands in a line for when its file was written, in milliseconds; no header has a NUL in it."""
Line = Mapping[str, str]


class CsvFiles:
    """
    The files of a folder, `*.csv` and `*.csv.gz`.

    Args:
        folder: of the operator.

    """

    name, title = CSV, PROVIDER_TITLES[CSV]
    calls: Mapping[CallKind, FeedCall] = {CallKind.FIXTURES: FeedCall(0, frozenset(CallKind))}

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._seen: tuple[object, ...] | None = None
        self._leagues: Sequence[League] = ()
        self._untold: dict[str, FeedAnswer] = {}  # of each league, until somebody asks: seasons of games take memory

    async def leagues(self) -> Sequence[League]:
        """
        Return the leagues that the files are about.

        Raises:
            NotReady: the folder or a file can't be read.

        """
        await asyncio.get_running_loop().run_in_executor(None, self._look, self._clock.now())
        return self._leagues

    async def fetch(self, kind: CallKind, league: League, now: datetime) -> FeedAnswer:
        """See `FeedProvider`; a league whose files are as they were is told as unchanged."""
        await asyncio.get_running_loop().run_in_executor(None, self._look, now)
        return self._untold.pop(league.key, FeedAnswer(unchanged=True))

    def tell_anew(self) -> None:
        """See `FeedProvider`."""
        self._seen = None

    def _look(self, now: datetime) -> None:
        """Read the files if any has changed."""
        try:
            files = sorted(path for path in self._folder.iterdir() if path.name.endswith((".csv", ".csv.gz")))
            seen = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
            if seen == self._seen:
                return
            lines = (line for path in files for line in _lines(path))
            self._untold = read_lines(lines, since_ms=to_millis(now) - PAST_MS)
        except OSError as error:
            sentence = f"The CSV files of bets in {self._folder.absolute()} can't be read: {error.strerror}."
            raise NotReady(sentence, remedy="Check STEWARD_BETS_CSV_FOLDER, which names that folder.") from error
        self._seen, self._leagues = seen, [_by_key(key) for key in self._untold]


def read_lines(lines: Iterable[Line], *, since_ms: int = 0) -> dict[str, FeedAnswer]:
    """Return what lines tell of each league, by its key, from a moment on; lines that can't be read are counted."""
    games: dict[str, dict[tuple[str, str], list[FeedFixture]]] = {}
    skipped = Counter[str]()
    for line in lines:
        league = _league(line)
        if league is None:
            continue
        found = games.setdefault(league.key, defaultdict(list))
        try:
            fixture = _fixture(line, league.key)
        except (OverflowError, ValueError):
            skipped[league.key] += 1
            continue
        if fixture.starts_ms > since_ms:
            found[folded(fixture.home), folded(fixture.away)].append(fixture)
    return {
        key: FeedAnswer(
            tuple(one for told in found.values() for one in _meetings(told)),
            (0, LAST_MS),
            skipped=skipped[key],
            prices=True,
            made_refs=True,
        )
        for key, found in games.items()
    }


def _meetings(told: Iterable[FeedFixture]) -> Iterator[FeedFixture]:
    """
    Yield each game of two teams once, in whatever order lines tell of it.

    Lines within a day and a half are of one game, such as those of a week's file and of the season's. Of them, the one
    with a result counts, or else the earliest start.
    """
    ordered = sorted(told, key=lambda one: (one.result is None, one.starts_ms, one.status, str(one.result), str(one)))
    kept: list[FeedFixture] = []
    for one in ordered:
        if all(abs(one.starts_ms - other.starts_ms) > NEAR for other in kept):
            kept.append(one)
    yield from kept


def _fixture(line: Line, league: str) -> FeedFixture:
    """Return the game of a line; its id is made of the league, the day and the teams, who never meet twice on one."""
    start, zone = _start(line)
    home, away = _named(line, "home"), _named(line, "away")
    day = f"{league}:{start:%Y-%m-%d}:{folded(home)}:{folded(away)}"
    result = _result(line)
    is_timed = len(line["Date"]) > DATE_ALONE or line.get("Time")
    return FeedFixture(
        blake2b(day.encode(), digest_size=12).hexdigest(),
        home,
        away,
        to_millis(start.replace(tzinfo=zone)),
        ENDED if result is not None else "NS" if is_timed else "TBD",
        markets=tuple(_markets(line)),
        closing=() if result is None else tuple(_markets(line, closing=True)),
        result=result,
        tells_results=True,
        told_ms=int(line[WRITTEN]) if WRITTEN in line else None,
    )


def read_text(raw: bytes) -> str:
    """Return the text of a file, in UTF-8 with or without a byte order mark, or in Latin-1."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf")


def _lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file by its header, those without teams left out."""
    import csv

    written, raw = str(path.stat().st_mtime_ns // 1_000_000), _raw(path)
    reader = csv.DictReader(read_text(raw).replace("\0", "").splitlines(), restkey="", restval="")
    try:
        for line in reader:
            cells = {str(name).strip(): str(value or "").strip() for name, value in line.items() if name}
            if _named(cells, "home") and _named(cells, "away"):
                yield {**cells, WRITTEN: written}
    except csv.Error as error:  # such as a quote that is never closed
        raise OSError(0, f"{path.name} is damaged ({error})") from error


def _raw(path: Path) -> bytes:
    if path.suffix == ".csv":
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    import gzip
    import zlib

    try:
        with gzip.open(path) as file:
            return file.read(MOST_BYTES)
    except (EOFError, zlib.error) as error:
        raise OSError(0, f"{path.name} is damaged") from error


def _league(line: Line) -> League | None:
    """Return the league of a line, one of its own where the catalogue has none; None if it doesn't say."""
    code = line.get("Div") or BY_NAME.get((line.get("country", ""), line.get("league", "")), "")
    if code in BY_CODE:
        return BY_CODE[code]
    named = (line.get(name, "") for name in ("Country", "League", "country", "league"))
    key = folded(code or " ".join(named))
    return _by_key(f"csv-{key.replace(' ', '-')[:50]}") if key else None


def _by_key(key: str) -> League:
    """Return a league of the catalogue, or one that is known from files only."""
    name = key.removeprefix("csv-").replace("-", " ").title()
    return CATALOGUE.get(key) or League(key, "soccer", name, BRITISH.key, play_offs=ANY_TIME)


def _start(line: Line) -> tuple[datetime, ZoneInfo]:
    """Return the start on the wall clock of its zone; midnight where there is only a date, so that no bet is late."""
    date = line.get("Date", "")
    if len(date) > DATE_ALONE:
        return datetime.fromisoformat(date).replace(tzinfo=None), CENTRAL
    for form in DATES:
        try:
            day = datetime.strptime(date, form)  # noqa: DTZ007 - the zone comes with it
        except ValueError:
            continue
        clock = line.get("Time", "")
        return (datetime.combine(day, time.fromisoformat(clock)) if clock else day), BRITISH
    raise ValueError(f"{date!r} is no date.")


def _markets(line: Line, *, closing: bool = False) -> Iterator[PricedMarket]:
    """Yield the prices of a line, or those alone that were the last before the start."""
    found: set[str] = set()
    for columns in COLUMNS:
        if columns.market in found:
            continue
        for book in columns.closing if closing else columns.books:
            prices = _prices(line, columns, book)
            if prices is not None:
                found.add(columns.market)
                yield PricedMarket(columns.market, prices, book=book)
                break


def _prices(line: Line, columns: _Columns, book: str) -> tuple[FeedPrice, ...] | None:
    """Return the prices of a bookmaker; None unless there are all of them."""
    texts = {selection: line.get(name.format(book), "") for selection, name in columns.selections.items()}
    if not all(texts.values()):
        return None
    try:
        quarters = _quarters(line, columns.line)
        lines = {} if quarters is None or "away" not in texts else {"away": -quarters}
        return tuple(
            FeedPrice(selection, read_odds(text, OddsFormat.DECIMAL), lines.get(selection, quarters))
            for selection, text in texts.items()
        )
    except (BadOdds, OverflowError, ValueError):
        return None


def _quarters(line: Line, given: str | int | None) -> int | None:
    if not isinstance(given, str):
        return given
    quarters = QUARTERS * float(line.get(given, ""))
    if quarters != round(quarters):
        raise ValueError("No line of quarters.")
    return round(quarters)


def _result(line: Line) -> FeedResult | None:
    goals = _score(_named(line, "home_goals"), _named(line, "away_goals"))
    if goals is None:
        return None
    half = _score(line.get("HTHG", ""), line.get("HTAG", ""))
    result = GameResult(regulation=goals, periods={} if half is None else {"h1": half})
    return FeedResult(result, tells_regulation=False)


def _score(home: str, away: str) -> Score | None:
    numbers = [text.removesuffix(".0") for text in (home, away)]
    if not all(text.isascii() and text.isdecimal() for text in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def _named(line: Line, what: str) -> str:
    return next((line[name] for name in NAMES[what] if line.get(name)), "")
