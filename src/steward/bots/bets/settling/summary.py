"""What a settlement came to, read for the post about it."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.section import BetsMode
from steward.bots.bets.settling.gradings import Grading
from steward.store import Transaction

SHOWN = 10


class MemberResult(NamedTuple):
    """What all bets of a member came to that were settled together; None: somebody forgotten."""

    user_id: int | None
    mode: BetsMode
    staked: int
    paid: int

    @property
    def net(self) -> int:
        return self.paid - self.staked


class SettlementSummary(NamedTuple):
    """
    What a settlement came to.

    Attributes:
        again: bets were settled before, by another result.
        winners: those who got more than they had staked, the most first; at most `SHOWN`.
        more_winners: how many there are besides.
        won, lost, returned: how many bets paid more than their stake, less, or just that.
        going_on: parlays with this game in them that are still open.
        untold: bets that wait, since the result doesn't say what they need.

    """

    game: Game
    grading: Grading
    again: bool
    winners: tuple[MemberResult, ...]
    more_winners: int
    won: int
    lost: int
    returned: int
    going_on: int
    untold: int

    @property
    def settled(self) -> int:
        return self.won + self.lost + self.returned


def summary_of(tx: Transaction, grading: Grading) -> SettlementSummary:
    """Return what a grading came to whose bets are all settled."""
    guild_id, game = grading.guild_id, grading.game
    of_game = "FROM bet_gradings WHERE guild_id = ? AND game = ?"
    before = tx.value(
        f"SELECT MAX(number) {of_game} AND number < ? AND done_at IS NOT NULL",
        (guild_id, game, grading.number),
    )
    # One that came before all bets were settled by the last one tells of those, too.
    begun = tx.value(f"SELECT MIN(begun_at) {of_game} AND number > ?", (guild_id, game, before or 0))
    bets = (
        " FROM bet_bets b WHERE b.guild_id = ? AND b.status = 'settled' AND b.changed_at >= ?"
        " AND b.id IN (SELECT bet FROM bet_legs WHERE game = ? AND version = ?)"
    )
    settled = guild_id, begun, game, grading.number
    counts = tx.one(
        "SELECT SUM(CASE WHEN b.payout > b.stake THEN 1 ELSE 0 END), SUM(CASE WHEN b.payout < b.stake THEN 1 ELSE 0"
        f" END), SUM(CASE WHEN b.payout = b.stake THEN 1 ELSE 0 END){bets}",
        settled,
    )
    won, lost, returned = (int(count or 0) for count in (counts or (0, 0, 0)))
    by_member = (
        f"SELECT b.user_id AS user_id, b.mode AS mode, SUM(b.stake) AS staked, SUM(b.payout) AS paid{bets}"
        " GROUP BY b.user_id, b.mode HAVING SUM(b.payout) > SUM(b.stake)"
    )
    ahead: int = tx.value(f"SELECT COUNT(*) FROM ({by_member}) AS ahead", settled)  # noqa: S608 - ours
    rows = tx.all(f"{by_member} ORDER BY mode, SUM(b.payout) - SUM(b.stake) DESC, MIN(b.id) LIMIT {SHOWN}", settled)
    winners = tuple(MemberResult(user, BetsMode(mode), int(staked), int(paid)) for user, mode, staked, paid in rows)
    legs = "SELECT COUNT(DISTINCT l.bet) FROM bet_legs l JOIN bet_bets b ON b.id = l.bet WHERE l.game = ?"
    going_on: int = tx.value(
        f"{legs} AND l.version = ? AND b.guild_id = ? AND b.status = 'open'", (game, grading.number, guild_id)
    )
    untold: int = tx.value(
        f"{legs} AND l.version >= 0 AND l.version < ? AND b.guild_id = ? AND b.status = 'open'",
        (game, grading.number, guild_id),
    )
    found = find_games(tx, [game])[game]
    head = found, grading, before is not None
    return SettlementSummary(*head, winners, ahead - len(winners), won, lost, returned, going_on, untold)
