"""Times of which nobody has told the bot: kept, so that reports and charts can say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from steward.store import Row, Store, Transaction, from_millis, to_millis

MAX_SHOWN = 100


class Reason(StrEnum):
    """Why nothing was told."""

    NOT_CONNECTED = "not connected"
    OUTAGE = "outage"
    REMOVED = "removed"
    NOT_SAVED = "not saved"


@dataclass(frozen=True, slots=True)
class Gap:
    """
    One such time in one guild.

    Attributes:
        net: by how many its members grew in it, not told one by one; None when unknown.

    """

    guild_id: int
    began_at: datetime
    ended_at: datetime
    reason: Reason
    net: int | None


def keep(tx: Transaction, gaps: Sequence[Gap]) -> None:
    """
    Write gaps down, as yet to be filled; one that begins where another does takes its place.

    One that took no time is none: a guild that went and came at once, while the clock was corrected by a moment.
    """
    for gap in gaps:
        if gap.ended_at <= gap.began_at:
            continue
        tx.upsert(
            "stats_gaps",
            key={"guild_id": gap.guild_id, "began_at": to_millis(gap.began_at)},
            values={"ended_at": to_millis(gap.ended_at), "reason": gap.reason.value, "net": gap.net, "filled": 0},
        )


async def mark(store: Store, gaps: Sequence[Gap]) -> None:
    """Keep gaps, as yet to be filled; one that the database refuses for its content is skipped."""

    async def write(some: Sequence[Gap]) -> None:
        await store.write(lambda tx: keep(tx, some))

    await store.skipper.write("gap", gaps, write, ids=lambda gap: gap.guild_id)


def fill(tx: Transaction, gaps: Sequence[Gap]) -> None:
    """Note that all that can be known of gaps is kept."""
    for gap in gaps:
        tx.execute(
            "UPDATE stats_gaps SET filled = 1 WHERE guild_id = ? AND began_at = ?",
            (gap.guild_id, to_millis(gap.began_at)),
        )


def unfilled_guilds(tx: Transaction, since: datetime) -> list[int]:
    """Return the guilds that have gaps since then that are yet to be filled."""
    rows = tx.all("SELECT DISTINCT guild_id FROM stats_gaps WHERE filled = 0 AND began_at >= ?", (to_millis(since),))
    return [guild_id for (guild_id,) in rows]


def unfilled(tx: Transaction, guild_id: int, since: datetime) -> list[Gap]:
    """Return the gaps of a guild since then that are yet to be filled, in order of time."""
    rows = tx.all(
        "SELECT guild_id, began_at, ended_at, reason, net FROM stats_gaps"
        " WHERE guild_id = ? AND began_at >= ? AND filled = 0 ORDER BY began_at",
        (guild_id, to_millis(since)),
    )
    return [gap for row in rows if (gap := _gap(row)) is not None]


def overlapping(tx: Transaction, guild_id: int, begin: datetime, end: datetime) -> tuple[Gap, ...]:
    """Return the gaps of a guild that touch `[begin, end)`, in order of time, the first hundred."""
    rows = tx.all(
        "SELECT guild_id, began_at, ended_at, reason, net FROM stats_gaps"
        " WHERE guild_id = ? AND began_at < ? AND ended_at > ? AND ended_at > began_at ORDER BY began_at LIMIT ?",
        (guild_id, to_millis(end), to_millis(begin), MAX_SHOWN),
    )
    return tuple(gap for row in rows if (gap := _gap(row)) is not None)


def _gap(row: Row) -> Gap | None:
    """Return a gap; None where a row says none, such as one that a later version has written."""
    guild_id, began_at, ended_at, reason, net = row
    try:
        return Gap(guild_id, from_millis(began_at), from_millis(ended_at), Reason(reason), net)
    except ValueError:
        return None
