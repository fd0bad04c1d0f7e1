"""The settled bets that records and leaderboards are made of: on games, and beside them stakes in markets, or slips."""

from __future__ import annotations

from typing import NamedTuple

from steward.bots.bets.section import BetsMode
from steward.store import Value

MARKETS, SLIPS = "markets", "slips"
"""Stand for the sport of stakes in members' markets, and of slips that cappers write."""
COUNTED = "result <> 'void'"


class SettledBets(NamedTuple):
    """
    A SELECT of settled bets of one kind, with its values.

    Its columns are `id`, `user_id`, `result` (of `BetResult`), `stake`, `payout`, `settled_at`, `sport`, `closing_bps`.
    """

    sql: str
    values: tuple[Value, ...]


class _Source(NamedTuple):
    """Where bets of a kind are kept, and what of their columns isn't called as in `SettledBets`."""

    table: str
    level: str
    """The result of one that gave the stake back."""
    settled_at: str = "settled_at"
    sport: str = "sport"
    closing_bps: str = "closing_bps"

    @property
    def select(self) -> str:
        return (
            f"SELECT id, user_id, CASE WHEN payout > stake THEN 'won' WHEN payout < stake THEN 'lost' ELSE {self.level}"  # noqa: S608
            f" END AS result, stake, payout, {self.settled_at} AS settled_at, {self.sport} AS sport,"
            f" {self.closing_bps} AS closing_bps FROM {self.table} WHERE guild_id = ? AND status = 'settled'"
        )


_LEVEL = "CASE WHEN outcome = 'void' THEN 'void' ELSE 'push' END"
_GAMES = _Source("bet_bets", _LEVEL)
_STAKES = _Source("bet_market_stakes", "'void'", "changed_at", f"'{MARKETS}'", "NULLIF(0, 0)")
_SLIPS = _Source("bet_manual_slips", _LEVEL, sport=f"'{SLIPS}'", closing_bps="NULLIF(0, 0)")


def settled_bets(
    guild_id: int, mode: BetsMode, *, user_id: int | None = None, since_ms: int | None = None
) -> tuple[SettledBets, SettledBets]:
    """
    Return the settled bets of a guild: in points those on games and in members' markets, in units on games and slips.

    They are two, since a database sums each up from its index alone, and both together only after copying them.

    Args:
        user_id: whose; None for everybody's.
        since_ms: from when on; None for all.

    """
    also = "" if user_id is None else " AND user_id = ?"
    values: tuple[Value, ...] = () if user_id is None else (user_id,)

    def of(source: _Source, only: str, *more: Value) -> SettledBets:
        since = "" if since_ms is None else f" AND {source.settled_at} >= ?"
        times = () if since_ms is None else (since_ms,)
        return SettledBets(f"{source.select}{only}{also}{since}", (guild_id, *more, *values, *times))

    beside = _STAKES if mode is BetsMode.HOUSE else _SLIPS
    return of(_GAMES, " AND mode = ?", mode.value), of(beside, "")
