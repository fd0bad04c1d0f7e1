"""
Who decides about a game in a guild: a bettor disputes how it was settled, and a bet manager without a bet on it rules.

They may rule unasked, too: where no result comes, or a wrong one that nobody disputes. More than a day after bets were
settled two have to agree on another result. A ruling counts in its guild only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from steward.bots.bets.errors import BetsError
from steward.bots.bets.fixtures.games import Game, find_games, listed_games
from steward.bots.bets.fixtures.ladder import LadderStage, ToldResult
from steward.bots.bets.fixtures.results import read_result, told_results
from steward.bots.bets.grading.results import GameResult
from steward.bots.bets.settling.gradings import (
    MAY_DISPUTE_MS,
    Grading,
    add_grading,
    newest_grading,
    settled_since,
)
from steward.bots.bets.settling.reviews import (
    GameReview,
    ReviewKind,
    all_reviews,
    begin_review,
    end_review,
    open_review,
    open_reviews,
    propose_result,
)
from steward.store import Transaction
from steward.store.json_values import to_json

OFFERED = 25
MOST_FOUND = 200
MAY_RULE_MS = 30 * 24 * 3_600_000
"""How long after its start a game is ruled on unasked: as long as feeds tell of it, see `intake.PAST_MS`."""
GONE = BetsError("That doesn't wait for anybody any more.", remedy="`/result rule` shows what does.")
CHANGED = BetsError("This has changed since.", remedy="Look at it once more, and choose again.")
OWN_BET = BetsError("You have a bet on this game.", remedy="A bet manager without one has to rule on it.")
NO_BET = BetsError("Only those with a bet on that game can dispute its result.")
SETTLED_SO = BetsError("The bets on that game are settled by that.", remedy="Choose another result.")
OWN_PROPOSAL = BetsError("You proposed that.", remedy="A second bet manager without a bet on it has to confirm it.")


class PendingGame(NamedTuple):
    """
    A game of a guild on which a bet manager can rule.

    Attributes:
        why: a sentence.
        waits: it waits for that; else a bet manager does it unasked.
        review: what was opened about it in the guild; None where only the feeds' result isn't certain.
        current: what bets are graded by now; None if they aren't settled.
        newer: the newest result that is ready, where it is another one; `by_operator` if a person told it.
        told: what each feed tells.

    """

    game: Game
    sport: str
    why: str
    review: GameReview | None
    current: Grading | None
    newer: GameResult | None
    by_operator: bool
    told: Sequence[ToldResult]
    waits: bool = True

    @property
    def seen(self) -> str:
        """What somebody who rules has to have seen, as a text."""
        number = 0 if self.review is None else self.review.number
        proposer = None if self.review is None else self.review.proposer_id
        proposed = None if self.review is None else self.review.proposed
        return repr((number, 0 if self.current is None else self.current.number, proposer, proposed))

    def needs_two(self, result: GameResult, since_ms: int | None, now_ms: int) -> bool:
        """
        Whether a second bet manager has to confirm a result.

        Args:
            since_ms: when bets were settled first; None if they weren't.

        """
        if since_ms is None or now_ms - since_ms < MAY_DISPUTE_MS:
            return False
        is_answer = self.review is not None and self.review.kind is ReviewKind.DISPUTE
        stands = self.current is not None and result == self.current.result
        return not (is_answer or stands or (self.by_operator and result == self.newer))


class Ruled(NamedTuple):
    """
    What became of a ruling.

    Attributes:
        review: what it was about; with `proposed`, where a second bet manager has to confirm it.
        grading: what bets are graded by now; None if it is only proposed.
        stands: nothing changes.

    """

    review: GameReview
    grading: Grading | None
    stands: bool


def has_bet(tx: Transaction, guild_id: int, user_id: int, game: int) -> bool:
    """Whether a member has a bet on a game, be it settled."""
    sql = (
        "SELECT 1 FROM bet_bets b JOIN bet_legs l ON l.bet = b.id WHERE b.guild_id = ? AND b.user_id = ?"
        " AND b.status <> 'cancelled' AND l.game = ? LIMIT 1"
    )
    return tx.value(sql, (guild_id, user_id, game)) is not None


def dispute(tx: Transaction, guild_id: int, user_id: int, game: int, reason: str) -> GameReview:
    """
    Dispute the result of a game: until somebody has ruled no feed settles its bets anew.

    Raises:
        BetsError: the member has no bet on it, it isn't settled, that was too long ago, or somebody has ruled.

    """
    if not has_bet(tx, guild_id, user_id, game):
        raise NO_BET
    newest = newest_grading(tx, guild_id, game)
    if newest is None or newest.done_ms is None:
        raise BetsError("The bets on that game aren't settled yet.", remedy="Wait until they are.")
    if newest.version is None:
        raise BetsError("A bet manager has ruled on that game.", remedy="`/result log` says who and why.")
    if tx.now_ms - newest.done_ms >= MAY_DISPUTE_MS:
        raise BetsError("A result can be disputed for 24 hours after its bets were settled.")
    return begin_review(tx, guild_id, game, ReviewKind.DISPUTE, opened_by=user_id, reason=reason)


def may_dispute(tx: Transaction, guild_id: int, user_id: int) -> list[Game]:
    """Return the games whose result a member can dispute now."""
    sql = (
        "SELECT DISTINCT l.game FROM bet_bets b JOIN bet_legs l ON l.bet = b.id JOIN bet_gradings d"
        " ON d.guild_id = b.guild_id AND d.game = l.game WHERE b.guild_id = ? AND b.user_id = ?"
        " AND b.status <> 'cancelled' AND d.done_at > ? AND NOT EXISTS (SELECT 1 FROM bet_gradings r"
        " WHERE r.guild_id = d.guild_id AND r.game = d.game AND r.version IS NULL)"
    )
    found = find_games(tx, [row[0] for row in tx.all(sql, (guild_id, user_id, tx.now_ms - MAY_DISPUTE_MS))])
    return sorted(found.values(), key=lambda game: -game.starts_ms)


def logged_games(tx: Transaction, guild_id: int) -> list[Game]:
    """Return the games of which a guild has something in the log, the latest first."""
    sql = "SELECT game, MAX(at) FROM bet_gradings WHERE guild_id = ? GROUP BY game ORDER BY 2 DESC LIMIT 200"
    found = find_games(tx, [row[0] for row in tx.all(sql, (guild_id,))])
    return sorted(found.values(), key=lambda game: -game.starts_ms)


def pending_games(tx: Transaction, guild_id: int) -> list[PendingGame]:
    """Return what waits in a guild for a bet manager, disputes and corrections first."""
    numbers = [one.game for one in open_reviews(tx, guild_id, OFFERED)]
    sql = (
        "SELECT g.id FROM bet_games g WHERE g.stage = ? AND EXISTS (SELECT 1 FROM bet_legs l JOIN bet_bets b"
        " ON b.id = l.bet WHERE l.game = g.id AND b.guild_id = ? AND b.status <> 'cancelled')"
        " ORDER BY g.starts_at, g.id LIMIT 100"
    )
    numbers += [row[0] for row in tx.all(sql, (LadderStage.WAITING.value, guild_id)) if row[0] not in numbers]
    found = (pending_game(tx, guild_id, number) for number in numbers)
    return [one for one in found if one is not None][:OFFERED]


def games_to_rule(tx: Transaction, guild_id: int) -> list[Game]:
    """Return the games on which a bet manager can rule, asked or not: begun, with bets; the latest first."""
    sql = (
        "SELECT g.id FROM bet_games g WHERE g.starts_at > ? AND g.starts_at <= ? AND EXISTS (SELECT 1 FROM bet_legs l"
        " JOIN bet_bets b ON b.id = l.bet WHERE l.game = g.id AND b.guild_id = ? AND b.status <> 'cancelled')"
        " ORDER BY g.starts_at DESC, g.id LIMIT ?"
    )
    rows = tx.all(sql, (tx.now_ms - MAY_RULE_MS, tx.now_ms, guild_id, MOST_FOUND))
    found = find_games(tx, [row[0] for row in rows])
    return [found[row[0]] for row in rows]


def pending_game(tx: Transaction, guild_id: int, number: int) -> PendingGame | None:
    """Return what waits for a bet manager of a game in a guild; None if nothing does."""
    found = game_to_rule(tx, guild_id, number)
    return found if found is not None and found.waits else None


def game_to_rule(tx: Transaction, guild_id: int, number: int) -> PendingGame | None:
    """Return a game of a guild on which a bet manager can rule, though nothing may wait; None if it can't be."""
    listed = listed_games(tx, [number]).get(number)
    if listed is None:
        return None
    game = listed.game
    review, current = open_review(tx, guild_id, number), newest_grading(tx, guild_id, number)
    waits = game.stage == LadderStage.WAITING and not _ruled_since(tx, current)
    if review is None and not waits and not _may_rule_unasked(tx, guild_id, game):
        return None
    ready = tx.one("SELECT body, by_person FROM bet_results WHERE game = ? ORDER BY version DESC LIMIT 1", (number,))
    newer = None if ready is None else read_result(ready[0])
    if newer is not None and current is not None and newer == current.result:
        newer = None
    by_operator = newer is not None and ready is not None and bool(ready[1])
    told, waits = told_results(tx, number), waits or review is not None
    why = game.note if waits else _UNASKED[current is not None]
    if review is not None:
        why = _WHY.get(review.kind, why)
    return PendingGame(game, listed.sport, why, review, current, newer, by_operator, told, waits)


def rule(
    tx: Transaction, guild_id: int, user_id: int, game: int, result: GameResult, reason: str, *, seen: str
) -> Ruled:
    """
    Rule on a game: its bets in the guild are settled by that, or it is proposed to a second bet manager.

    That the member manages bets is the caller's to check.

    Args:
        seen: `PendingGame.seen` of what the member was shown.

    Raises:
        BetsError: they have a bet on it, it can't be ruled on, it has changed since, they proposed it themselves, or
            they change nothing unasked.

    """
    pending = game_to_rule(tx, guild_id, game)
    if pending is None:
        raise GONE
    if has_bet(tx, guild_id, user_id, game):
        raise OWN_BET
    if pending.seen != seen:
        raise CHANGED
    # One that is still being settled is settled by the ruling, whoever waits for it.
    stands = pending.current is not None and pending.current.done_ms is not None and result == pending.current.result
    if stands and not pending.waits:
        raise SETTLED_SO
    kind = ReviewKind.WAITING if pending.waits else ReviewKind.UNASKED
    review = pending.review or begin_review(tx, guild_id, game, kind)
    proposer = None
    if pending.needs_two(result, settled_since(tx, guild_id, game), tx.now_ms):
        if review.proposed != result or review.proposer_id is None:
            return Ruled(propose_result(tx, review, result, user_id, reason), None, stands=False)
        if review.proposer_id == user_id:
            raise OWN_PROPOSAL
        if has_bet(tx, guild_id, review.proposer_id, game):
            return Ruled(propose_result(tx, review, result, user_id, reason), None, stands=False)
        proposer, reason = review.proposer_id, review.proposal
    if not end_review(tx, review):
        raise CHANGED
    graders = (user_id, None) if proposer is None else (proposer, user_id)
    body = to_json(result)
    add_grading(
        tx, guild_id, game, body=body, grader_id=graders[0], seconder_id=graders[1], reason=reason, stands=stands
    )
    return Ruled(review, newest_grading(tx, guild_id, game), stands)


def log_of(tx: Transaction, guild_id: int, game: int) -> list[GameReview]:
    """Return the disputes of a game in a guild, the newest first."""
    return [one for one in all_reviews(tx, guild_id, game) if one.kind is ReviewKind.DISPUTE]


_WHY = {
    ReviewKind.DISPUTE: "A bettor disputes the result.",
    ReviewKind.CORRECTION: "Another result was told, too late to be followed unasked.",
    ReviewKind.UNASKED: "A bet manager says that it ended otherwise.",
}
_UNASKED = {False: "Nobody has told for sure how it ended.", True: "Its bets are settled, and nobody disputes it."}


def _may_rule_unasked(tx: Transaction, guild_id: int, game: Game) -> bool:
    """Whether a game has begun, not too long ago, and the guild has bets on it."""
    if not tx.now_ms - MAY_RULE_MS < game.actual_ms <= tx.now_ms:
        return False
    sql = (
        "SELECT 1 FROM bet_legs l JOIN bet_bets b ON b.id = l.bet WHERE l.game = ? AND b.guild_id = ?"
        " AND b.status <> 'cancelled' LIMIT 1"
    )
    return tx.value(sql, (game.id, guild_id)) is not None


def _ruled_since(tx: Transaction, current: Grading | None) -> bool:
    """Whether somebody has ruled since the result of a game waits for a person."""
    if current is None or current.version is not None:
        return False
    since: int = tx.value("SELECT stage_at FROM bet_games WHERE id = ?", (current.game,))
    return current.at_ms >= since
