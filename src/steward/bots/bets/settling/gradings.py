"""What the bets of a guild on a game are graded by, as rows: the newest counts, and all are kept."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.fixtures.results import read_result
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.kinds import SETTLE
from steward.store import Row, Transaction
from steward.store.due import due

MAY_DISPUTE_MS = 24 * 3_600_000
"""How long after they were settled bets may be disputed, and a correction is followed unasked."""


class Grading(NamedTuple):
    """
    What bets are graded by.

    Attributes:
        number: 1, 2, 3 ... of the guild and the game.
        version: of the feeds' result; None for a ruling.
        begun_ms, done_ms: when the first and the last bet were graded by it.
        reached: the last bet that was.
        kept: how many bets stayed as they were, since their season has ended.

    """

    guild_id: int
    game: int
    number: int
    version: int | None
    result: GameResult
    grader_id: int | None
    seconder_id: int | None
    reason: str
    at_ms: int
    begun_ms: int | None
    reached: int
    kept: int
    done_ms: int | None


_GRADINGS = (
    "SELECT g.guild_id, g.game, g.number, g.version, COALESCE(g.body, r.body), g.grader_id, g.seconder_id, g.reason,"
    " g.at, g.begun_at, g.reached, g.kept, g.done_at FROM bet_gradings g"
    " LEFT JOIN bet_results r ON r.game = g.game AND r.version = g.version"
    " WHERE g.guild_id = ? AND g.game = ? ORDER BY g.number DESC"
)


def newest_grading(tx: Transaction, guild_id: int, game: int) -> Grading | None:
    """Return what the bets of a guild on a game are graded by; None before there is a result."""
    row = tx.one(f"{_GRADINGS} LIMIT 1", (guild_id, game))
    return None if row is None else _grading(row)


def all_gradings(tx: Transaction, guild_id: int, game: int) -> list[Grading]:
    """Return all that the bets of a guild on a game were graded by, the newest first."""
    return [_grading(row) for row in tx.all(_GRADINGS, (guild_id, game))]


def settled_since(tx: Transaction, guild_id: int, game: int) -> int | None:
    """Return when the first bet of a guild on a game was settled; None if none was."""
    sql = "SELECT MIN(begun_at) FROM bet_gradings WHERE guild_id = ? AND game = ?"
    found: int | None = tx.value(sql, (guild_id, game))
    return found


def add_grading(
    tx: Transaction, guild_id: int, game: int, *, version: int | None = None, body: str | None = None,
    grader_id: int | None = None, seconder_id: int | None = None, reason: str = "", stands: bool = False,
) -> None:  # fmt: skip
    """
    Have the bets of a guild on a game graded from now on by a version of its result, or by a ruling.

    Args:
        stands: the ruling leaves all bets as they are.

    """
    number = tx.value("SELECT MAX(number) FROM bet_gradings WHERE guild_id = ? AND game = ?", (guild_id, game)) or 0
    tx.execute(
        "INSERT INTO bet_gradings (guild_id, game, number, version, body, grader_id, seconder_id, reason, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (guild_id, game, number + 1, version, body, grader_id, seconder_id, reason, tx.now_ms),
    )
    if stands:
        sql = "UPDATE bet_gradings SET begun_at = at, done_at = at WHERE guild_id = ? AND game = ? AND number = ?"
        tx.execute(sql, (guild_id, game, number + 1))
        return
    due.put(tx, SETTLE, game, tx.now, guild_id=guild_id, name=str(guild_id))


def _grading(row: Row) -> Grading:
    guild_id, game, number, version, body, *more = row
    return Grading(guild_id, game, number, version, read_result(body), *more)
