"""Artists that a member has named: enough to begin with, without any account."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.music.catalogue.artists import Artist, artists_of
from steward.bots.music.taste.listens import sum_up
from steward.store import Transaction

MOST = 25


def add_favourites(tx: Transaction, listener: int, artists: Sequence[int]) -> None:
    """Add artists that a listener names; beyond 25 the oldest go."""
    for artist in dict.fromkeys(artists):
        tx.upsert("music_favourites", key={"listener": listener, "artist": artist}, values={"at": tx.now_ms})
    for old in favourites_of(tx, listener)[MOST:]:
        tx.execute("DELETE FROM music_favourites WHERE listener = ? AND artist = ?", (listener, old.id))
    sum_up(tx, listener)


def favourites_of(tx: Transaction, listener: int) -> list[Artist]:
    """Return the artists that a listener has named, the latest first."""
    sql = "SELECT artist FROM music_favourites WHERE listener = ? ORDER BY at DESC, artist"
    named = [artist for (artist,) in tx.all(sql, (listener,))]
    known = artists_of(tx, named)
    return [known[artist] for artist in named if artist in known]
