"""Slips that cappers write themselves, in units: graded by a bet manager, never by who posted it, and never undone."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from steward.bots.bets.care.limits import require_may_bet
from steward.bots.bets.errors import BetsError
from steward.bots.bets.grading.grades import LOST, PUSHED, VOIDED, WON, BetGrade, BetOutcome, halves
from steward.bots.bets.odds.prices import Odds
from steward.bots.bets.section import BetsSection
from steward.store import Transaction, chunks, marks

LEAST_STAKE, MOST_STAKE, STEP = 25, 500, 25
"""In hundredths of a unit."""
LONGEST_SLIP, LONGEST_ODDS = 200, 30
MOST_RETURNED = 100_000_000
PAGE = 10
OFFERED = 100
GRADES: dict[BetOutcome, BetGrade] = {
    one.outcome: one for one in (WON, LOST, PUSHED, VOIDED, halves(WON, PUSHED), halves(LOST, PUSHED))
}
GONE = BetsError("That slip isn't there any more.", remedy="Pick one from the list that shows while you type.")
_COLUMNS = "id, user_id, said, numerator, denominator, received, stake, status, outcome, payout, graded_by, changed_at"


class ManualSlipStatus(StrEnum):
    """Where a slip is in its life."""

    OPEN = "open"
    SETTLED = "settled"
    DELETED = "deleted"


class ManualSlip(NamedTuple):
    """
    A slip.

    Attributes:
        user_id, graded_by: None for somebody forgotten; the second also where nobody has graded it.
        stake, payout: in hundredths of a unit.
        changed_ms: when it was posted, graded or deleted last.

    """

    id: int
    user_id: int | None
    said: str
    odds: Odds
    stake: int
    status: ManualSlipStatus = ManualSlipStatus.OPEN
    outcome: BetOutcome | None = None
    payout: int | None = None
    graded_by: int | None = None
    changed_ms: int = 0

    @property
    def returned(self) -> int:
        """What it pays if it wins, in hundredths of a unit."""
        return self.stake * self.odds.numerator // self.odds.denominator


class ManualRecord(NamedTuple):
    """
    A page of somebody's slips, the newest first, and what all of them come to.

    Attributes:
        staked, returned: by those that are settled, in hundredths of a unit.

    """

    slips: tuple[ManualSlip, ...]
    has_more: bool
    settled: int
    deleted: int
    staked: int
    returned: int


def post_slip(tx: Transaction, guild_id: int, user_id: int, slip: ManualSlip, section: BetsSection) -> None:
    """
    Keep a new slip of a member; once.

    Raises:
        BetsError: its odds are longer than can be kept, or the member takes a break.

    """
    require_may_bet(tx, guild_id, user_id, slip.stake, section)
    if slip.returned > MOST_RETURNED:
        raise BetsError("Those odds are too long.", remedy="Check how you wrote them.")
    values = {
        "id": slip.id,
        "guild_id": guild_id,
        "user_id": user_id,
        "said": slip.said,
        "numerator": slip.odds.numerator,
        "denominator": slip.odds.denominator,
        "received": slip.odds.text[:LONGEST_ODDS],
        "stake": slip.stake,
        "placed_at": tx.now_ms,
        "changed_at": tx.now_ms,
    }
    tx.insert_new("bet_manual_slips", values)


def grade_slip(tx: Transaction, guild_id: int, slip_id: int, outcome: BetOutcome, graded_by: int) -> ManualSlip:
    """
    Grade a slip, or correct how it was graded; that the member manages bets is the caller's to check.

    Raises:
        BetsError: there is none, or it was deleted, or is their own.

    """
    slip = slip_of(tx, guild_id, slip_id)
    if slip.user_id == graded_by:
        raise BetsError("That's your own slip.", remedy="Another bet manager has to grade it.")
    payout = GRADES[outcome].payout(slip.stake, *slip.odds.ratio)
    changed = tx.execute(
        "UPDATE bet_manual_slips SET status = 'settled', outcome = ?, payout = ?, graded_by = ?, changed_at = ?,"
        " settled_at = COALESCE(settled_at, ?) WHERE id = ? AND status <> 'deleted'",
        (outcome.value, payout, graded_by, tx.now_ms, tx.now_ms, slip_id),
    )
    if not changed:
        raise BetsError("That slip was deleted.", remedy="`/slip list` shows who deleted how many.")
    return slip_of(tx, guild_id, slip_id)


def delete_slip(tx: Transaction, guild_id: int, slip_id: int, user_id: int) -> ManualSlip:
    """
    Delete one's own open slip; it stays to be seen as deleted.

    Raises:
        BetsError: it isn't theirs, or isn't open any more.

    """
    slip = slip_of(tx, guild_id, slip_id)
    if slip.user_id != user_id:
        raise BetsError("That's somebody else's slip.")
    sql = "UPDATE bet_manual_slips SET status = 'deleted', changed_at = ? WHERE id = ? AND status = 'open'"
    if not tx.execute(sql, (tx.now_ms, slip_id)):
        raise BetsError("That slip isn't open any more, so it stays as it is.")
    return slip_of(tx, guild_id, slip_id)


def has_slip(tx: Transaction, guild_id: int, slip_id: int) -> bool:
    """Whether the guild has a slip of that id, whatever has become of it."""
    sql = "SELECT 1 FROM bet_manual_slips WHERE guild_id = ? AND id = ?"
    return tx.value(sql, (guild_id, slip_id)) is not None


def slip_of(tx: Transaction, guild_id: int, slip_id: int) -> ManualSlip:
    """
    Return a slip.

    Raises:
        BetsError: the guild has none of that id.

    """
    sql = f"SELECT {_COLUMNS} FROM bet_manual_slips WHERE guild_id = ? AND id = ?"  # noqa: S608 - ours
    row = tx.one(sql, (guild_id, slip_id))
    if row is None:
        raise GONE
    return _slip(*row)


def slips_of(tx: Transaction, numbers: Collection[int]) -> dict[int, ManualSlip]:
    """Return slips by their id."""
    return {
        row[0]: _slip(*row)
        for some in chunks(sorted(numbers))
        for row in tx.all(f"SELECT {_COLUMNS} FROM bet_manual_slips WHERE id IN ({marks(some)})", some)  # noqa: S608
    }


def named_slips(tx: Transaction, guild_id: int, user_id: int | None = None) -> list[tuple[str, int]]:
    """Return what slips say, with their ids: the open ones, or one's own, the oldest first; then those to correct."""
    some = "SELECT said, id FROM bet_manual_slips WHERE guild_id = ? AND status = ?"
    own, args = ("", []) if user_id is None else (" AND user_id = ?", [user_id])
    rows = tx.all(f"{some}{own} ORDER BY id LIMIT ?", (guild_id, ManualSlipStatus.OPEN.value, *args, OFFERED))
    if user_id is None:
        graded = guild_id, ManualSlipStatus.SETTLED.value, OFFERED - len(rows)
        rows = [*rows, *tx.all(f"{some} ORDER BY id DESC LIMIT ?", graded)]
    return [(said, id_) for said, id_ in rows]


def manual_record(tx: Transaction, guild_id: int, user_id: int, page: int) -> ManualRecord:
    """Return a page of somebody's slips and what all of them come to; pages count from 0."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM bet_manual_slips WHERE guild_id = ? AND user_id = ?"  # noqa: S608 - ours
        f" ORDER BY id DESC LIMIT {PAGE + 1} OFFSET {max(0, page) * PAGE}",
        (guild_id, user_id),
    )
    sums = {
        status: (number, int(staked), int(returned))
        for status, number, staked, returned in tx.all(
            "SELECT status, COUNT(*), SUM(stake), SUM(COALESCE(payout, 0)) FROM bet_manual_slips"
            " WHERE guild_id = ? AND user_id = ? GROUP BY status",
            (guild_id, user_id),
        )
    }
    settled, staked, returned = sums.get("settled", (0, 0, 0))
    slips = tuple(_slip(*row) for row in rows[:PAGE])
    return ManualRecord(slips, len(rows) > PAGE, settled, sums.get("deleted", (0, 0, 0))[0], staked, returned)


def forget_slips(tx: Transaction, guild_id: int, user_id: int) -> None:
    """Take a member's id out of all slips."""
    for column in ("user_id", "graded_by"):
        sql = f"UPDATE bet_manual_slips SET {column} = NULL WHERE guild_id = ? AND {column} = ?"  # noqa: S608 - ours
        tx.execute(sql, (guild_id, user_id))


def _slip(
    number: int, user_id: int | None, said: str, numerator: int, denominator: int, received: str, stake: int,
    status: str, outcome: str | None, payout: int | None, graded_by: int | None, changed_ms: int,
) -> ManualSlip:  # fmt: skip
    ended = None if outcome is None else BetOutcome(outcome)
    head = (number, user_id, said, Odds(numerator, denominator, received), stake)
    return ManualSlip(*head, ManualSlipStatus(status), ended, payout, graded_by, changed_ms)
