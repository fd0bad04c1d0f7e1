"""What follows an occurrence elsewhere on Discord, in SQL: a thread under its post, and Discord's own event."""

from __future__ import annotations

from steward.bots.events.model.occurrences import DisplayKind, Occurrence, State
from steward.store import Transaction
from steward.store.desired import desired
from steward.store.desired.desired import DesiredItem

_NATIVES = (
    " FROM desired d JOIN event_occurrences o ON o.id = d.number"
    " WHERE d.kind = 'event_native' AND d.ref IS NOT NULL AND o.state = 'posted'"
)


def follow(tx: Transaction, event: Occurrence) -> None:
    """Let thread and native event follow from what an occurrence has come to; in the transaction that changed it."""
    if event.state is State.PLANNED:
        return
    for kind, wished in ((DisplayKind.THREAD, event.details.thread), (DisplayKind.NATIVE, event.details.native)):
        if wished:
            desired.put(tx, kind, event.id, guild_id=event.guild_id, lane=event.guild_id)
        else:
            desired.mark(tx, kind, event.id)


def forget(tx: Transaction, native_id: int) -> None:
    """Let one of Discord's own events follow no more: somebody has deleted it."""
    tx.execute("DELETE FROM desired WHERE kind = 'event_native' AND ref = ?", (native_id,))


def natives(tx: Transaction, *, guild_id: int) -> dict[int, DesiredItem]:
    """Return Discord's own events of a guild that show an occurrence which is posted and not over, by id."""
    rows = tx.all(f"SELECT d.number{_NATIVES} AND o.guild_id = ?", (guild_id,))
    found = [desired.find(tx, DisplayKind.NATIVE, number) for (number,) in rows]
    return {item.ref: item for item in found if item is not None and item.ref is not None}


def guilds_with_natives(tx: Transaction) -> list[int]:
    """Return the guilds that have any."""
    return [row[0] for row in tx.all(f"SELECT DISTINCT o.guild_id{_NATIVES}")]


def renew_native(tx: Transaction, occurrence_id: int) -> None:
    """Have another of Discord's own events made in place of one that has been cancelled, which stays so."""
    sql = "UPDATE desired SET ref = NULL WHERE kind = 'event_native' AND number = ? AND shown = revision"
    tx.execute(sql, (occurrence_id,))


def has_followed(tx: Transaction, occurrence_id: int) -> bool:
    """Return whether Discord's event shows what its occurrence has come to."""
    item = desired.find(tx, DisplayKind.NATIVE, occurrence_id)
    return item is not None and item.is_shown


def in_step(tx: Transaction, native: DesiredItem) -> bool:
    """Return whether one shows what its occurrence has come to, then and now."""
    return native.is_shown and desired.find(tx, DisplayKind.NATIVE, native.number) == native
