"""What follows an occurrence elsewhere on Discord, in SQL: a thread under its post, and Discord's own event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from steward.bots.events.model.occurrences import Occurrence, State
from steward.store import Transaction

TOPIC = "event_mirrors"
"""Announced whenever something is to follow."""


class Mirror(StrEnum):
    """What follows."""

    THREAD = "thread"
    NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Lag:
    """Something that does not show yet what its occurrence has come to."""

    occurrence_id: int
    kind: Mirror
    discord_id: int | None
    wanted: int


def follow(tx: Transaction, event: Occurrence) -> None:
    """Let thread and native event follow from what an occurrence has come to; in the transaction that changed it."""
    if event.state is State.PLANNED:
        return
    for kind, wished in ((Mirror.THREAD, event.details.thread), (Mirror.NATIVE, event.details.native)):
        key = (event.id, kind.value)
        if wished:
            tx.insert_new("event_mirrors", {"occurrence_id": event.id, "kind": kind.value})
        changed = tx.execute("UPDATE event_mirrors SET wanted = wanted + 1 WHERE occurrence_id = ? AND kind = ?", key)
        if changed:
            tx.notify(TOPIC)


def lagging(tx: Transaction, kind: Mirror) -> list[int]:
    """Return the occurrences that something is to follow."""
    sql = "SELECT occurrence_id FROM event_mirrors WHERE shown < wanted AND kind = ? ORDER BY occurrence_id"
    return [row[0] for row in tx.all(sql, (kind.value,))]


def lag(tx: Transaction, occurrence_id: int, kind: Mirror) -> Lag | None:
    """Return what is to follow an occurrence; None where it does already."""
    sql = "SELECT discord_id, wanted FROM event_mirrors WHERE shown < wanted AND occurrence_id = ? AND kind = ?"
    row = tx.one(sql, (occurrence_id, kind.value))
    return None if row is None else Lag(occurrence_id, kind, row["discord_id"], row["wanted"])


def caught_up(tx: Transaction, lag: Lag, discord_id: int | None) -> None:
    """Note that something has followed, and which it is; None for nothing any more."""
    tx.execute(
        "UPDATE event_mirrors SET shown = ?, discord_id = ? WHERE occurrence_id = ? AND kind = ?",
        (lag.wanted, discord_id, lag.occurrence_id, lag.kind.value),
    )


def occurrence_shown_by(tx: Transaction, native_id: int) -> int | None:
    """Return the occurrence that one of Discord's own events shows, or None where it is none of ours."""
    sql = "SELECT occurrence_id FROM event_mirrors WHERE discord_id = ? AND kind = 'native'"
    found: int | None = tx.value(sql, (native_id,))
    return found


def forget(tx: Transaction, native_id: int) -> None:
    """Let one of Discord's own events follow no more: somebody has deleted it."""
    tx.execute("DELETE FROM event_mirrors WHERE discord_id = ? AND kind = 'native'", (native_id,))


@dataclass(frozen=True, slots=True)
class Native:
    """One of Discord's own events, and what it shows of its occurrence."""

    id: int
    occurrence_id: int
    guild_id: int
    wanted: int
    shown: int


def natives(tx: Transaction, *, guild_id: int) -> list[Native]:
    """Return Discord's own events of a guild that show an occurrence which is posted and not over."""
    sql = (
        "SELECT m.discord_id, m.occurrence_id, o.guild_id, m.wanted, m.shown FROM event_mirrors m"
        " JOIN event_occurrences o ON o.id = m.occurrence_id"
        " WHERE o.guild_id = ? AND o.state = 'posted' AND m.kind = 'native' AND m.discord_id IS NOT NULL"
    )
    return [Native(*row) for row in tx.all(sql, (guild_id,))]


def guilds_with_natives(tx: Transaction) -> list[int]:
    """Return the guilds that have any."""
    sql = (
        "SELECT DISTINCT o.guild_id FROM event_mirrors m JOIN event_occurrences o ON o.id = m.occurrence_id"
        " WHERE o.state = 'posted' AND m.kind = 'native' AND m.discord_id IS NOT NULL"
    )
    return [row[0] for row in tx.all(sql)]


def renew_native(tx: Transaction, occurrence_id: int) -> None:
    """Have another of Discord's own events made in place of one that has been cancelled, which stays so."""
    sql = "UPDATE event_mirrors SET discord_id = NULL WHERE occurrence_id = ? AND kind = 'native' AND shown = wanted"
    tx.execute(sql, (occurrence_id,))


def has_followed(tx: Transaction, occurrence_id: int) -> bool:
    """Return whether Discord's event shows what its occurrence has come to."""
    sql = "SELECT 1 FROM event_mirrors WHERE occurrence_id = ? AND kind = 'native' AND shown = wanted"
    return tx.value(sql, (occurrence_id,)) is not None


def in_step(tx: Transaction, native: Native) -> bool:
    """Return whether one shows what its occurrence has come to, then and now."""
    sql = "SELECT wanted FROM event_mirrors WHERE occurrence_id = ? AND kind = 'native' AND shown = wanted"
    return native.shown == native.wanted and bool(tx.value(sql, (native.occurrence_id,)) == native.wanted)
