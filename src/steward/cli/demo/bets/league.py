"""A league of a demo's own making, in a CSV file that it writes itself: invented teams, prices and results."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from steward.runtime.clock import Clock

NAME = "Penguin League"
PLAYED = timedelta(minutes=110)
WEEKS = 4  # of games that are listed ahead
HOME, DRAW, AWAY, OVER, UNDER = "home", "draw", "away", "over", "under"
PICKS = (HOME, DRAW, AWAY, OVER, UNDER)
COLUMNS = ("AvgH", "AvgD", "AvgA", "Avg>2.5", "Avg<2.5")
HEADER = ("Div", "Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "FTAG", *COLUMNS)
TEAMS = (
    "Iceberg Rovers", "Fjord United", "Glacier Town", "Drift Albion",
    "Snowdrift City", "Floe Athletic", "Harbour Wanderers", "Northern Lights",
)  # fmt: skip
USUAL = ("2.10", "3.40", "3.60", "1.91", "1.95")
MIDDLE = 2.5  # goals, of over and under


@dataclass(eq=False)
class DemoGame:
    """
    A game of the league.

    Attributes:
        prices: decimal odds of `PICKS`.
        scores: how it ends; a correction adds another.
        put_off_to: another start, after which the first is off.

    """

    home: str
    away: str
    starts: datetime
    scores: tuple[tuple[int, int], ...]
    prices: tuple[str, ...] = field(default=USUAL)
    put_off_to: datetime | None = None

    def __str__(self) -> str:
        return f"{self.home} v {self.away}"

    @property
    def titles(self) -> list[str]:
        """How the bot tells in the bets channel how it ended: once, and once a correction."""
        teams = f"{self.home} v {self.away}"
        if self.put_off_to is not None:
            return [f"{teams}: void"]
        first, *corrected = (f"{teams} {home}-{away}" for home, away in self.scores)
        return [first, *(f"Corrected: {title}" for title in corrected)]

    def called(self, pick: str) -> str:
        """Return how a pick is called, as far as it takes to find it in a list."""
        return {HOME: self.home, AWAY: self.away}.get(pick, pick.capitalize())

    def has_won(self, pick: str, score: int = -1) -> bool | None:
        """Tell whether a pick won, by one of the `scores`; None: the game was put off, so its bets are void."""
        if self.put_off_to is not None:
            return None
        home, away = self.scores[score]
        side = HOME if home > away else AWAY if away > home else DRAW
        return pick in {side, OVER if home + away > MIDDLE else UNDER}


class DemoLeague:
    """
    The league: games on Saturday, Sunday, Monday and Tuesday, and on the next Saturdays.

    Args:
        folder: where the file is written.
        monday: the midnight after the weekend.

    """

    def __init__(self, folder: Path, monday: datetime, clock: Clock) -> None:
        iceberg, fjord, glacier, drift, snowdrift, floe, harbour, lights = TEAMS

        def at(days: int, hours: float) -> datetime:
            return monday + timedelta(days=days, hours=hours)

        self.derby = DemoGame(iceberg, fjord, at(-2, 19), ((2, 1),))
        self.frozen = DemoGame(glacier, drift, at(-2, 20), ((1, 0),), ("1.80", "3.60", "4.75", "1.85", "2.00"))
        self.evening = DemoGame(snowdrift, floe, at(-2, 20), ((3, 0),), ("2.40", "3.30", "3.10", "2.02", "1.84"))
        self.sunday = DemoGame(harbour, lights, at(-1, 14), ((0, 1),), ("2.75", "3.25", "2.70", "1.88", "1.98"))
        self.monday = DemoGame(fjord, snowdrift, at(0, 20), ((1, 1),), ("2.20", "3.30", "3.40", "1.95", "1.91"))
        self.games = [self.derby, self.frozen, self.evening, self.sunday, self.monday]
        self.games.append(DemoGame(iceberg, harbour, at(1, 19.75), ((0, 2),)))
        self.games.append(DemoGame(drift, lights, at(1, 20), ((2, 2),)))
        for week in range(WEEKS):
            turned = TEAMS[week + 1 :] + TEAMS[: week + 1]
            pairs = zip(turned[::2], turned[1::2], strict=True)
            self.games += [DemoGame(*pair, at(5 + 7 * week, 15), ((week % 3, 1),)) for pair in pairs]
        self.folder = folder
        self._clock = clock
        folder.mkdir(exist_ok=True)
        self.write()

    async def live(self) -> None:
        """Tell of each result once its game is over."""
        for over in sorted({game.starts + PLAYED for game in self.games}):
            await asyncio.sleep(max(0.0, (over - self._clock.now()).total_seconds()))
            self.write()

    def write(self) -> None:
        """Write the file as it is now: the results of games that are over, the prices of all."""
        path = self.folder / "games.csv"
        fresh = path.with_suffix(".new")  # never read half-written
        with fresh.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(self._rows())
        fresh.replace(path)

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for game in self.games:
            starts = game.put_off_to or game.starts
            score = game.scores[-1] if self._clock.now() >= starts + PLAYED else ("", "")
            yield NAME, f"{starts:%d/%m/%Y}", f"{starts:%H:%M}", game.home, game.away, *score, *game.prices
