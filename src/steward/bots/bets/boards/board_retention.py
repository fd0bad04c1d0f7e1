"""Forgets the boards of days that are long over; their messages stay as they are."""

from __future__ import annotations

from datetime import date, timedelta

from steward.bots.bets.kinds import BOARD
from steward.guilds.retention import OldRows
from steward.store import Transaction
from steward.store.desired import desired
from steward.store.retention import Rows

KEEP_BOARDS = timedelta(days=60)
"""As long as games on which nobody has bet: without them a board would show less than its day had."""
_WIDE = 10**10
"""In a sum it has all databases count in 64 bits: `day` alone has 32."""
_AT = f"(day + {_WIDE} - {_WIDE + date(1970, 1, 1).toordinal()}) * 86400000"


def old_boards() -> OldRows:
    """Return the boards of days so long ago that nothing of them changes any more."""
    return OldRows(Rows("bet_boards WHERE 1 = 1"), KEEP_BOARDS, _AT, drop=_drop_some)


def _drop_some(tx: Transaction, old: Rows, most: int) -> int:
    numbers = tx.all(f"SELECT id FROM {old.sql} ORDER BY day LIMIT {most}", old.args)  # noqa: S608 - ours
    for (number,) in numbers:
        desired.forget(tx, [BOARD], number)
        tx.execute("DELETE FROM bet_boards WHERE id = ?", (number,))
    return len(numbers)
