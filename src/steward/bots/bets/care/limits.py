"""
Members' own limits and breaks as rows, and the one question of whoever places a bet: `require_may_bet`.

A break is kept under a stand-in of its member (`stand_ins`): it outlives `/privacy forget-me`, and nothing makes it end
earlier.
"""

from __future__ import annotations

from datetime import datetime

from steward.bots.bets.care.rules import (
    LimitKind,
    LimitPeriod,
    OwnLimit,
    Wagered,
    require_no_break,
    require_room,
    span_of,
)
from steward.bots.bets.section import BetsMode, BetsSection
from steward.bots.bets.stand_ins import known_stand_in, stand_in
from steward.store import Transaction, from_millis, to_millis

_OF = "guild_id = ? AND user_id = ?"
STAKED_IN = (f"bet_bets WHERE {_OF} AND mode = 'house'", f"bet_market_stakes WHERE {_OF}")
"""The tables of what members have staked in points."""


def require_may_bet(tx: Transaction, guild_id: int, user_id: int, stake: int, section: BetsSection) -> None:
    """
    Refuse a bet that the member's own limits or a break rule out; to be asked in the unit of work that places it.

    Args:
        stake: in points; in units mode, in which limits don't count, anything.

    Raises:
        OnBreak: the member takes a break.
        OverOwnLimit: it is more than a limit leaves.

    """
    require_no_break(break_until(tx, guild_id, user_id))
    if section.mode is not BetsMode.HOUSE:
        return
    for limit in own_limits(tx, guild_id, user_id):
        begins, ends = span_of(limit.period, tx.now, section.zone_info)
        require_room(limit, wagered(tx, guild_id, user_id, begins), stake, ends, section.points)


def own_limits(tx: Transaction, guild_id: int, user_id: int) -> list[OwnLimit]:
    """Return the limits that a member has set, as they are now, or will be."""
    rows = tx.all(
        f"SELECT kind, period, amount, next_amount, next_at FROM bet_limits WHERE {_OF} ORDER BY kind DESC, period",  # noqa: S608
        (guild_id, user_id),
    )
    limits = [OwnLimit(LimitKind(kind), LimitPeriod(period), *rest).at(tx.now_ms) for kind, period, *rest in rows]
    return [one for one in limits if one.amount is not None or one.next_ms is not None]


def set_limit(
    tx: Transaction, guild_id: int, user_id: int, kind: LimitKind, period: LimitPeriod, amount: int | None
) -> OwnLimit:
    """Set a member's limit, None for none, and return it with when it holds."""
    found = (one for one in own_limits(tx, guild_id, user_id) if (one.kind, one.period) == (kind, period))
    limit = next(found, OwnLimit(kind, period)).changed(amount, tx.now_ms)
    tx.upsert(
        "bet_limits",
        key={"guild_id": guild_id, "user_id": user_id, "kind": kind.value, "period": period.value},
        values={
            "amount": limit.amount,
            "next_amount": limit.next_amount,
            "next_at": limit.next_ms,
            "changed_at": tx.now_ms,
        },
    )
    return limit


def forget_limits(tx: Transaction, guild_id: int, user_id: int) -> None:
    tx.execute(f"DELETE FROM bet_limits WHERE {_OF}", (guild_id, user_id))  # noqa: S608 - our own names


def staked_since(tx: Transaction, guild_id: int, user_id: int, since: datetime) -> int:
    """Return how many points a member has bet since then, in markets too; what was cancelled doesn't count."""
    return _total(tx, (guild_id, user_id), "stake", "placed_at >= ? AND status <> 'cancelled'", to_millis(since))


def wagered(tx: Transaction, guild_id: int, user_id: int, since: datetime) -> Wagered:
    """Return what a member has bet since then, and what is on open bets."""
    member = guild_id, user_id
    return Wagered(
        staked_since(tx, guild_id, user_id, since),
        _total(tx, member, "stake - payout", "status = 'settled' AND changed_at >= ?", to_millis(since)),
        _total(tx, member, "stake", "status = 'open'"),
    )


def break_until(tx: Transaction, guild_id: int, user_id: int) -> datetime | None:
    """Return until when a member takes a break from betting; None for no break."""
    member = known_stand_in(tx, guild_id, user_id)
    if member is None:
        return None
    sql = "SELECT until_at FROM bet_breaks WHERE guild_id = ? AND member_stand_in = ? AND until_at > ?"
    until = tx.value(sql, (guild_id, member, tx.now_ms))
    return None if until is None else from_millis(until)


def take_break(tx: Transaction, guild_id: int, user_id: int, until: datetime) -> datetime:
    """Have a member take a break until then, or longer if one is on that is longer; return until when."""
    sql = tx.dialect.upsert("bet_breaks", key=("guild_id", "member_stand_in"), replace=("at",), peak=("until_at",))
    tx.execute(sql, (guild_id, stand_in(tx, guild_id, user_id), tx.now_ms, to_millis(until)))
    return break_until(tx, guild_id, user_id) or until


def _total(tx: Transaction, member: tuple[int, int], amount: str, which: str, *args: int) -> int:
    sums = (f"SELECT COALESCE(SUM({amount}), 0) FROM {rows} AND {which}" for rows in STAKED_IN)  # noqa: S608 - ours
    return sum(int(tx.value(sql, (*member, *args))) for sql in sums)
