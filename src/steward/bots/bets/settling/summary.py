"""What a settlement came to, read for the post about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from steward.bots.bets.fixtures.games import Game, find_games
from steward.bots.bets.grading.grades import BetOutcome
from steward.bots.bets.placing.bets import BetStatus
from steward.bots.bets.placing.preferences import who_wants_mentions
from steward.bots.bets.section import BetsMode
from steward.bots.bets.settling.gradings import Grading
from steward.bots.bets.settling.settle import AT_ONCE
from steward.store import Transaction

SHOWN = 10
RETURNED = frozenset({BetOutcome.PUSH, BetOutcome.VOID})


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
        mentioned: those of `winners` who want to be mentioned.
        won, lost, returned: how many bets were won, lost in whole or in part, or level and void.
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
    mentioned: tuple[int, ...] = ()

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
    won = lost = returned = going_on = 0
    members: dict[tuple[BetsMode, int | None], list[int]] = {}
    for user_id, mode, stake, status, outcome, payout, changed_ms in _bets(tx, grading):
        if status == BetStatus.OPEN:
            going_on += 1
        elif changed_ms >= (begun or 0):
            if outcome in RETURNED:
                returned += 1
            elif payout < stake:
                lost += 1
            else:
                won += 1
            sums = members.setdefault((BetsMode(mode), user_id), [0, 0])
            sums[0] += stake
            sums[1] += payout
    results = (MemberResult(user_id, mode, *sums) for (mode, user_id), sums in members.items())
    ahead = sorted((one for one in results if one.net > 0), key=lambda one: (one.mode, -one.net))
    untold: int = tx.value(
        "SELECT COUNT(DISTINCT l.bet) FROM bet_legs l JOIN bet_bets b ON b.id = l.bet WHERE l.game = ?"
        " AND l.version >= 0 AND l.version < ? AND b.guild_id = ? AND b.status = 'open'",
        (game, grading.number, guild_id),
    )
    head = find_games(tx, [game])[game], grading, before is not None
    winners = tuple(ahead[:SHOWN])
    mentioned = who_wants_mentions(tx, guild_id, [one.user_id for one in winners if one.user_id is not None])
    counts = won, lost, returned, going_on, untold
    return SettlementSummary(*head, winners, len(ahead) - len(winners), *counts, mentioned)


def _bets(tx: Transaction, grading: Grading) -> Iterator[tuple[Any, ...]]:
    """Yield the bets of which a leg is graded by this, in order; never all of them in memory."""
    last, rows = 0, None
    while rows is None or len(rows) == AT_ONCE:
        # Led by the legs' index, page by page: PostgreSQL without statistics joins all bets with all legs otherwise.
        rows = tx.all(
            "SELECT b.user_id, b.mode, b.stake, b.status, b.outcome, b.payout, b.changed_at, l.bet FROM bet_legs l"
            " JOIN bet_bets b ON b.id = l.bet WHERE l.game = ? AND l.version = ? AND l.bet > ? AND b.guild_id = ?"
            " AND b.status <> 'cancelled' ORDER BY l.bet LIMIT ?",
            (grading.game, grading.number, last, grading.guild_id, AT_ONCE),
        )
        for *bet, number in map(tuple, rows):
            if number != last:  # else it has two legs on the game
                yield tuple(bet)
            last = number
