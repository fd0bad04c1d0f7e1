"""Who listens to what, as it is kept: a number for each listener, whose it is is known elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from steward.bots.music.catalogue.lookups import rows_in
from steward.store import Transaction, marks

MOST_IN_PROFILE = 100
"""Artists of a listener that are looked at for an answer: those heard most."""

_NORMS = (
    "INSERT INTO music_listeners (listener, norm) SELECT l.listener, SUM(a.rarity) FROM music_listening l"
    " JOIN music_audience a ON a.artist = l.artist"
)
_HIDDEN = (
    "EXISTS (SELECT 1 FROM music_members m WHERE m.listener = l.listener"
    " AND NOT EXISTS (SELECT 1 FROM music_sharing s WHERE s.user_id = m.user_id))"
)


def keep_listening(tx: Transaction, listener: int, plays: Mapping[int, int]) -> None:
    """Have a listener listen to these artists, each so many times, and to no others."""
    tx.execute("DELETE FROM music_listening WHERE listener = ?", (listener,))
    tx.executemany(
        "INSERT INTO music_listening (listener, artist, plays) VALUES (?, ?, ?)",
        [(listener, artist, many) for artist, many in sorted(plays.items())],
    )
    keep_norms(tx, listener, listener)


def keep_norms(tx: Transaction, first: int, last: int) -> None:
    """
    Measure listeners again, from one number to another: by that others are compared with them.

    A member who shares their taste in no server isn't measured, so that no pick for others says that somebody hears it.
    """
    tx.execute("DELETE FROM music_listeners WHERE listener BETWEEN ? AND ?", (first, last))
    tx.execute(f"{_NORMS} WHERE l.listener BETWEEN ? AND ? AND NOT {_HIDDEN} GROUP BY l.listener", (first, last))


def forget_listener(tx: Transaction, listener: int) -> int:
    """Drop all that is kept of what somebody listens to, and return how many rows that were."""
    tx.execute("DELETE FROM music_listeners WHERE listener = ?", (listener,))
    return tx.execute("DELETE FROM music_listening WHERE listener = ?", (listener,))


def profile_of(tx: Transaction, listener: int, most: int = MOST_IN_PROFILE) -> dict[int, float]:
    """Return the artists that somebody listens to most, each with a weight of 1."""
    sql = "SELECT artist FROM music_listening WHERE listener = ? ORDER BY plays DESC, artist LIMIT ?"
    return {artist: 1.0 for (artist,) in tx.all(sql, (listener, most))}


def heard_by(tx: Transaction, listener: int) -> set[int]:
    """Return all artists that somebody listens to."""
    return {artist for (artist,) in tx.all("SELECT artist FROM music_listening WHERE listener = ?", (listener,))}


def who_hears(tx: Transaction, listeners: Sequence[int], artists: Sequence[int]) -> dict[int, list[int]]:
    """Return who of some listeners listens to each of some artists."""
    found: dict[int, list[int]] = {}
    sql = f"SELECT artist, listener FROM music_listening WHERE listener IN ({marks(listeners)})"  # noqa: S608 - marks
    for artist, listener in rows_in(tx, sql + " AND artist IN ({})", artists, *listeners):
        found.setdefault(artist, []).append(listener)
    return found
