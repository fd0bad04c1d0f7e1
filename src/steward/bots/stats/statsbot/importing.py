"""Taking events of another bot into the table of member events, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from steward.bots.stats.counts.facts import MemberEvent
from steward.bots.stats.counts.store import NAMES_KEPT
from steward.store import Transaction, to_millis

SAME_WITHIN_MS = 60_000

_RECORDED_BY_STEWARD = (
    "SELECT 1 FROM member_events WHERE guild_id = ? AND at BETWEEN ? AND ? AND user_id = ? AND kind = ?"
    " AND origin NOT LIKE 'statsbot:%' LIMIT 1"
)
_COLUMNS = ("guild_id", "kind", "user_id", "name", "at", "origin")


@dataclass(slots=True)
class Imported:
    """
    What became of the events.

    Attributes:
        new: written now.
        known: in the database before, by an earlier import or because Steward was there too.
        repeated: told by the file more than once.

    """

    new: int = 0
    known: int = 0
    repeated: int = 0


def import_events(tx: Transaction, events: Iterable[MemberEvent]) -> Imported:
    """
    Write the events that are not known yet, in one transaction.

    While both bots ran, both recorded: what Steward has of the same member and kind within a minute is the same event.
    """
    imported = Imported()
    insert = tx.dialect.insert_new("member_events", _COLUMNS)
    last_before = tx.value("SELECT COALESCE(MAX(id), 0) FROM member_events")
    alone = tx.value("SELECT 1 FROM member_events WHERE origin NOT LIKE 'statsbot:%' LIMIT 1") is None
    for event in events:
        at, kind, user_id, guild_id = to_millis(event.at), event.kind.value, event.user_id, event.guild_id
        around = (guild_id, at - SAME_WITHIN_MS, at + SAME_WITHIN_MS, user_id, kind)
        if not alone and tx.one(_RECORDED_BY_STEWARD, around) is not None:
            imported.known += 1
        elif tx.execute(insert, (guild_id, kind, user_id, event.name[:NAMES_KEPT], at, event.origin)) == 1:
            imported.new += 1
        elif tx.value("SELECT id FROM member_events WHERE origin = ?", (event.origin,)) > last_before:
            imported.repeated += 1
        else:
            imported.known += 1
    return imported
