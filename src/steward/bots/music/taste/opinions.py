"""What a member said to artists that were recommended, and which were shown to them lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import IntEnum

from steward.bots.music.catalogue.lookups import change_in
from steward.bots.music.recommend.feedback import Feedback
from steward.store import Transaction, to_millis

REMEMBERED = timedelta(days=60)
"""How long a dislike holds, and what was shown isn't shown again."""


class ArtistVerdict(IntEnum):
    """What is said to an artist; the last word counts."""

    LIKE = 1
    DISLIKE = 2
    """Not for some time, and less of what is near it."""
    NEVER = 3
    HEARD = 4


def keep_opinion(tx: Transaction, listener: int, artist: int, verdict: ArtistVerdict) -> None:
    """Remember what a listener says to an artist, in place of what they said before."""
    tx.upsert(
        "music_opinions", key={"listener": listener, "artist": artist}, values={"verdict": verdict, "at": tx.now_ms}
    )


def drop_opinion(tx: Transaction, listener: int, artist: int) -> bool:
    """Take back what a listener said to an artist; return whether they had said anything."""
    return tx.execute("DELETE FROM music_opinions WHERE listener = ? AND artist = ?", (listener, artist)) == 1


def note_shown(tx: Transaction, listener: int, artists: Iterable[int]) -> None:
    """Note that artists are shown to a listener now."""
    shown = sorted(set(artists))
    change_in(tx, "DELETE FROM music_shown WHERE listener = ? AND artist IN ({})", shown, listener)
    tx.executemany(
        "INSERT INTO music_shown (listener, artist, at) VALUES (?, ?, ?)",
        [(listener, artist, tx.now_ms) for artist in shown],
    )


def feedback_of(tx: Transaction, listener: int) -> Feedback:
    """Return what a listener has said to artists, and which were shown to them within `REMEMBERED`."""
    since = to_millis(tx.now - REMEMBERED)
    said: dict[ArtistVerdict, set[int]] = {verdict: set() for verdict in ArtistVerdict}
    for artist, verdict, at in tx.all("SELECT artist, verdict, at FROM music_opinions WHERE listener = ?", (listener,)):
        if verdict != ArtistVerdict.DISLIKE or at >= since:
            said[ArtistVerdict(verdict)].add(artist)
    shown = tx.all("SELECT artist FROM music_shown WHERE listener = ? AND at >= ?", (listener, since))
    return Feedback(
        never=frozenset(said[ArtistVerdict.NEVER]),
        disliked=frozenset(said[ArtistVerdict.DISLIKE]),
        liked=frozenset(said[ArtistVerdict.LIKE]),
        heard=frozenset(said[ArtistVerdict.HEARD]),
        shown=frozenset(artist for (artist,) in shown),
    )
