"""What of a game waits for a bet manager of a guild, as rows: disputes, late corrections, proposed results."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.results import read_result
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.kinds import REVIEW
from steward.store import Row, Transaction
from steward.store.due import due
from steward.store.json_values import to_json

RULE_WITHIN_MS = 48 * 3_600_000
OPEN_ALREADY = BetsError("That result is disputed already.", remedy="A bet manager without a bet on it decides.")


class ReviewKind(StrEnum):
    """Why somebody has to look."""

    DISPUTE = "dispute"
    CORRECTION = "correction"
    """Another result is known, too late to be followed, or after somebody has ruled."""
    WAITING = "waiting"
    """The feeds' result isn't certain."""
    UNASKED = "unasked"
    """A bet manager rules though nobody asked for it: no result comes, or it's wrong and nobody disputes it."""

    @property
    def ends_by_itself(self) -> bool:
        """Whether it ends if nobody rules in time: a game isn't frozen for ever by one member."""
        return self in {ReviewKind.DISPUTE, ReviewKind.UNASKED}


class GameReview(NamedTuple):
    """
    What waits for somebody to rule.

    Attributes:
        opened_by: who disputes; None: nobody, or somebody forgotten.
        until_ms: when it ends by itself; None: it doesn't.
        ended_ms: None while it is open.
        proposed, proposer_id, proposal: the result that one bet manager proposes, who, and why; a second confirms it.

    """

    guild_id: int
    game: int
    number: int
    kind: ReviewKind
    opened_by: int | None
    reason: str
    opened_ms: int
    until_ms: int | None
    ended_ms: int | None
    proposed: GameResult | None
    proposer_id: int | None
    proposal: str


_REVIEWS = (
    "SELECT guild_id, game, number, kind, opened_by, reason, opened_at, until_at, ended_at, body, proposer_id, proposal"
    " FROM bet_reviews WHERE guild_id = ?"
)


def all_reviews(tx: Transaction, guild_id: int, game: int) -> list[GameReview]:
    """Return all reviews of a game in a guild, the newest first."""
    return [_review(row) for row in tx.all(f"{_REVIEWS} AND game = ? ORDER BY number DESC", (guild_id, game))]


def open_review(tx: Transaction, guild_id: int, game: int) -> GameReview | None:
    """Return what is open of a game in a guild: while there is something, no feed settles its bets anew."""
    row = tx.one(f"{_REVIEWS} AND game = ? AND ended_at IS NULL", (guild_id, game))
    return None if row is None else _review(row)


def open_reviews(tx: Transaction, guild_id: int, limit: int) -> list[GameReview]:
    """Return what is open in a guild, the oldest first."""
    rows = tx.all(f"{_REVIEWS} AND ended_at IS NULL ORDER BY opened_at, game LIMIT ?", (guild_id, limit))
    return [_review(row) for row in rows]


def begin_review(
    tx: Transaction, guild_id: int, game: int, kind: ReviewKind, *, opened_by: int | None = None, reason: str = ""
) -> GameReview:
    """
    Have somebody look at a game.

    Raises:
        BetsError: somebody has to already.

    """
    earlier = all_reviews(tx, guild_id, game)
    values = {
        "guild_id": guild_id,
        "game": game,
        "number": len(earlier) + 1,
        "kind": kind.value,
        "opened_by": opened_by,
        "reason": reason,
        "opened_at": tx.now_ms,
        "until_at": tx.now_ms + RULE_WITHIN_MS if kind.ends_by_itself else None,
    }
    if any(one.ended_ms is None for one in earlier) or not tx.insert_new("bet_reviews", values):
        raise OPEN_ALREADY
    if kind is not ReviewKind.WAITING:
        due.put(tx, REVIEW, game, tx.now, guild_id=guild_id, name=str(guild_id))
    return all_reviews(tx, guild_id, game)[0]


def propose_result(tx: Transaction, review: GameReview, result: GameResult, user_id: int, why: str) -> GameReview:
    """Keep what one bet manager proposes in place of what was proposed before."""
    sql = f"UPDATE bet_reviews SET body = ?, proposer_id = ?, proposal = ? {_THIS}"  # noqa: S608 - ours
    tx.execute(sql, (to_json(result), user_id, why, review.guild_id, review.game, review.number))
    return review._replace(proposed=result, proposer_id=user_id, proposal=why)


def end_review(tx: Transaction, review: GameReview) -> bool:
    """End a review; False if somebody else has ended it."""
    sql = f"UPDATE bet_reviews SET ended_at = ? {_THIS}"  # noqa: S608 - ours
    return tx.execute(sql, (tx.now_ms, review.guild_id, review.game, review.number)) == 1


def forget_reviews(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take a member's id out of reviews and rulings; what they proposed in one that is open is withdrawn."""
    tx.execute(
        "UPDATE bet_reviews SET body = NULL, proposal = '' WHERE guild_id = ? AND proposer_id = ? AND ended_at IS NULL",
        (guild_id, user_id),
    )
    for table, column in (
        ("bet_reviews", "opened_by"),
        ("bet_reviews", "proposer_id"),
        ("bet_gradings", "grader_id"),
        ("bet_gradings", "seconder_id"),
    ):
        sql = f"UPDATE {table} SET {column} = NULL WHERE guild_id = ? AND {column} = ?"  # noqa: S608 - ours
        tx.execute(sql, (guild_id, user_id))


_THIS = "WHERE guild_id = ? AND game = ? AND number = ? AND ended_at IS NULL"


def _review(row: Row) -> GameReview:
    guild_id, game, number, kind, opened_by, reason, opened, until, ended, body, *proposal = row
    proposed = None if body is None else read_result(body)
    head = (guild_id, game, number, ReviewKind(kind), opened_by, reason, opened, until, ended)
    return GameReview(*head, proposed, *proposal)
