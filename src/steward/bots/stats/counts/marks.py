"""The counts as they were where reading stopped: the next process goes on from them, as it does with the events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steward.bots.stats.counts.facts import EventKind, MemberEvent
from steward.store import Transaction


@dataclass(slots=True)
class Mark:
    """The counts of one guild; None where unknown."""

    members: int | None
    bans: int | None

    def follow(self, event: MemberEvent) -> None:
        """Move by an event that has been told since."""
        step = event.kind.step
        if event.kind in (EventKind.BAN, EventKind.UNBAN):
            self.bans = None if self.bans is None else self.bans + step
        else:
            self.members = None if self.members is None else self.members + step


def keep(tx: Transaction, marks: Mapping[int, Mark]) -> None:
    """Write marks down, by guild, in the transaction that keeps the place they belong to."""
    for guild_id, mark in marks.items():
        tx.upsert("stats_marks", key={"guild_id": guild_id}, values={"members": mark.members, "bans": mark.bans})


def recall(tx: Transaction) -> dict[int, Mark]:
    """Return the marks of the last process, by guild."""
    rows = tx.all("SELECT guild_id, members, bans FROM stats_marks")
    return {guild_id: Mark(members, bans) for guild_id, members, bans in rows}
