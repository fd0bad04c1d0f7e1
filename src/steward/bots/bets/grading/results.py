"""What is known of how a game went, whichever feed or person told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from steward.errors import StewardError

Score = tuple[int, int]
"""Home, away."""
BY_WINNER: Mapping[str, Score] = {"home": (1, 0), "away": (0, 1), "draw": (0, 0)}
_SET, _TIE_BREAK = 6, 7  # games that win a set, and those that win it by one


class Ungradable(StewardError):
    """The result doesn't say what a market needs, or contradicts itself: a person has to look."""


class GameStatus(StrEnum):
    """How a game ended."""

    FINAL = "final"
    ABANDONED = "abandoned"
    RETIRED = "retired"
    AWARDED = "awarded"
    """Decided elsewhere than on the pitch: a walkover too."""
    NO_CONTEST = "no_contest"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class EntrantResult:
    """
    How one entrant did: a golfer, a horse, or a player's number that a prop is about.

    Attributes:
        took_part: came on, teed off, ran.
        began: was in from the start, for books that want it.
        value: of a prop.
        position: with all of the same position, of whom there are `tied`; None for one who didn't finish.
        strokes: of a matchup, the fewer the better.
        out: didn't finish, or missed the cut.

    """

    took_part: bool = True
    began: bool = True
    value: int | None = None
    position: int | None = None
    tied: int = 1
    strokes: int = 0
    out: bool = False


@dataclass(frozen=True, slots=True)
class GameResult:
    """
    The result of an event.

    Attributes:
        regulation: without overtime; overtime: what was scored in it alone; shootout: who won it, `home` or `away`.
        winner: `home`, `away`, `draw`, or empty; qualified: who goes through.
        games, sets: of a match, see `of_sets`.
        periods: scores of those that were completed: `h1`, `q4`, `set1`.
        method, round, seconds: how and when a fight ended, the seconds within its round.
        progress: how far it got, in the unit of its sport's rule, such as minutes; None for one that wasn't cut short.
        entrants: by their key, see `BetPick.subject`.
        listed: the start when the bets were made, in the zone that the league keeps its days in; started: the real one.

    """

    status: GameStatus = GameStatus.FINAL
    regulation: Score | None = None
    overtime: Score = (0, 0)
    shootout: str = ""
    winner: str = ""
    qualified: str = ""
    games: Score | None = None
    sets: Score | None = None
    periods: Mapping[str, Score] = field(default_factory=dict)
    method: str = ""
    round: int = 0
    seconds: int = 0
    progress: int | None = None
    entrants: Mapping[str, EntrantResult] = field(default_factory=dict)
    listed: datetime | None = None
    started: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing: it was played to its end, or counts as if it was."""
        return self.status in {GameStatus.FINAL, GameStatus.AWARDED}


def of_sets(scores: Sequence[Score], winner: str, status: GameStatus = GameStatus.FINAL) -> GameResult:
    """Return the result of a match played in sets; a tie-break counts as a game, and progress in completed sets."""
    done = list(scores) if status is GameStatus.FINAL else [*scores[:-1], *filter(_is_completed, scores[-1:])]
    return GameResult(
        status,
        winner=winner,
        games=(sum(home for home, _ in scores), sum(away for _, away in scores)),
        sets=(sum(home > away for home, away in done), sum(away > home for home, away in done)),
        periods={f"set{number}": score for number, score in enumerate(done, 1)},
        progress=None if status is GameStatus.FINAL else len(done),
    )


def _is_completed(score: Score) -> bool:
    most, least = max(score), min(score)
    return most >= _SET and (most - least > 1 or most == _TIE_BREAK)
